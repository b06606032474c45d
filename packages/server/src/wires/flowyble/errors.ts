import type { Wire } from '../../api/route.ts'
import type { Problem, ProblemCode } from '../../kernel/problem.ts'

/**
 * Errors as `{success: false, message}`, with a stable `code` for programs and `details` of what was wrong where. The wire has no 402
 * and no 422: what cannot be paid for, what does not run and what makes no sense are 400.
 */
export const renderError: Wire['renderError'] = (known, _request, reply) => {
  const { retryAfterSeconds, errors } = known.members
  if (retryAfterSeconds !== undefined) reply.header('retry-after', retryAfterSeconds)
  return reply
    .code(statusOf(known))
    .type('application/json; charset=utf-8')
    .serializer(JSON.stringify)
    .send({ success: false, message: known.message, code: known.code, ...(errors && { details: errors }) })
}

const conflicts: ReadonlySet<ProblemCode> = new Set(['idempotency_key_reused'])
const senseless: ReadonlySet<ProblemCode> = new Set(['insufficient_credits', 'inactive'])

const statusOf = ({ code, status }: Problem): number => {
  if (conflicts.has(code)) return 409
  return status === 422 || senseless.has(code) ? 400 : status
}
