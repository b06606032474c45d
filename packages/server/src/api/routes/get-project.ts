import { Type } from 'typebox'
import { getProject as get } from '../../projects/projects.ts'
import { ProjectRepresentation, toProjectRepresentation } from '../representations/project.ts'
import { problems, Uuid } from '../representations/schema.ts'
import type { Route } from '../route.ts'

export const getProject: Route = (app, dependencies) => {
  app.route({
    method: 'GET',
    url: '/v1/projects/:project_id',
    config: { scope: 'operator' },
    schema: {
      tags: ['projects'],
      summary: 'Read a project of the server',
      security: [{ key: [] }],
      params: Type.Object({ project_id: Uuid }),
      response: { 200: ProjectRepresentation, ...problems(401, 403, 404, 422) },
    },
    handler: async ({ params }) =>
      toProjectRepresentation(await get(dependencies, params.project_id.toLowerCase()), dependencies.limits),
  })
}
