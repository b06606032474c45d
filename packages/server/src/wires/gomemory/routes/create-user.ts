import { randomUUID } from 'node:crypto'
import type { Route } from '../../../api/route.ts'
import { registerUser } from '../../../projects/users.ts'
import { sendJson } from '../send-json.ts'

/** Mints a user, who is known from then on and has no memories. The body is not looked at. */
export const createUser: Route = (app) => {
  app.route({
    method: 'POST',
    url: '/create/user',
    config: {
      scope: 'write',
      isKeyless: true,
      gomemory: {
        failed: 'We are experiencing some troubles at the moment .. please try again after some time',
      },
    },
    handler: async ({ access }, reply) => {
      const userId = randomUUID()
      await registerUser(access, userId)
      return sendJson(reply, { userId })
    },
  })
}
