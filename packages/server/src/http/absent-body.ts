import type { preValidationHookHandler } from 'fastify'

/** For routes whose body may as well be left away: absent counts as empty. */
export const bodyMayBeAbsent: preValidationHookHandler = (request, _reply, done) => {
  request.body ??= {}
  done()
}
