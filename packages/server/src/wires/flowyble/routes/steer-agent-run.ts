import { Type } from 'typebox'
import { readAgentRun } from '../../../agents/read-agent-run.ts'
import type { Route } from '../../../api/route.ts'
import { bodyMayBeAbsent } from '../../../http/absent-body.ts'
import { IdempotencyHeaders } from '../../../http/idempotency.ts'
import { REASON_LENGTH_MAX } from '../../../kernel/limits.ts'
import { problem } from '../../../kernel/problem.ts'
import { isTerminal } from '../../../runs/run.ts'
import { cancelRun, replayRun } from '../../../runs/steer-runs.ts'
import { answerStarted } from '../acceptance.ts'
import { toAgentRun } from '../agent-run.ts'
import { RunParams } from '../schema.ts'
import { unseen } from '../unseen.ts'

/**
 * Ends the run and those that it asked for. 200 for one that has ended by then, before or through this; 202 for one that is worked on and will end at its next safe
 * point. One that had ended before stays as it is, which `strict` makes a conflict.
 */
export const cancelAgentRun: Route = (app) => {
  app.route({
    method: 'POST',
    url: '/v1/agents/run/:runId/cancel',
    config: { scope: 'write' },
    preValidation: bodyMayBeAbsent,
    schema: {
      params: RunParams,
      querystring: Type.Object({ strict: Type.Optional(Type.Boolean()) }),
      body: Type.Object({ reason: Type.Optional(Type.String({ maxLength: REASON_LENGTH_MAX })) }),
    },
    handler: async ({ access, params, query, body }, reply) => {
      const runId = params.runId.toLowerCase()
      const before = await readAgentRun(access, unseen, { agentId: null, runId })
      if (query.strict === true && isTerminal(before.view.run.state))
        throw problem('conflict', `Run ${runId} has ended already.`)
      await cancelRun(access, unseen, { runId, reason: body.reason ?? null })
      const found = await readAgentRun(access, unseen, { agentId: null, runId })
      return reply.code(isTerminal(found.view.run.state) ? 200 : 202).send(toAgentRun(found))
    },
  })
}

/** A new run of what an ended one was given, by the agent as it was then. */
export const retryAgentRun: Route = (app) => {
  app.route({
    method: 'POST',
    url: '/v1/agents/run/:runId/retry',
    config: { scope: 'write' },
    schema: { params: RunParams, headers: IdempotencyHeaders },
    handler: async (request, reply) => {
      const { access, params, headers } = request
      const runId = params.runId.toLowerCase()
      const found = await readAgentRun(access, unseen, { agentId: null, runId })
      if (!isTerminal(found.view.run.state)) throw problem('conflict', `Run ${runId} has not ended yet.`)
      const key = headers['idempotency-key']
      const view = await replayRun(access, unseen, {
        runId,
        ...(key !== undefined && { idempotencyKey: key }),
      })
      return { ...answerStarted(request, reply, { view, isReplayed: false, kind: 'agent' }), retryOf: runId }
    },
  })
}
