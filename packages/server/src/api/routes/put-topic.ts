import { Type } from 'typebox'
import { putTopic as put } from '../../projects/change-group.ts'
import {
  fromTopicRepresentation,
  GroupRepresentation,
  toGroupRepresentation,
  topicMembers,
} from '../representations/group.ts'
import { Name, problems, RequestBody } from '../representations/schema.ts'
import type { Route } from '../route.ts'

export const putTopic: Route = (app) => {
  app.route({
    method: 'PUT',
    url: '/v1/groups/:name/topics/:topic',
    config: { scope: 'admin' },
    schema: {
      tags: ['groups'],
      summary: 'Add a topic to a group, or replace it',
      security: [{ key: [] }],
      params: Type.Object({ name: Name('The name of the group.'), topic: Name('The name of the topic.') }),
      body: RequestBody(topicMembers),
      response: { 200: GroupRepresentation, ...problems(400, 401, 403, 404, 409, 422) },
    },
    handler: async ({ access, params, body }) => {
      const topic = fromTopicRepresentation({ topic_name: params.topic, ...body })
      return toGroupRepresentation(await put(access, params.name, topic))
    },
  })
}
