import { Type } from 'typebox'
import { dismissRun as dismiss } from '../../runs/steer-runs.ts'
import { RunRepresentation, toRunRepresentation } from '../representations/run.ts'
import { problems, RequestBody, Uuid } from '../representations/schema.ts'
import type { Route } from '../route.ts'

export const dismissRun: Route = (app, { storage }) => {
  app.route({
    method: 'POST',
    url: '/v1/runs/:run_id/dismiss',
    config: { scope: 'write' },
    schema: {
      tags: ['runs'],
      summary: 'Dismiss a failure',
      description:
        'The run stays what it is, but counts as seen: lists of failures that want attention leave it out.',
      security: [{ key: [] }],
      params: Type.Object({ run_id: Uuid }),
      body: RequestBody({}),
      response: { 200: RunRepresentation, ...problems(401, 403, 404, 409, 413, 415, 422) },
    },
    handler: async ({ access, params }) =>
      toRunRepresentation(await dismiss(access, storage.findRunProject, params.run_id.toLowerCase())),
  })
}
