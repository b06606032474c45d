import { Type } from 'typebox'
import { listSecrets as list } from '../../agents/manage-triggers.ts'
import { problems } from '../representations/schema.ts'
import { SecretRepresentation, toSecretRepresentation } from '../representations/trigger.ts'
import type { Route } from '../route.ts'

export const listSecrets: Route = (app) => {
  app.route({
    method: 'GET',
    url: '/v1/secrets',
    config: { scope: 'admin' },
    schema: {
      tags: ['agents'],
      summary: 'List the names of secrets',
      security: [{ key: [] }],
      response: {
        200: Type.Object({ secrets: Type.Array(SecretRepresentation) }),
        ...problems(401, 403),
      },
    },
    handler: async ({ access }) => ({ secrets: (await list(access)).map(toSecretRepresentation) }),
  })
}
