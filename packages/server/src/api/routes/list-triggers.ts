import { Type } from 'typebox'
import { listTriggers as list } from '../../agents/manage-triggers.ts'
import { problems } from '../representations/schema.ts'
import { TriggerRepresentation, toTriggerRepresentation } from '../representations/trigger.ts'
import type { Route } from '../route.ts'

export const listTriggers: Route = (app) => {
  app.route({
    method: 'GET',
    url: '/v1/triggers',
    config: { scope: 'admin' },
    schema: {
      tags: ['agents'],
      summary: 'List triggers',
      security: [{ key: [] }],
      response: {
        200: Type.Object({ triggers: Type.Array(TriggerRepresentation) }),
        ...problems(401, 403),
      },
    },
    handler: async ({ access }) => ({ triggers: (await list(access)).map(toTriggerRepresentation) }),
  })
}
