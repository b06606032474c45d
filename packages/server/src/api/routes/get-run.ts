import { Type } from 'typebox'
import { getRun as get } from '../../runs/read-runs.ts'
import { RunRepresentation, toRunRepresentation } from '../representations/run.ts'
import { problems, Uuid } from '../representations/schema.ts'
import type { Route } from '../route.ts'

export const getRun: Route = (app, { storage }) => {
  app.route({
    method: 'GET',
    url: '/v1/runs/:run_id',
    config: { scope: 'read' },
    schema: {
      tags: ['runs'],
      summary: 'Read a run',
      security: [{ key: [] }],
      params: Type.Object({ run_id: Uuid }),
      response: { 200: RunRepresentation, ...problems(401, 403, 404, 422) },
    },
    handler: async ({ access, params }) =>
      toRunRepresentation(await get(access, storage.findRunProject, params.run_id.toLowerCase())),
  })
}
