import { Type } from 'typebox'
import { findGroup } from '../../projects/find-group.ts'
import { GroupRepresentation, toGroupRepresentation } from '../representations/group.ts'
import { GroupName, problems } from '../representations/schema.ts'
import type { Route } from '../route.ts'

export const getGroupByName: Route = (app) => {
  app.route({
    method: 'GET',
    url: '/v1/groups/by-name',
    config: { scope: 'read' },
    schema: {
      tags: ['groups'],
      summary: 'Read a group by its name',
      security: [{ key: [] }],
      querystring: Type.Object({ name: Type.Optional(GroupName) }, { additionalProperties: false }),
      response: { 200: GroupRepresentation, ...problems(401, 403, 422) },
    },
    handler: async ({ access, query }) => toGroupRepresentation(await findGroup(access.storage, query.name)),
  })
}
