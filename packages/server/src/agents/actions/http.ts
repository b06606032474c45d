/**
 * A request to a server that the project chose. A 4xx is an answer; what may pass by itself is a retryable failure. What the server
 * says is told without the values of the secrets that were sent to it.
 */
import type { Clock } from '../../kernel/clock.ts'
import { ACTION_REDIRECT_COUNT_MAX, ACTION_RESPONSE_BYTES_MAX } from '../../kernel/limits.ts'
import { StepError } from '../../kernel/step-error.ts'
import { type GuardedAnswer, TargetError } from '../../outbound/guarded-client.ts'
import { retryAfterMs } from '../../outbound/retry-after.ts'
import type { Attempt } from '../../pipeline/step.ts'
import type { ActionSpec, JsonSchema } from '../action-spec.ts'
import type { SecretMask } from '../secret-mask.ts'
import { TemplateError } from '../template.ts'
import type { ActionAnswer, ActionCall } from './action.ts'
import type { ActionDependencies, MadeActions } from './dependencies.ts'
import { type FilledRequest, fillRequest } from './fill-request.ts'
import { readUsedSecrets, type UsedSecrets } from './secrets.ts'

type Spec = Extract<ActionSpec, { type: 'http' }>

export const httpAction = (dependencies: ActionDependencies, _attempt: Attempt, spec: Spec): MadeActions => ({
  actions: [
    {
      name: spec.name,
      description: spec.description,
      parameters: spec.parameters,
      perform: (call) => perform(dependencies, spec, call),
    },
  ],
})

const perform = async (
  dependencies: ActionDependencies,
  spec: Spec,
  call: ActionCall,
): Promise<ActionAnswer> => {
  try {
    const secrets = await readUsedSecrets(call.attempt, spec.request)
    const args = { ...optionalArguments(spec.parameters), ...call.arguments }
    const request = fillRequest(spec.request, { args, secrets: secrets.values })
    return await send(dependencies, { spec, call, request, secrets })
  } catch (error) {
    if (error instanceof TemplateError) return { output: { error: error.message }, isError: true }
    throw error
  }
}

/** Arguments that may be given, none of them given. */
export const optionalArguments = ({ properties }: JsonSchema): Readonly<Record<string, undefined>> =>
  Object.fromEntries(Object.keys(Object(properties)).map((name) => [name, undefined]))

type Sending = {
  readonly spec: Spec
  readonly call: ActionCall
  readonly request: FilledRequest
  readonly secrets: UsedSecrets
}

const send = async (
  { client, clock, limits }: ActionDependencies,
  { spec, call, request, secrets: { values, mask } }: Sending,
): Promise<ActionAnswer> => {
  const { method, url, body } = request
  // The same in every attempt: a server that knows the header does it once.
  const key = method === 'GET' ? {} : { 'idempotency-key': `${call.attempt.run.runId}/${call.stepName}` }
  try {
    const answer = await client.fetch({
      ...{ method, url, body: body ?? '' },
      headers: { ...key, ...request.headers },
      timeoutMs: Math.min(spec.timeoutMs, limits.stepTimeoutMs),
      redirectCountMax: ACTION_REDIRECT_COUNT_MAX,
      responseBytesMax: ACTION_RESPONSE_BYTES_MAX,
      isForOriginOnly: Object.keys(values).length > 0,
      signal: call.signal,
    })
    refusePassing(answer, clock)
    return read(answer, mask)
  } catch (error) {
    if (!(error instanceof TargetError)) throw error
    const message = mask.text(error.message)
    if (error.reason === 'refused') return { output: { error: message }, isError: true }
    const code = error.reason === 'timeout' ? 'timeout' : 'unreachable'
    throw new StepError(code, message, { retryable: true })
  }
}

/** Throws a retryable StepError for an answer that another try may not get. */
export const refusePassing = (
  { status, headers }: Pick<GuardedAnswer, 'status' | 'headers'>,
  clock: Clock,
): void => {
  if (status !== 429 && status < 500) return
  const code = status === 429 ? 'rate_limited' : 'unreachable'
  const askedMs = retryAfterMs(headers['retry-after'], clock.now())
  throw new StepError(code, `the server answered ${status}`, { retryable: true, retryAfterMs: askedMs })
}

const read = ({ status, body, isCut }: GuardedAnswer, mask: SecretMask): ActionAnswer => {
  const isError = status < 200 || status >= 300
  if (isCut) return { output: { status, body: mask.cutText(body), is_cut: true }, isError }
  return { output: { status, body: mask.value(parse(body)) }, isError }
}

/** JSON as what it is, whatever the server says it is; else the text, and null for none. */
const parse = (body: string): unknown => {
  if (body === '') return null
  try {
    return JSON.parse(body)
  } catch {
    return body
  }
}
