import { Type } from 'typebox'
import { removeProject } from '../../projects/projects.ts'
import { ProjectRepresentation, toProjectRepresentation } from '../representations/project.ts'
import { Name, problems, RequestBody, Uuid } from '../representations/schema.ts'
import type { Route } from '../route.ts'

export const deleteProject: Route = (app, dependencies) => {
  app.route({
    method: 'DELETE',
    url: '/v1/projects/:project_id',
    config: { scope: 'operator' },
    schema: {
      tags: ['projects'],
      summary: 'Remove a project with everything in it, for good',
      description:
        'Its keys open nothing from now on. Its rows are removed in the background, also after a restart; then the project is 404. Repeating the request does no harm.',
      security: [{ key: [] }],
      params: Type.Object({ project_id: Uuid }),
      body: RequestBody({ confirm: Name('The name of the project.') }),
      response: { 202: ProjectRepresentation, ...problems(400, 401, 403, 404, 409, 422) },
    },
    handler: async ({ access, params, body }, reply) => {
      const status = await removeProject(dependencies, access, {
        projectId: params.project_id.toLowerCase(),
        confirm: body.confirm,
      })
      dependencies.keys.forget()
      dependencies.wakeRemoval()
      return reply.code(202).send(toProjectRepresentation(status, dependencies.limits))
    },
  })
}
