/** The one renderer of errors on the native API: RFC 9457 problem documents with a stable `code`. */
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import type { Log } from '../kernel/log.ts'
import { Problem, problem } from '../kernel/problem.ts'

export const renderProblem =
  (log: Log) =>
  (error: FastifyError | Problem, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const known = asProblem(error)
    if (known.code === 'internal_error')
      log.error({ err: error, url: request.url }, 'a request failed unexpectedly')
    return sendProblem(reply, known)
  }

const sendProblem = (
  reply: FastifyReply,
  { code, status, title, message, members }: Problem,
): FastifyReply => {
  if (members.retryAfterSeconds !== undefined) reply.header('retry-after', members.retryAfterSeconds)
  if (status === 401) reply.header('www-authenticate', 'Bearer')
  return reply
    .code(status)
    .type('application/problem+json')
    .serializer(JSON.stringify)
    .send({
      type: 'about:blank',
      title,
      status,
      detail: message,
      code,
      ...(members.errors && { errors: members.errors }),
    })
}

/** A path nobody serves is answered as plain text, as clients of the wire expect. */
export const renderNotFound = (_request: FastifyRequest, reply: FastifyReply): FastifyReply =>
  reply.code(404).type('text/plain; charset=utf-8').send('404 page not found')

const asProblem = (error: FastifyError | Problem): Problem => {
  if (error instanceof Problem) return error
  switch (error.code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return problem('body_too_large', 'The body is larger than this server accepts.')
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return problem(
        'unsupported_media_type',
        'Send the body as JSON, with "Content-Type: application/json".',
      )
  }
  return (error.statusCode ?? 500) < 500
    ? problem('invalid_request', error.message)
    : problem('internal_error', 'The server failed; its log says why.')
}
