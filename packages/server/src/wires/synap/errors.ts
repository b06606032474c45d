/**
 * What went wrong, as clients of Synap read it: `{"detail": TEXT}`, and for 409 `{"detail": {"code", "message"}}`, by whose code some
 * conflicts are told apart. `code` and `errors` beside it are ours.
 *
 * The status decides whether a client calls it worth another try. Its library knows 400, 401, 402, 404, 409, 422, 429 and 5xx; any other is
 * an error that may pass. So what never passes is told by one of these: what a key may not do, 403, is 401, and a body that is too large or
 * of another type, 413 and 415, is 400. `Retry-After` is a whole number of seconds.
 */
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Problem } from '../../kernel/problem.ts'

export const renderError = (known: Problem, _request: FastifyRequest, reply: FastifyReply): FastifyReply => {
  const { code, message, members } = known
  const status = statuses[known.status] ?? known.status
  if (members.retryAfterSeconds !== undefined) reply.header('retry-after', members.retryAfterSeconds)
  if (status === 401) reply.header('www-authenticate', 'Bearer')
  return reply
    .code(status)
    .type('application/json; charset=utf-8')
    .serializer(JSON.stringify)
    .send({
      detail: status === 409 ? { code, message } : message,
      code,
      ...(members.errors && { errors: members.errors }),
    })
}

/** The native statuses that are told by another one. */
const statuses: Readonly<Record<number, number>> = { 403: 401, 413: 400, 415: 400, 431: 400 }
