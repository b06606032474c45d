import { Type } from 'typebox'
import { replayRun as replay } from '../../runs/steer-runs.ts'
import { RunRepresentation, toRunRepresentation } from '../representations/run.ts'
import { problems, RequestBody, Uuid } from '../representations/schema.ts'
import type { Route } from '../route.ts'

export const replayRun: Route = (app, { storage }) => {
  app.route({
    method: 'POST',
    url: '/v1/runs/:run_id/replay',
    config: { scope: 'write' },
    schema: {
      tags: ['runs'],
      summary: 'Run the same input again',
      description:
        'A new run with the input of this one, through the pipeline as it is today. Its `replay_of` names this run.',
      security: [{ key: [] }],
      params: Type.Object({ run_id: Uuid }),
      body: RequestBody({}),
      response: { 200: RunRepresentation, ...problems(401, 403, 404, 409, 413, 415, 422, 429, 503) },
    },
    handler: async ({ access, params }) =>
      toRunRepresentation(
        await replay(access, storage.findRunProject, { runId: params.run_id.toLowerCase() }),
      ),
  })
}
