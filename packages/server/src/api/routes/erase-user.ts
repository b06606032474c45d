import { Type } from 'typebox'
import { eraseUser as erase } from '../../memories/erase-user.ts'
import { getRun } from '../../runs/read-runs.ts'
import { RunRepresentation, toRunRepresentation } from '../representations/run.ts'
import { problems, UserId } from '../representations/schema.ts'
import type { Route } from '../route.ts'

export const eraseUser: Route = (app, { storage }) => {
  app.route({
    method: 'DELETE',
    url: '/v1/users/:user_id',
    config: { scope: 'admin' },
    schema: {
      tags: ['users'],
      summary: 'Erase a user for good',
      description:
        'A run that removes the memories of the user with their history, all runs of the user with what was handed in, and the name. It cannot be taken back or cancelled. Nothing of it is found any more once this has answered; the run has ended when it is gone from the files too, and tells how much it was.',
      security: [{ key: [] }],
      params: Type.Object({ user_id: UserId }),
      response: { 202: RunRepresentation, ...problems(401, 403, 404, 409, 422, 429, 503) },
    },
    handler: async ({ access, params }, reply) => {
      const { runId } = await erase(access, params.user_id)
      const run = await getRun(access, storage.findRunProject, runId)
      return reply.code(202).header('location', `/v1/runs/${runId}`).send(toRunRepresentation(run))
    },
  })
}
