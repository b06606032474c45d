import { updateAgent as update } from '../../agents/manage-agents.ts'
import {
  AgentChanges,
  AgentPath,
  AgentRepresentation,
  readAgentChanges,
  toAgentRepresentation,
} from '../representations/agent.ts'
import { problems } from '../representations/schema.ts'
import type { Route } from '../route.ts'

export const updateAgent: Route = (app, { definitions }) => {
  app.route({
    method: 'PATCH',
    url: '/v1/agents/:agent_id',
    config: { scope: 'admin' },
    schema: {
      tags: ['agents'],
      summary: 'Change an agent',
      description:
        'Members that are given are replaced whole. Runs that were accepted before go on as it was.',
      security: [{ key: [] }],
      params: AgentPath,
      body: AgentChanges,
      response: { 200: AgentRepresentation, ...problems(401, 403, 404, 409, 422) },
    },
    handler: async ({ access, params, body }) => {
      const { expected_version: expectedVersion, ...changes } = body
      const changed = await update(access, definitions, {
        agentId: params.agent_id.toLowerCase(),
        expectedVersion,
        changes: readAgentChanges(changes),
      })
      return toAgentRepresentation(changed)
    },
  })
}
