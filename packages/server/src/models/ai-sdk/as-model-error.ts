import { MODEL_MESSAGE_LENGTH_MAX, MODEL_RETRY_AFTER_MS_MAX } from '../../kernel/limits.ts'
import { StepError } from '../../kernel/step-error.ts'

/**
 * What the AI SDK throws or a provider reports, as a StepError that says whether another attempt may help. Its message names the
 * provider's own, never the key. The error itself is not kept as the cause: it holds the whole request and so the conversation.
 */
export const asModelError = (error: unknown, key: string | null): StepError => {
  const chain = causesOf(error)
  const own = chain.find((one) => one instanceof StepError)
  if (own !== undefined) return own
  const say = (text: string): string => shown(text, key)
  const networkCode = chain
    .flatMap((one) => (one instanceof Error && stringMember(one, 'code')) || [])
    .find(isNetworkCode)
  if (networkCode !== undefined) return networkError(networkCode)
  const status = statusOf(error)
  const message = messageOf(error)
  if (status === null) {
    return invalid(say(`the answer of the model cannot be read: ${message}`))
  }
  const code = codeOf(status)
  return new StepError(code, say(`the model provider answered ${status}: ${message}`), {
    retryable: code !== 'model_unauthorized' && code !== 'model_refused',
    retryAfterMs: Math.min(MODEL_RETRY_AFTER_MS_MAX, retryAfterMs(member(error, 'responseHeaders'))),
  })
}

const invalid = (message: string) => new StepError('model_answer_invalid', message, { retryable: true })

const codeOf = (status: number): string => {
  if (status === 401 || status === 403) return 'model_unauthorized'
  if (status === 408) return 'model_timeout'
  if (status === 429) return 'model_rate_limited'
  // 409 and 425 say that it is too early.
  return status >= 500 || status === 409 || status === 425 ? 'model_unavailable' : 'model_refused'
}

// Node's and undici's own codes: in capitals, unlike those of providers.
const isNetworkCode = (code: string): boolean => /^[A-Z][A-Z0-9_]+$/.test(code)

const networkError = (code: string): StepError => {
  const retryable = true
  if (code.startsWith('HPE_')) return invalid(`the model provider does not speak HTTP (${code})`)
  return /TIMEDOUT|TIMEOUT/.test(code)
    ? new StepError('model_timeout', `the model provider did not answer in time (${code})`, { retryable })
    : new StepError('model_unavailable', `the connection to the model provider failed (${code})`, {
        retryable,
      })
}

/** The status of an answer, or the one that an error reported in the midst of an answer stands for. */
const statusOf = (error: unknown): number | null => {
  const given = member(error, 'statusCode') ?? member(error, 'code')
  const status = Number(given)
  if (Number.isInteger(status) && status >= 400 && status < 600) return status
  if (error instanceof Error) return null
  const words = `${stringMember(error, 'type')} ${stringMember(error, 'code')}`
  if (/rate_limit|quota/.test(words)) return 429
  if (/invalid|context_length|not_found/.test(words)) return 400
  return typeof member(error, 'message') === 'string' ? 500 : null
}

/** The provider's sentence, or what it sent in its place. */
const messageOf = (error: unknown): string => {
  const isUnderstood = member(error, 'data') !== undefined
  const body = isUnderstood ? undefined : stringMember(error, 'responseBody')
  return body?.trim() || stringMember(error, 'message') || 'it says no more'
}

const shown = (text: string, key: string | null): string =>
  (key ? text.replaceAll(key, '…') : text)
    .replace(/\s+/g, ' ')
    .slice(0, MODEL_MESSAGE_LENGTH_MAX)
    .toWellFormed()
    .replaceAll('\0', '\uFFFD')

/**
 * Milliseconds until another try is welcome (RFC 9110 §10.2.3): a number of seconds, or a date, which is measured by the
 * provider's own clock; 0 for anything else. Some providers say milliseconds too, and mean the same.
 */
const retryAfterMs = (headers: unknown): number => {
  const milliseconds = Number(stringMember(headers, 'retry-after-ms') ?? Number.NaN)
  if (milliseconds >= 0) return Math.ceil(milliseconds)
  const header = stringMember(headers, 'retry-after')?.trim() ?? ''
  if (/^\d+(\.\d+)?$/.test(header)) return Math.ceil(Number(header) * 1_000)
  const waitMs = Date.parse(header) - Date.parse(stringMember(headers, 'date') ?? '')
  return waitMs > 0 ? waitMs : 0
}

const CAUSE_COUNT_MAX = 8

const causesOf = (error: unknown): readonly unknown[] => {
  const chain: unknown[] = []
  for (let one = error; one !== undefined && chain.length < CAUSE_COUNT_MAX; one = member(one, 'cause')) {
    chain.push(one)
  }
  return chain
}

const member = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined

const stringMember = (value: unknown, name: string): string | undefined => {
  const found = member(value, name)
  return typeof found === 'string' ? found : undefined
}
