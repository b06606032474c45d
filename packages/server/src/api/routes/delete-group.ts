import { Type } from 'typebox'
import { deleteGroup as remove } from '../../projects/change-group.ts'
import { Name, problems } from '../representations/schema.ts'
import type { Route } from '../route.ts'

export const deleteGroup: Route = (app) => {
  app.route({
    method: 'DELETE',
    url: '/v1/groups/:name',
    config: { scope: 'admin' },
    schema: {
      tags: ['groups'],
      summary: 'Delete a group that holds neither memories nor open runs',
      security: [{ key: [] }],
      params: Type.Object({ name: Name('The name of the group.') }),
      response: { 204: Type.Null(), ...problems(401, 403, 404, 409, 422) },
    },
    handler: async ({ access, params }, reply) => {
      await remove(access, params.name)
      return reply.code(204).send(null)
    },
  })
}
