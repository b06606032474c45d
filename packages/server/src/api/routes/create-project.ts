import { Type } from 'typebox'
import { createProject as create } from '../../projects/projects.ts'
import { type TemplateName, templateNames } from '../../projects/templates.ts'
import { projectMembers, toListedProject } from '../representations/project.ts'
import { Name, problems, RequestBody, Uuid } from '../representations/schema.ts'
import type { Route } from '../route.ts'

export const createProject: Route = (app, dependencies) => {
  app.route({
    method: 'POST',
    url: '/v1/projects',
    config: { scope: 'operator' },
    schema: {
      tags: ['projects'],
      summary: 'Create a project with a first key',
      description:
        'The key may read, write and administer the new project. It is the only one, and it is shown this once.',
      security: [{ key: [] }],
      body: RequestBody({
        name: Name('Unique on the server, case-sensitive.'),
        template: Type.Optional(
          Type.Unsafe<TemplateName>({
            type: 'string',
            enum: templateNames,
            default: 'personalization',
            description: 'The topics of its group `default`.',
          }),
        ),
      }),
      response: {
        201: Type.Object({ ...projectMembers, key_id: Uuid, key: Type.String() }),
        ...problems(401, 403, 409, 422),
      },
    },
    handler: async ({ body }, reply) => {
      const { project, key, secret } = await create(dependencies, {
        name: body.name,
        template: body.template ?? 'personalization',
      })
      return reply.code(201).send({ ...toListedProject(project), key_id: key.keyId, key: secret })
    },
  })
}
