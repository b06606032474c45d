import { Type } from 'typebox'
import { problems } from '../representations/schema.ts'
import type { Route } from '../route.ts'

export const verifyKey: Route = (app) => {
  app.route({
    method: 'GET',
    url: '/v1/auth/verify',
    config: { scope: null },
    schema: {
      tags: ['keys'],
      summary: 'Test a key, whatever its scopes',
      security: [{ key: [] }],
      response: { 204: Type.Null(), ...problems(401) },
    },
    handler: async (_request, reply) => reply.code(204).send(null),
  })
}
