import { readAgentRun } from '../../agents/read-agent-run.ts'
import { AgentRunPath } from '../representations/agent.ts'
import { AgentRunRepresentation, toAgentRunMembers } from '../representations/agent-run.ts'
import { toRunRepresentation } from '../representations/run.ts'
import { problems } from '../representations/schema.ts'
import type { Route } from '../route.ts'

export const getAgentRun: Route = (app, { storage }) => {
  app.route({
    method: 'GET',
    url: '/v1/agents/:agent_id/runs/:run_id',
    config: { scope: 'read' },
    schema: {
      tags: ['agents'],
      summary: 'Read a run of an agent, with what it did and what it cost',
      security: [{ key: [] }],
      params: AgentRunPath,
      response: { 200: AgentRunRepresentation, ...problems(401, 403, 404, 422) },
    },
    handler: async ({ access, params }) => {
      const { view, agentRun } = await readAgentRun(access, storage.findRunProject, {
        agentId: params.agent_id.toLowerCase(),
        runId: params.run_id.toLowerCase(),
      })
      return { run: toRunRepresentation(view), ...toAgentRunMembers(agentRun) }
    },
  })
}
