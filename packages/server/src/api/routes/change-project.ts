import { Type } from 'typebox'
import { renameProject } from '../../projects/projects.ts'
import { ProjectRepresentation, toProjectRepresentation } from '../representations/project.ts'
import { Name, problems, RequestBody, Uuid } from '../representations/schema.ts'
import type { Route } from '../route.ts'

export const changeProject: Route = (app, dependencies) => {
  app.route({
    method: 'PATCH',
    url: '/v1/projects/:project_id',
    config: { scope: 'operator' },
    schema: {
      tags: ['projects'],
      summary: 'Rename a project',
      security: [{ key: [] }],
      params: Type.Object({ project_id: Uuid }),
      body: RequestBody({ name: Name('Unique on the server, case-sensitive.') }),
      response: { 200: ProjectRepresentation, ...problems(401, 403, 404, 409, 422) },
    },
    handler: async ({ params, body }) => {
      const change = { projectId: params.project_id.toLowerCase(), name: body.name }
      return toProjectRepresentation(await renameProject(dependencies, change))
    },
  })
}
