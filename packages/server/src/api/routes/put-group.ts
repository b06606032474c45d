import { type Static, Type } from 'typebox'
import { TOPIC_COUNT_MAX } from '../../kernel/limits.ts'
import { problem } from '../../kernel/problem.ts'
import type { Topic } from '../../projects/group.ts'
import { putGroup as put } from '../../projects/put-group.ts'
import { type TemplateName, templateNames, templates } from '../../projects/templates.ts'
import {
  fromTopicRepresentation,
  GroupRepresentation,
  TopicRepresentation,
  toGroupRepresentation,
} from '../representations/group.ts'
import { Name, problems, RequestBody } from '../representations/schema.ts'
import type { Route } from '../route.ts'

const Body = RequestBody({
  topics: Type.Optional(Type.Array(TopicRepresentation, { minItems: 1, maxItems: TOPIC_COUNT_MAX })),
  template: Type.Optional(
    Type.Unsafe<TemplateName>({
      type: 'string',
      enum: templateNames,
      description: 'A ready-made set of topics, instead of `topics`.',
    }),
  ),
})

export const putGroup: Route = (app) => {
  app.route({
    method: 'PUT',
    url: '/v1/groups/:name',
    config: { scope: 'admin' },
    schema: {
      tags: ['groups'],
      summary: 'Create a group, or replace its topics',
      security: [{ key: [] }],
      params: Type.Object({ name: Name('The name of the group.') }),
      body: Body,
      response: { 200: GroupRepresentation, ...problems(400, 401, 403, 409, 422) },
    },
    handler: async ({ access, params, body }) =>
      toGroupRepresentation(await put(access, { name: params.name, topics: readTopics(body) })),
  })
}

const readTopics = ({ topics, template }: Static<typeof Body>): readonly Topic[] => {
  if (topics !== undefined && template === undefined) return topics.map(fromTopicRepresentation)
  if (template !== undefined && topics === undefined) return templates[template]
  throw problem('invalid_request', 'Give either topics or a template.')
}
