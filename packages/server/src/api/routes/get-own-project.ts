import { ownProject } from '../../projects/projects.ts'
import { ProjectRepresentation, toProjectRepresentation } from '../representations/project.ts'
import { problems } from '../representations/schema.ts'
import type { Route } from '../route.ts'

export const getOwnProject: Route = (app, { limits }) => {
  app.route({
    method: 'GET',
    url: '/v1/project',
    config: { scope: 'read' },
    schema: {
      tags: ['projects'],
      summary: 'Read the project of the key',
      security: [{ key: [] }],
      response: { 200: ProjectRepresentation, ...problems(401, 403) },
    },
    handler: async ({ access }) => toProjectRepresentation(await ownProject(access), limits),
  })
}
