import { Type } from 'typebox'
import { archiveAgent as archive } from '../../agents/manage-agents.ts'
import { AgentPath } from '../representations/agent.ts'
import { problems } from '../representations/schema.ts'
import type { Route } from '../route.ts'

export const archiveAgent: Route = (app) => {
  app.route({
    method: 'DELETE',
    url: '/v1/agents/:agent_id',
    config: { scope: 'admin' },
    schema: {
      tags: ['agents'],
      summary: 'Archive an agent',
      description: 'It runs no more and is listed no more. Its runs stay, and those in hand go on.',
      security: [{ key: [] }],
      params: AgentPath,
      response: { 204: Type.Null(), ...problems(401, 403, 404, 409, 422) },
    },
    handler: async ({ access, params }, reply) => {
      await archive(access, params.agent_id.toLowerCase())
      return reply.code(204).send(null)
    },
  })
}
