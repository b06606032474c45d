import { Type } from 'typebox'
import { getGroup as get } from '../../projects/change-group.ts'
import { GroupRepresentation, toGroupRepresentation } from '../representations/group.ts'
import { Name, problems } from '../representations/schema.ts'
import type { Route } from '../route.ts'

export const getGroup: Route = (app) => {
  app.route({
    method: 'GET',
    url: '/v1/groups/:name',
    config: { scope: 'read' },
    schema: {
      tags: ['groups'],
      summary: 'Read a group',
      security: [{ key: [] }],
      params: Type.Object({ name: Name('The name of the group.') }),
      response: { 200: GroupRepresentation, ...problems(401, 403, 404, 422) },
    },
    handler: async ({ access, params }) => toGroupRepresentation(await get(access, params.name)),
  })
}
