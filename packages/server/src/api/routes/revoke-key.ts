import { Type } from 'typebox'
import { revokeKey as revoke } from '../../projects/keys.ts'
import { problems, Uuid } from '../representations/schema.ts'
import type { Route } from '../route.ts'

export const revokeKey: Route = (app, { keys }) => {
  app.route({
    method: 'DELETE',
    url: '/v1/keys/:key_id',
    config: { scope: 'admin' },
    schema: {
      tags: ['keys'],
      summary: 'Revoke a key, at once',
      security: [{ key: [] }],
      params: Type.Object({ key_id: Uuid }),
      response: { 204: Type.Null(), ...problems(401, 403, 404, 409, 422) },
    },
    handler: async ({ access, params }, reply) => {
      await revoke(access, params.key_id.toLowerCase())
      keys.forget()
      return reply.code(204).send(null)
    },
  })
}
