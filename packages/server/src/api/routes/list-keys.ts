import { Type } from 'typebox'
import { listKeys as list } from '../../projects/keys.ts'
import { keyMembers, toKeyRepresentation } from '../representations/key.ts'
import { problems } from '../representations/schema.ts'
import type { Route } from '../route.ts'

export const listKeys: Route = (app, { clock }) => {
  app.route({
    method: 'GET',
    url: '/v1/keys',
    config: { scope: 'admin' },
    schema: {
      tags: ['keys'],
      summary: 'List the keys of the project',
      security: [{ key: [] }],
      response: { 200: Type.Object({ keys: Type.Array(Type.Object(keyMembers)) }), ...problems(401, 403) },
    },
    handler: async ({ access }) => {
      const now = clock.now()
      return { keys: (await list(access)).map((key) => toKeyRepresentation(key, now)) }
    },
  })
}
