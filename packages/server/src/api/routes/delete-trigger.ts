import { Type } from 'typebox'
import { removeTrigger } from '../../agents/manage-triggers.ts'
import { problems } from '../representations/schema.ts'
import { TriggerPath } from '../representations/trigger.ts'
import type { Route } from '../route.ts'

export const deleteTrigger: Route = (app) => {
  app.route({
    method: 'DELETE',
    url: '/v1/triggers/:trigger_id',
    config: { scope: 'admin' },
    schema: {
      tags: ['agents'],
      summary: 'Delete a trigger: its address runs nothing any more',
      security: [{ key: [] }],
      params: TriggerPath,
      response: { 204: Type.Null(), ...problems(401, 403, 404, 422) },
    },
    handler: async ({ access, params }, reply) => {
      await removeTrigger(access, params.trigger_id.toLowerCase())
      return reply.code(204).send(null)
    },
  })
}
