/**
 * The key of a request, in one of three headers: `Authorization: Bearer KEY`, which goes before all others, `Authorization: Basic …`
 * with the key as password, or as user name without one (so an address may hold it: `http://key:rem_…@host`), and `X-API-Key: KEY`.
 * Each way of getting it wrong has its own sentence.
 */
import type { IncomingHttpHeaders } from 'node:http'
import { problem } from '../kernel/problem.ts'

/** Throws Problem `unauthorized`. */
export const secretOf = ({
  authorization,
  'x-api-key': apiKey,
}: Pick<IncomingHttpHeaders, 'authorization'> & {
  readonly 'x-api-key'?: string | string[] | undefined
}): string => {
  if (authorization === undefined) {
    if (typeof apiKey === 'string') return apiKey.trim()
    throw problem('unauthorized', 'The Authorization header is missing: send "Authorization: Bearer KEY".')
  }
  if (authorization.startsWith('Bearer ')) return authorization.slice('Bearer '.length).trim()
  if (/^basic /i.test(authorization)) return basicSecret(authorization.slice('Basic '.length).trim())
  throw problem(
    'unauthorized',
    /^bearer /i.test(authorization)
      ? 'The scheme must be written "Bearer", with a capital B.'
      : 'The Authorization header has no Bearer scheme: send "Authorization: Bearer KEY".',
  )
}

const basicSecret = (encoded: string): string => {
  const pair = Buffer.from(encoded, 'base64').toString('utf8')
  const end = pair.indexOf(':')
  if (end === -1)
    throw problem('unauthorized', 'Basic credentials are user:password in base64, with the key as password.')
  return pair.slice(end + 1) || pair.slice(0, end)
}
