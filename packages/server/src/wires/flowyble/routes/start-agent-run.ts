import { Big } from 'big.js'
import { type Static, Type } from 'typebox'
import { readAgentRun } from '../../../agents/read-agent-run.ts'
import { startAgentRun as start } from '../../../agents/run-agent.ts'
import type { Route } from '../../../api/route.ts'
import { IdempotencyHeaders } from '../../../http/idempotency.ts'
import { goneSignal } from '../../../http/preferred-wait.ts'
import { AGENT_STEP_COUNT_MAX, TEXT_LENGTH_MAX } from '../../../kernel/limits.ts'
import { isTerminal } from '../../../runs/run.ts'
import { waitForRun } from '../../../runs/wait-for-run.ts'
import { answerStarted } from '../acceptance.ts'
import { toAgentRun } from '../agent-run.ts'
import { Id, Wait, waitMsOf } from '../schema.ts'
import { unseen } from '../unseen.ts'
import { followAgentRun } from './stream-agent-run.ts'

const Body = Type.Object({
  userMessage: Type.String({ minLength: 1, maxLength: TEXT_LENGTH_MAX, pattern: '\\S' }),
  conversationId: Type.Optional(Id),
  userId: Type.Optional(Id),
  properties: Type.Optional(Type.Record(Type.String(), Type.String())),
  metadata: Type.Optional(Type.Record(Type.String(), Type.Unknown(), { maxProperties: 16 })),
  maxSteps: Type.Optional(Type.Integer({ minimum: 1, maximum: AGENT_STEP_COUNT_MAX })),
  maxTokens: Type.Optional(Type.Integer({ minimum: 1 })),
  maxCredits: Type.Optional(Type.Number({ exclusiveMinimum: 0 })),
  timeoutSeconds: Type.Optional(Type.Integer({ minimum: 1, maximum: 86_400 })),
  outputSchema: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
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
      const { runId, replayed: isReplayed } = await start(access, {
        agentId: params.agentId,
        // Who names no user lets the agent remember for itself.
        userId: params.agentId,
        ...requestOf(body),
        ...(headers['idempotency-key'] !== undefined && { idempotencyKey: headers['idempotency-key'] }),
        trigger: 'api',
      })
      if (body.stream === true) return followAgentRun(request, reply, { dependencies, runId, after: 0 })
      const wait = { runId, waitMs: waitMsOf(body.wait ?? 0), signal: goneSignal(reply) }
      const view = await waitForRun(access, hub, wait)
      if (view === null) throw new Error(`run ${runId} is gone`)
      const started = answerStarted(request, reply, { view, isReplayed, kind: 'agent' })
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
  ...(body.conversationId !== undefined && { conversationId: body.conversationId }),
  ...(body.userId !== undefined && { userId: body.userId }),
  ...(body.properties !== undefined && { properties: body.properties }),
  ...(body.metadata !== undefined && { metadata: body.metadata }),
  ...(body.outputSchema !== undefined && { outputSchema: body.outputSchema }),
  ...(timeoutSeconds !== undefined && { timeoutMs: timeoutSeconds * 1_000 }),
})
