import { Type } from 'typebox'
import { REASON_LENGTH_MAX } from '../../kernel/limits.ts'
import { cancelRun as cancel } from '../../runs/steer-runs.ts'
import { RunRepresentation, toRunRepresentation } from '../representations/run.ts'
import { problems, RequestBody, Uuid } from '../representations/schema.ts'
import type { Route } from '../route.ts'

export const cancelRun: Route = (app, { storage }) => {
  app.route({
    method: 'POST',
    url: '/v1/runs/:run_id/cancel',
    config: { scope: 'write' },
    schema: {
      tags: ['runs'],
      summary: 'Cancel a run',
      description:
        'A run that waits ends at once; one that is worked on ends at its next safe point, its model call aborted. What an earlier commit of it had committed stays. Answers the run as it is; asking again, or too late, changes nothing.',
      security: [{ key: [] }],
      params: Type.Object({ run_id: Uuid }),
      body: RequestBody({
        reason: Type.Optional(
          Type.String({ maxLength: REASON_LENGTH_MAX, description: 'Shown in its `error`.' }),
        ),
      }),
      response: { 200: RunRepresentation, ...problems(401, 403, 404, 413, 415, 422) },
    },
    handler: async ({ access, params, body }) =>
      toRunRepresentation(
        await cancel(access, storage.findRunProject, {
          runId: params.run_id.toLowerCase(),
          reason: body.reason ?? null,
        }),
      ),
  })
}
