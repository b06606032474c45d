import { Type } from 'typebox'
import { removeTopic } from '../../projects/change-group.ts'
import { Name, problems } from '../representations/schema.ts'
import type { Route } from '../route.ts'

export const deleteTopic: Route = (app) => {
  app.route({
    method: 'DELETE',
    url: '/v1/groups/:name/topics/:topic',
    config: { scope: 'admin' },
    schema: {
      tags: ['groups'],
      summary: 'Remove a topic that holds no memories from a group',
      security: [{ key: [] }],
      params: Type.Object({ name: Name('The name of the group.'), topic: Name('The name of the topic.') }),
      response: { 204: Type.Null(), ...problems(401, 403, 404, 409, 422) },
    },
    handler: async ({ access, params }, reply) => {
      await removeTopic(access, params.name, params.topic)
      return reply.code(204).send(null)
    },
  })
}
