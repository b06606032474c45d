import { Type } from 'typebox'
import { changeProject as change } from '../../projects/projects.ts'
import {
  fromOwnLimits,
  OwnLimits,
  ProjectRepresentation,
  toProjectRepresentation,
} from '../representations/project.ts'
import { Name, problems, RequestBody, Uuid } from '../representations/schema.ts'
import type { Route } from '../route.ts'

export const changeProject: Route = (app, dependencies) => {
  app.route({
    method: 'PATCH',
    url: '/v1/projects/:project_id',
    config: { scope: 'operator' },
    schema: {
      tags: ['projects'],
      summary: 'Rename a project, or give it limits of its own',
      security: [{ key: [] }],
      params: Type.Object({ project_id: Uuid }),
      body: RequestBody({
        name: Type.Optional(Name('Unique on the server, case-sensitive.')),
        limits: Type.Optional(OwnLimits),
      }),
      response: { 200: ProjectRepresentation, ...problems(400, 401, 403, 404, 409, 422) },
    },
    handler: async ({ params, body }) => {
      const status = await change(dependencies, {
        projectId: params.project_id.toLowerCase(),
        name: body.name ?? null,
        limits: body.limits === undefined ? null : fromOwnLimits(body.limits),
      })
      return toProjectRepresentation(status, dependencies.limits)
    },
  })
}
