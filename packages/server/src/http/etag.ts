/** Conditional reads (RFC 9110, 13.1.2): the tag is of the very bytes of the answer, so it changes whenever they do. */
import { hash } from 'node:crypto'
import type { onSendHookHandler } from 'fastify'

export const etagOf = (text: string): string => `"${hash('sha1', text, 'base64url')}"`

/** Whether the header names the tag. Weak ones are compared alike, as the RFC asks. */
export const namesTag = (ifNoneMatch: string | undefined, etag: string): boolean =>
  ifNoneMatch !== undefined &&
  (ifNoneMatch.trim() === '*' ||
    ifNoneMatch.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag))

/** For a route whose answer is JSON: adds the tag, and answers 304 when the caller has it. */
export const tagAnswer: onSendHookHandler = (request, reply, payload, done) => {
  if (reply.statusCode !== 200 || typeof payload !== 'string') return done(null, payload)
  const etag = etagOf(payload)
  reply.header('etag', etag)
  if (!namesTag(request.headers['if-none-match'], etag)) return done(null, payload)
  reply.code(304).removeHeader('content-type')
  done(null, null)
}
