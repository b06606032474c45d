/**
 * Signatures of inbound webhooks, by the secret of their trigger. Either of two schemes does:
 *
 * - `X-Signature`: the HMAC-SHA256 of the body in hex. It holds no time, so it can be sent again by whoever has seen it.
 * - Standard Webhooks (https://www.standardwebhooks.com): `webhook-signature` is `v1,` and the base64 of the HMAC-SHA256 of
 *   `ID.TIMESTAMP.BODY`, not older nor newer than SIGNATURE_AGE_MS_MAX. Where it is sent, it alone counts.
 */
import { createHmac, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { SIGNATURE_AGE_MS_MAX } from '../kernel/limits.ts'

export type SignedRequest = {
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
  readonly now: number
}

/** Null when the signature is good, else what is wrong with it. */
export const signatureMistake = (secret: string, request: SignedRequest): string | null => {
  const { headers, body } = request
  if (headers['webhook-signature'] !== undefined) return standardMistake(secret, request)
  const given = textOf(headers['x-signature'])
  if (given === null) return 'The header X-Signature is missing.'
  const expected = createHmac('sha256', secret).update(body).digest('hex')
  return isEqual(given.trim().toLowerCase(), expected) ? null : 'The signature is not that of this body.'
}

const standardMistake = (secret: string, { headers, body, now }: SignedRequest): string | null => {
  const [id, timestamp, signatures] = [
    textOf(headers['webhook-id']),
    textOf(headers['webhook-timestamp']),
    textOf(headers['webhook-signature']),
  ]
  if (id === null || timestamp === null || signatures === null || !/^\d{1,12}$/.test(timestamp))
    return 'A signature by Standard Webhooks needs webhook-id, webhook-timestamp and webhook-signature.'
  if (Math.abs(now - Number(timestamp) * 1_000) > SIGNATURE_AGE_MS_MAX)
    return 'The signature is too old, or from a time that has not come.'
  const expected = createHmac('sha256', keyOf(secret))
    .update(`${id}.${timestamp}.`)
    .update(body)
    .digest('base64')
  const isGood = signatures.split(' ').some((signature) => isEqual(signature, `v1,${expected}`))
  return isGood ? null : 'The signature is not that of this body.'
}

/** A secret in the form of Standard Webhooks is bytes in base64, any other is its text. */
const keyOf = (secret: string): Buffer =>
  secret.startsWith('whsec_')
    ? Buffer.from(secret.slice('whsec_'.length), 'base64')
    : Buffer.from(secret, 'utf8')

const textOf = (value: string | string[] | undefined): string | null =>
  typeof value === 'string' ? value : null

const isEqual = (given: string, expected: string): boolean => {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)]
  return a.length === b.length && timingSafeEqual(a, b)
}
