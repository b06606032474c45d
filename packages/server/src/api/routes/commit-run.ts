import { Type } from 'typebox'
import { commitDryRun } from '../../memories/commit-dry-run.ts'
import { RunRepresentation, toRunRepresentation } from '../representations/run.ts'
import { problems, RequestBody, Uuid } from '../representations/schema.ts'
import type { Route } from '../route.ts'

export const commitRun: Route = (app, { storage }) => {
  app.route({
    method: 'POST',
    url: '/v1/runs/:run_id/commit',
    config: { scope: 'write' },
    schema: {
      tags: ['runs'],
      summary: 'Commit what a dry run has planned',
      description:
        'Exactly what it showed, all of it or nothing; refused when something it decided on has changed since. Answers the run; asking again changes nothing.',
      security: [{ key: [] }],
      params: Type.Object({ run_id: Uuid }),
      body: RequestBody({}),
      response: { 200: RunRepresentation, ...problems(401, 403, 404, 409, 413, 415, 422) },
    },
    handler: async ({ access, params }) =>
      toRunRepresentation(await commitDryRun(access, storage.findRunProject, params.run_id.toLowerCase())),
  })
}
