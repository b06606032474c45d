/**
 * Verification of deliveries by Standard Webhooks (https://www.standardwebhooks.com): the header `webhook-signature` holds
 * `v1,BASE64` entries, separated by blanks; one of them must be the HMAC-SHA256 of `ID.TIMESTAMP.BODY` by a secret that is known.
 */
import { RemanenceError } from './errors.ts'
import type { WebhookEvent } from './webhook-types.ts'
import { fromWire } from './wire-case.ts'

/** What came is not what the server sent, or not now. It must not be acted on; answer with 400. */
export class WebhookVerificationError extends RemanenceError {
  override name = 'WebhookVerificationError'
}

export type VerifyWebhookOptions = {
  /** `whsec_…`; several while secrets are rotated: one must fit. */
  readonly secret: string | readonly string[]
  /** As they came: those of a Fetch `Request`, or of Node, or any object with the names in lower case. */
  readonly headers: Headers | Readonly<Record<string, string | readonly string[] | undefined>>
  /** As it came: parsed and written again it is another text. */
  readonly body: string | Uint8Array
  /** How far the time of the message may be from now. Default: 300. */
  readonly toleranceSeconds?: number | undefined
  /** Milliseconds since the epoch. Default: now. */
  readonly now?: number | undefined
}

const toleranceSecondsDefault = 300
const signatureCountMax = 32

/**
 * The event that was told, if it was told by who knows the secret, and lately. Rejects with `WebhookVerificationError`.
 * The same event may be told more than once: its `id` says so.
 *
 * @example
 * const event = await verifyWebhook({ secret, headers: request.headers, body: await request.text() })
 * if (event.type === 'run.failed') console.error(event.data.error)
 */
export const verifyWebhook = async (options: VerifyWebhookOptions): Promise<WebhookEvent> => {
  const { secret, headers, toleranceSeconds = toleranceSecondsDefault, now = Date.now() } = options
  const id = headerOf(headers, 'webhook-id')
  const timestamp = headerOf(headers, 'webhook-timestamp')
  const signatures = headerOf(headers, 'webhook-signature')
  if (!/^\d{1,12}$/.test(timestamp)) throw new WebhookVerificationError('webhook-timestamp is no number')
  const ageSeconds = now / 1_000 - Number(timestamp)
  if (Math.abs(ageSeconds) > toleranceSeconds)
    throw new WebhookVerificationError(
      `the message is ${Math.round(Math.abs(ageSeconds))} seconds ${ageSeconds > 0 ? 'old' : 'ahead'}`,
    )
  const encoder = new TextEncoder()
  const body = typeof options.body === 'string' ? encoder.encode(options.body) : options.body
  const signed = concatenate(encoder.encode(`${id}.${timestamp}.`), body)
  const secrets = typeof secret === 'string' ? [secret] : secret
  if (!(await isSigned(signed, signatures, secrets)))
    throw new WebhookVerificationError('no signature fits: the body was changed, or the secret is another')
  return readEvent(id, new TextDecoder().decode(body))
}

const headerOf = (headers: VerifyWebhookOptions['headers'], name: string): string => {
  const value = headers instanceof Headers ? headers.get(name) : headers[name]
  if (typeof value !== 'string' || value === '') throw new WebhookVerificationError(`there is no ${name}`)
  return value
}

const concatenate = (head: Uint8Array, tail: Uint8Array): Uint8Array<ArrayBuffer> => {
  const all = new Uint8Array(head.length + tail.length)
  all.set(head)
  all.set(tail, head.length)
  return all
}

const isSigned = async (
  signed: Uint8Array<ArrayBuffer>,
  signatures: string,
  secrets: readonly string[],
): Promise<boolean> => {
  const given = signatures
    .split(' ')
    .filter((signature) => signature.startsWith('v1,'))
    .slice(0, signatureCountMax)
    .map((signature) => bytesOf(signature.slice('v1,'.length)))
  for (const secret of secrets) {
    const key = await keyOf(secret)
    for (const signature of given) {
      // `verify` takes the same time for every signature that is wrong.
      if (signature !== null && (await crypto.subtle.verify('HMAC', key, signature, signed))) return true
    }
  }
  return false
}

const keyOf = (secret: string) => {
  const bytes = secret.startsWith('whsec_') ? bytesOf(secret.slice('whsec_'.length)) : null
  if (bytes === null || bytes.length === 0)
    throw new WebhookVerificationError('a secret is "whsec_" and base64: take it from where it was shown')
  return crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['verify'])
}

const bytesOf = (base64: string): Uint8Array<ArrayBuffer> | null => {
  try {
    return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
  } catch {
    return null // no base64
  }
}

const readEvent = (id: string, text: string): WebhookEvent => {
  const message: unknown = JSON.parse(text)
  // safety: the shape is the server's contract, and the signature says that the server wrote it
  return { id, ...(fromWire(message) as Omit<WebhookEvent, 'id'>) } as WebhookEvent
}
