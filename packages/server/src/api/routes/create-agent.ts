import { createAgent as create } from '../../agents/manage-agents.ts'
import {
  AgentRepresentation,
  NewAgent,
  readNewAgent,
  toAgentRepresentation,
} from '../representations/agent.ts'
import { problems } from '../representations/schema.ts'
import type { Route } from '../route.ts'

export const createAgent: Route = (app, { definitions }) => {
  app.route({
    method: 'POST',
    url: '/v1/agents',
    config: { scope: 'admin' },
    schema: {
      tags: ['agents'],
      summary: 'Create an agent',
      security: [{ key: [] }],
      body: NewAgent,
      response: { 201: AgentRepresentation, ...problems(401, 403, 409, 422) },
    },
    handler: async ({ access, body }, reply) =>
      reply.code(201).send(toAgentRepresentation(await create(access, definitions, readNewAgent(body)))),
  })
}
