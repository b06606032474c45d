import { Type } from 'typebox'
import { retryRun as retry } from '../../runs/steer-runs.ts'
import { RunRepresentation, toRunRepresentation } from '../representations/run.ts'
import { Name, problems, RequestBody, Uuid } from '../representations/schema.ts'
import type { Route } from '../route.ts'

export const retryRun: Route = (app, { storage }) => {
  app.route({
    method: 'POST',
    url: '/v1/runs/:run_id/retry',
    config: { scope: 'write' },
    schema: {
      tags: ['runs'],
      summary: 'Try a failed run again',
      description:
        'The same run, its next attempt: from the named step, or from the first one whose output is missing. Outputs of earlier steps are used again. Of a partial run, the inputs that failed.',
      security: [{ key: [] }],
      params: Type.Object({ run_id: Uuid }),
      body: RequestBody({
        starting_step: Type.Optional(Name('A step that the run has come to; see its steps.')),
      }),
      response: { 200: RunRepresentation, ...problems(400, 401, 403, 404, 409, 413, 415, 422, 429, 503) },
    },
    handler: async ({ access, params, body }) =>
      toRunRepresentation(
        await retry(access, storage.findRunProject, {
          runId: params.run_id.toLowerCase(),
          startingStep: body.starting_step ?? null,
        }),
      ),
  })
}
