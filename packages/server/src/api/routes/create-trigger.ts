import { createTrigger as create } from '../../agents/manage-triggers.ts'
import { problems } from '../representations/schema.ts'
import { NewTrigger, TriggerWithToken, toTriggerRepresentation } from '../representations/trigger.ts'
import type { Route } from '../route.ts'

export const createTrigger: Route = (app) => {
  app.route({
    method: 'POST',
    url: '/v1/triggers',
    config: { scope: 'admin' },
    schema: {
      tags: ['agents'],
      summary: 'Create a trigger: an address that runs an agent or a tool without an API key',
      security: [{ key: [] }],
      body: NewTrigger,
      response: { 201: TriggerWithToken, ...problems(401, 403, 404, 409, 422) },
    },
    handler: async ({ access, body }, reply) => {
      const { name, target, secret = null } = body
      const given = { name, target: { ...target, id: target.id.toLowerCase() }, secret }
      const { trigger, token } = await create(access, given)
      return reply.code(201).send({ ...toTriggerRepresentation(trigger), token })
    },
  })
}
