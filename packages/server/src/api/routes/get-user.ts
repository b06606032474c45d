import { Type } from 'typebox'
import { getUser as get } from '../../projects/users.ts'
import { problems, UserId } from '../representations/schema.ts'
import { toUserRepresentation, UserRepresentation } from '../representations/user.ts'
import type { Route } from '../route.ts'

export const getUser: Route = (app) => {
  app.route({
    method: 'GET',
    url: '/v1/users/:user_id',
    config: { scope: 'read' },
    schema: {
      tags: ['users'],
      summary: 'Read a user',
      security: [{ key: [] }],
      params: Type.Object({ user_id: UserId }),
      response: { 200: UserRepresentation, ...problems(401, 403, 404, 422) },
    },
    handler: async ({ access, params }) => toUserRepresentation(await get(access, params.user_id)),
  })
}
