import { type Static, Type } from 'typebox'
import { startAgentRun } from '../../agents/run-agent.ts'
import { IdempotencyHeaders } from '../../http/idempotency.ts'
import type { AddressRules } from '../../outbound/addresses.ts'
import type { AskedWebhook } from '../../webhooks/new-webhook.ts'
import { Acknowledgement, acknowledge } from '../acknowledge.ts'
import { AgentPath } from '../representations/agent.ts'
import { NewAgentRun, readCommon } from '../representations/agent-run.ts'
import { problems } from '../representations/schema.ts'
import { type RunWebhook, StartedWebhook, toStartedWebhook } from '../representations/webhook.ts'
import type { Route } from '../route.ts'

const StartedAgentRun = Type.Unsafe<
  Static<typeof Acknowledgement> & { readonly webhook?: Static<typeof StartedWebhook> | null }
>({
  allOf: [
    Acknowledgement,
    {
      type: 'object',
      properties: {
        webhook: {
          anyOf: [StartedWebhook, { type: 'null' }],
          description: 'There when the request has one; null when it is there no more.',
        },
      },
    },
  ],
})

export const runAgent: Route = (app, { hub, webhooks }) => {
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
        200: StartedAgentRun,
        ...problems(400, 401, 402, 403, 404, 409, 413, 415, 422, 429, 503),
      },
    },
    handler: async (request, reply) => {
      const { access, body, params, headers } = request
      const { webhook, ...started } = await startAgentRun(access, {
        agentId: params.agent_id.toLowerCase(),
        userMessage: body.user_message,
        inputs: body.inputs,
        conversationId: body.conversation_id,
        outputSchema: body.output_schema,
        bounds: {
          ...(body.max_steps !== undefined && { maxSteps: body.max_steps }),
          ...(body.max_tokens !== undefined && { maxTokens: body.max_tokens }),
          ...(body.max_credits !== undefined && { maxCredits: body.max_credits }),
        },
        ...(body.webhook !== undefined && { webhook: webhookOf(body.webhook, webhooks.rules) }),
        ...readCommon(body),
        idempotencyKey: headers['idempotency-key'],
        trigger: 'api',
      })
      const answer = await acknowledge(request, reply, { hub, ...started })
      if (body.webhook === undefined) return answer
      return { ...answer, webhook: webhook === null ? null : toStartedWebhook(webhook) }
    },
  })
}

const webhookOf = (
  { url, events = ['*'] }: Static<typeof RunWebhook>,
  rules: AddressRules,
): AskedWebhook => ({
  ...{ given: { url, events }, rules },
  locations: { url: 'body.webhook.url', events: 'body.webhook.events' },
})
