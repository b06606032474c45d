import { Type } from 'typebox'
import { flushRun as flush } from '../../runs/flush-buffers.ts'
import { RunRepresentation, toRunRepresentation } from '../representations/run.ts'
import { problems, RequestBody, Uuid } from '../representations/schema.ts'
import type { Route } from '../route.ts'

export const flushRun: Route = (app, { storage }) => {
  app.route({
    method: 'POST',
    url: '/v1/runs/:run_id/flush',
    config: { scope: 'write' },
    schema: {
      tags: ['runs'],
      summary: 'Let a buffered run go on',
      description:
        'The buffer that the run waits in goes on at once, with all the runs in it. Answers the run as it is; one that has ended, or goes on already, stays as it is.',
      security: [{ key: [] }],
      params: Type.Object({ run_id: Uuid }),
      body: RequestBody({}),
      response: { 200: RunRepresentation, ...problems(401, 403, 404, 409, 413, 415, 422) },
    },
    handler: async ({ access, params }) =>
      toRunRepresentation(await flush(access, storage.findRunProject, params.run_id.toLowerCase())),
  })
}
