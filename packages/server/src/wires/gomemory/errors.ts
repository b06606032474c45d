/**
 * What went wrong, as clients of the wire read it: `{"Error": TEXT}`. Its routes know the statuses 400 and 500, each with a text of their
 * own. What has no word there keeps the status and the sentence of the native API: a key that is missing or may not do it, a body that is
 * too large, a server that cannot serve.
 */
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Problem, ProblemCode } from '../../kernel/problem.ts'
import { sendJson } from './send-json.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Of routes of this wire: what they say to a body that cannot be read, and when they fail. */
    gomemory?: { readonly malformed?: string; readonly failed: string }
  }
}

const failures: ReadonlySet<ProblemCode> = new Set([
  'unknown_user',
  'internal_error',
  'queue_full',
  'draining',
])

export const renderError = (known: Problem, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
  const { code, message, status, members } = known
  const texts = request.routeOptions.config.gomemory
  if (members.retryAfterSeconds !== undefined) reply.header('retry-after', members.retryAfterSeconds)
  if (status === 401) reply.header('www-authenticate', 'Bearer')
  if (failures.has(code)) return sendJson(reply, { Error: texts?.failed ?? message }, 500)
  if (code === 'malformed_json') return sendJson(reply, { Error: texts?.malformed ?? message }, 400)
  return sendJson(reply, { Error: message }, status === 422 ? 400 : status)
}
