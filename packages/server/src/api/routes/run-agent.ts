import { startAgentRun } from '../../agents/run-agent.ts'
import { IdempotencyHeaders } from '../../http/idempotency.ts'
import { Acknowledgement, acknowledge } from '../acknowledge.ts'
import { AgentPath } from '../representations/agent.ts'
import { NewAgentRun, readCommon } from '../representations/agent-run.ts'
import { problems } from '../representations/schema.ts'
import type { Route } from '../route.ts'

export const runAgent: Route = (app, { hub }) => {
  app.route({
    method: 'POST',
    url: '/v1/agents/:agent_id/runs',
    config: { scope: 'write' },
    schema: {
      tags: ['agents'],
      summary: 'Run an agent',
      description:
        'Answers as soon as the run is stored durably, like an add; with `Prefer: wait=N` with the run, if it has ended by then.',
      security: [{ key: [] }],
      headers: IdempotencyHeaders,
      params: AgentPath,
      body: NewAgentRun,
      response: {
        200: Acknowledgement,
        ...problems(400, 401, 402, 403, 404, 409, 413, 415, 422, 429, 503),
      },
    },
    handler: async (request, reply) => {
      const { access, body, params, headers } = request
      const started = await startAgentRun(access, {
        agentId: params.agent_id.toLowerCase(),
        userMessage: body.user_message,
        conversationId: body.conversation_id,
        outputSchema: body.output_schema,
        bounds: {
          ...(body.max_steps !== undefined && { maxSteps: body.max_steps }),
          ...(body.max_tokens !== undefined && { maxTokens: body.max_tokens }),
          ...(body.max_credits !== undefined && { maxCredits: body.max_credits }),
        },
        ...readCommon(body),
        idempotencyKey: headers['idempotency-key'],
        trigger: 'api',
      })
      return acknowledge(request, reply, { hub, ...started })
    },
  })
}
