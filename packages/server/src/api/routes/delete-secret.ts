import { Type } from 'typebox'
import { removeSecret } from '../../agents/manage-triggers.ts'
import { problems } from '../representations/schema.ts'
import { SecretPath } from '../representations/trigger.ts'
import type { Route } from '../route.ts'

export const deleteSecret: Route = (app) => {
  app.route({
    method: 'DELETE',
    url: '/v1/secrets/:secret_name',
    config: { scope: 'admin' },
    schema: {
      tags: ['agents'],
      summary: 'Delete a secret',
      security: [{ key: [] }],
      params: SecretPath,
      response: { 204: Type.Null(), ...problems(401, 403, 404, 422) },
    },
    handler: async ({ access, params }, reply) => {
      await removeSecret(access, params.secret_name)
      return reply.code(204).send(null)
    },
  })
}
