/** The one renderer of errors on the native API: RFC 9457 problem documents with a stable `code`. */
import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import type { Log } from '../kernel/log.ts'
import { Problem, problem } from '../kernel/problem.ts'

export const renderProblem =
  (log: Log) =>
  (error: FastifyError | Problem, request: FastifyRequest, reply: FastifyReply): FastifyReply =>
    sendProblem(reply, toProblem(error, request, log))

/** What went wrong, for the caller; what nobody expected goes to the log. */
export const toProblem = (error: FastifyError | Problem, { url }: FastifyRequest, log: Log): Problem => {
  const known = asProblem(error)
  // A bound that was met is told to the caller, who can act on it.
  if (known.status >= 500 && known.code !== 'too_many_streams')
    log.error({ err: error, url }, 'a request failed unexpectedly')
  return known
}

const sendProblem = (reply: FastifyReply, known: Problem): FastifyReply => {
  const { retryAfterSeconds } = known.members
  if (retryAfterSeconds !== undefined) reply.header('retry-after', retryAfterSeconds)
  if (known.status === 401) reply.header('www-authenticate', 'Bearer')
  return reply
    .code(known.status)
    .type('application/problem+json')
    .serializer(JSON.stringify)
    .send(problemDocument(known))
}

const problemDocument = ({ code, status, title, message, members }: Problem) => ({
  type: 'about:blank',
  title,
  status,
  detail: message,
  code,
  ...(members.errors && { errors: members.errors }),
})

/** What is no HTTP, or not in time, has no request to answer: the problem goes straight to the socket, which then closes. */
export const refuseUnreadable = (error: Error & { code?: string }, socket: Socket): void => {
  if (error.code === 'ECONNRESET' || !socket.writable) return
  const refusal = unreadableProblem(error.code)
  const body = JSON.stringify(problemDocument(refusal))
  socket.end(
    `HTTP/1.1 ${refusal.status} ${STATUS_CODES[refusal.status]}\r\nConnection: close\r\nContent-Type: application/problem+json\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  )
}

const unreadableProblem = (code: string | undefined): Problem => {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return problem(
        'headers_too_large',
        'The path and the headers together are larger than this server reads.',
      )
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return problem('request_timeout', 'The request did not arrive in time.')
    default:
      return problem('invalid_request', 'This is not a request in HTTP/1.1.')
  }
}

/** A path nobody serves is answered as plain text, as clients of the wire expect. */
export const renderNotFound = (_request: FastifyRequest, reply: FastifyReply): FastifyReply =>
  reply.code(404).type('text/plain; charset=utf-8').send('404 page not found')

const asProblem = (error: FastifyError | Problem): Problem => {
  if (error instanceof Problem) return error
  switch (error.code) {
    case 'FST_ERR_BAD_URL':
      return problem('invalid_request', 'The path is not text in percent-encoded UTF-8.')
    case 'FST_ERR_MAX_PARAM_LENGTH':
      return problem('invalid_request', 'A part of the path is longer than any name or id.')
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
