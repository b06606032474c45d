import type { Wire } from '../../api/route.ts'
import type { Problem, ProblemCode } from '../../kernel/problem.ts'

/**
 * Errors as `{success: false, message}`, with a stable `code` for programs and `details` of what was wrong where. The one message that is
 * published is said word for word, and what it is about is in the details. The wire has no 402 and no 422: what cannot be paid for, what
 * does not run and what makes no sense are 400.
 */
export const renderError: Wire['renderError'] = (known, _request, reply) => {
  const { retryAfterSeconds } = known.members
  const { message, details } = said(known)
  if (retryAfterSeconds !== undefined) reply.header('retry-after', retryAfterSeconds)
  return reply
    .code(statusOf(known))
    .type('application/json; charset=utf-8')
    .serializer(JSON.stringify)
    .send({ success: false, message, code: known.code, ...(details && { details }) })
}

const said = ({ code, message, members }: Problem) =>
  code === 'insufficient_credits'
    ? { message: 'Insufficient credits', details: [{ message }] }
    : { message, details: members.errors }

const conflicts: ReadonlySet<ProblemCode> = new Set(['idempotency_key_reused'])
const senseless: ReadonlySet<ProblemCode> = new Set(['insufficient_credits', 'inactive'])

const statusOf = ({ code, status }: Problem): number => {
  if (conflicts.has(code)) return 409
  return status === 422 || senseless.has(code) ? 400 : status
}
