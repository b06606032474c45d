import { Type } from 'typebox'
import { listGroups as list } from '../../projects/find-group.ts'
import { GroupRepresentation, toGroupRepresentation } from '../representations/group.ts'
import { problems } from '../representations/schema.ts'
import type { Route } from '../route.ts'

export const listGroups: Route = (app) => {
  app.route({
    method: 'GET',
    url: '/v1/groups',
    config: { scope: 'read' },
    schema: {
      tags: ['groups'],
      summary: 'List groups with their topics',
      security: [{ key: [] }],
      response: { 200: Type.Object({ groups: Type.Array(GroupRepresentation) }), ...problems(401, 403) },
    },
    handler: async ({ access }) => ({ groups: (await list(access)).map(toGroupRepresentation) }),
  })
}
