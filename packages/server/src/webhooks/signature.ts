/**
 * Signatures by Standard Webhooks (https://www.standardwebhooks.com): `v1,` and the base64 of the HMAC-SHA256 of
 * `ID.TIMESTAMP.BODY`. A secret is `whsec_` and the base64 of its bytes. While a secret is rotated there is a signature by each,
 * separated by blanks, so the receiver may know either.
 */
import { createHmac, randomBytes } from 'node:crypto'

const PREFIX = 'whsec_'
const SECRET_BYTE_COUNT = 32

/** The bounds of the specification, in bytes. */
const SECRET_BYTES_MIN = 24
const SECRET_BYTES_MAX = 64

export const newWebhookSecret = (): string => `${PREFIX}${randomBytes(SECRET_BYTE_COUNT).toString('base64')}`

/** Whether the text is a secret somebody may bring along: `whsec_` and the base64 of 24 to 64 bytes. */
export const isWebhookSecret = (text: string): boolean => {
  const key = keyOf(text)
  return (
    key.length >= SECRET_BYTES_MIN &&
    key.length <= SECRET_BYTES_MAX &&
    `${PREFIX}${key.toString('base64')}` === text
  )
}

/** The three headers of one attempt. `at` is when it is made, in milliseconds. */
export const signatureHeaders = (
  message: { readonly id: string; readonly at: number; readonly body: string },
  secrets: readonly string[],
): Readonly<Record<string, string>> => {
  const timestamp = String(Math.floor(message.at / 1_000))
  const signed = `${message.id}.${timestamp}.${message.body}`
  return {
    'webhook-id': message.id,
    'webhook-timestamp': timestamp,
    'webhook-signature': secrets.map((secret) => `v1,${sign(secret, signed)}`).join(' '),
  }
}

const sign = (secret: string, signed: string): string =>
  createHmac('sha256', keyOf(secret)).update(signed).digest('base64')

const keyOf = (secret: string): Buffer => Buffer.from(secret.slice(PREFIX.length), 'base64')
