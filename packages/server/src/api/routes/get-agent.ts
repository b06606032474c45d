import { getAgent as get } from '../../agents/manage-agents.ts'
import { AgentPath, AgentRepresentation, toAgentRepresentation } from '../representations/agent.ts'
import { problems } from '../representations/schema.ts'
import type { Route } from '../route.ts'

export const getAgent: Route = (app) => {
  app.route({
    method: 'GET',
    url: '/v1/agents/:agent_id',
    config: { scope: 'read' },
    schema: {
      tags: ['agents'],
      summary: 'Read an agent',
      security: [{ key: [] }],
      params: AgentPath,
      response: { 200: AgentRepresentation, ...problems(401, 403, 404, 422) },
    },
    handler: async ({ access, params }) =>
      toAgentRepresentation(await get(access, params.agent_id.toLowerCase())),
  })
}
