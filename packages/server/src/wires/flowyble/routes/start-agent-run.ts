import { Big } from 'big.js'
import { type Static, Type } from 'typebox'
import { readAgentRun } from '../../../agents/read-agent-run.ts'
import { startAgentRun as start } from '../../../agents/run-agent.ts'
import type { Route } from '../../../api/route.ts'
import { IdempotencyHeaders } from '../../../http/idempotency.ts'
import { goneSignal } from '../../../http/preferred-wait.ts'
import {
  AGENT_STEP_COUNT_MAX,
  EVENT_TYPE_COUNT_MAX,
  NAME_LENGTH_MAX,
  RUN_INPUT_COUNT_MAX,
  RUN_INPUT_LENGTH_MAX,
  TEXT_LENGTH_MAX,
  WEBHOOK_URL_LENGTH_MAX,
} from '../../../kernel/limits.ts'
import { problem } from '../../../kernel/problem.ts'
import type { AddressRules } from '../../../outbound/addresses.ts'
import { isTerminal } from '../../../runs/run.ts'
import { waitForRun } from '../../../runs/wait-for-run.ts'
import type { AskedWebhook } from '../../../webhooks/new-webhook.ts'
import type { Webhook } from '../../../webhooks/webhook.ts'
import { answerStarted } from '../acceptance.ts'
import { toAgentRun } from '../agent-run.ts'
import { Id, Wait, waitMsOf } from '../schema.ts'
import { unseen } from '../unseen.ts'
import { followAgentRun } from './stream-agent-run.ts'

const Body = Type.Object({
  userMessage: Type.String({ minLength: 1, maxLength: TEXT_LENGTH_MAX, pattern: '\\S' }),
  inputs: Type.Optional(
    Type.Record(
      Type.String(),
      Type.Unsafe<string | number | boolean>({
        type: ['string', 'number', 'boolean'],
        maxLength: RUN_INPUT_LENGTH_MAX,
      }),
      { maxProperties: RUN_INPUT_COUNT_MAX },
    ),
  ),
  conversationId: Type.Optional(Id),
  userId: Type.Optional(Id),
  properties: Type.Optional(Type.Record(Type.String(), Type.String())),
  metadata: Type.Optional(Type.Record(Type.String(), Type.Unknown(), { maxProperties: 16 })),
  maxSteps: Type.Optional(Type.Integer({ minimum: 1, maximum: AGENT_STEP_COUNT_MAX })),
  maxTokens: Type.Optional(Type.Integer({ minimum: 1 })),
  maxCredits: Type.Optional(Type.Number({ exclusiveMinimum: 0 })),
  timeoutSeconds: Type.Optional(Type.Integer({ minimum: 1, maximum: 86_400 })),
  outputSchema: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
  webhookUrl: Type.Optional(Type.String({ minLength: 1, maxLength: WEBHOOK_URL_LENGTH_MAX })),
  webhookEvents: Type.Optional(
    Type.Array(Type.String({ maxLength: NAME_LENGTH_MAX }), { minItems: 1, maxItems: EVENT_TYPE_COUNT_MAX }),
  ),
  wait: Type.Optional(Wait),
  stream: Type.Optional(Type.Boolean()),
})

export const startAgentRun: Route = (app, dependencies) => {
  const { hub } = dependencies
  app.route({
    method: 'POST',
    url: '/v1/agents/run/:agentId',
    config: { scope: 'write' },
    schema: { params: Type.Object({ agentId: Id }), headers: IdempotencyHeaders, body: Body },
    handler: async (request, reply) => {
      const { access, params, headers, body } = request
      const asked = webhookOf(body, dependencies.webhooks.rules)
      const {
        runId,
        replayed: isReplayed,
        webhook,
      } = await start(access, {
        agentId: params.agentId,
        // Who names no user lets the agent remember for itself.
        userId: params.agentId,
        ...requestOf(body),
        ...(asked !== null && { webhook: asked }),
        ...(headers['idempotency-key'] !== undefined && { idempotencyKey: headers['idempotency-key'] }),
        trigger: 'api',
      })
      if (body.stream === true) return followAgentRun(request, reply, { dependencies, runId, after: 0 })
      const wait = { runId, waitMs: waitMsOf(body.wait ?? 0), signal: goneSignal(reply) }
      const view = await waitForRun(access, hub, wait)
      if (view === null) throw new Error(`run ${runId} is gone`)
      const started = {
        ...answerStarted(request, reply, { view, isReplayed, kind: 'agent' }),
        ...(asked !== null && webhookMembers(webhook)),
      }
      if (body.wait === undefined || !isTerminal(view.run.state)) return started
      return {
        ...started,
        ...toAgentRun(await readAgentRun(access, unseen, { agentId: null, runId })),
      }
    },
  })
}

const requestOf = ({
  userMessage,
  maxSteps,
  maxTokens,
  maxCredits,
  timeoutSeconds,
  ...body
}: Static<typeof Body>) => ({
  userMessage,
  bounds: {
    maxSteps: maxSteps ?? null,
    maxTokens: maxTokens ?? null,
    // Digits as they were sent, unless they are so many that the number is written with an exponent.
    maxCredits: maxCredits === undefined ? null : new Big(maxCredits).toFixed(),
  },
  ...(body.inputs !== undefined && { inputs: body.inputs }),
  ...(body.conversationId !== undefined && { conversationId: body.conversationId }),
  ...(body.userId !== undefined && { userId: body.userId }),
  ...(body.properties !== undefined && { properties: body.properties }),
  ...(body.metadata !== undefined && { metadata: body.metadata }),
  ...(body.outputSchema !== undefined && { outputSchema: body.outputSchema }),
  ...(timeoutSeconds !== undefined && { timeoutMs: timeoutSeconds * 1_000 }),
})

/** Null when there is to be none. Throws Problem `invalid_body`. */
const webhookOf = (
  { webhookUrl: url, webhookEvents: events, stream }: Static<typeof Body>,
  rules: AddressRules,
): AskedWebhook | null => {
  if (url === undefined) {
    if (events === undefined) return null
    throw wrong('body.webhookEvents', 'tells nobody without a webhookUrl')
  }
  // Its secret is told in the answer, once.
  if (stream === true) throw wrong('body.stream', 'leaves no place for the secret of the webhook')
  return {
    ...{ given: { url, events: typesOf(events ?? ['*']) }, rules },
    locations: { url: 'body.webhookUrl', events: 'body.webhookEvents' },
  }
}

/** A run that fails after it has kept memories is a failed one of this wire, and partial to webhooks. */
const typesOf = (events: readonly string[]): readonly string[] =>
  events.includes('run.failed') ? [...events, 'run.partial'] : events

const wrong = (location: string, message: string) =>
  problem('invalid_body', `validation failed: ${location} ${message}`, { errors: [{ message, location }] })

/** The secret once; one that was rotated since is told to nobody. */
const webhookMembers = (webhook: Webhook | null) => ({
  webhookId: webhook?.webhookId ?? null,
  webhookSecret: webhook === null || webhook.previousSecret !== null ? null : webhook.secret,
})
