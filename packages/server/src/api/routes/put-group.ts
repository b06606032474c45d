import { type Static, Type } from 'typebox'
import { TOPIC_COUNT_MAX } from '../../kernel/limits.ts'
import { problem } from '../../kernel/problem.ts'
import type { Access } from '../../projects/access.ts'
import type { Group } from '../../projects/group.ts'
import { putGroup as put, putTemplate } from '../../projects/put-group.ts'
import { type TemplateName, templateNames } from '../../projects/templates.ts'
import {
  fromTopicRepresentation,
  GroupRepresentation,
  TopicRepresentation,
  toGroupRepresentation,
} from '../representations/group.ts'
import { fromPipelineRepresentation, PipelineRepresentation } from '../representations/pipeline.ts'
import { Name, problems, RequestBody } from '../representations/schema.ts'
import type { Route } from '../route.ts'

const Body = RequestBody({
  topics: Type.Optional(Type.Array(TopicRepresentation, { minItems: 1, maxItems: TOPIC_COUNT_MAX })),
  pipeline: Type.Optional(PipelineRepresentation),
  template: Type.Optional(
    Type.Unsafe<TemplateName>({
      type: 'string',
      enum: templateNames,
      description: 'A ready-made group, instead of `topics` and `pipeline`.',
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
      summary: 'Create a group, or replace its topics and its pipeline',
      description:
        'Without a pipeline the group has the default one: extract, transform, commit. Runs that were accepted before go on by the topics and the pipeline of their time.',
      security: [{ key: [] }],
      params: Type.Object({ name: Name('The name of the group.') }),
      body: Body,
      response: { 200: GroupRepresentation, ...problems(400, 401, 403, 409, 422) },
    },
    handler: async ({ access, params, body }) =>
      toGroupRepresentation(await putAsGiven(access, params.name, body)),
  })
}

const putAsGiven = (access: Access, name: string, body: Static<typeof Body>): Promise<Group> => {
  const { topics, pipeline, template } = body
  if (template !== undefined && topics === undefined && pipeline === undefined)
    return putTemplate(access, name, template)
  if (topics === undefined || template !== undefined)
    throw problem('invalid_request', 'Give either topics, and a pipeline if you like, or a template.')
  const steps = pipeline === undefined ? null : fromPipelineRepresentation(pipeline)
  return put(access, { name, topics: topics.map(fromTopicRepresentation), steps })
}
