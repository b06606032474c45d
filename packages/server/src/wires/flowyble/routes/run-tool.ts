import { Type } from 'typebox'
import { readToolRun } from '../../../agents/read-agent-run.ts'
import { startToolRun as start } from '../../../agents/run-agent.ts'
import type { Route } from '../../../api/route.ts'
import { bodyMayBeAbsent } from '../../../http/absent-body.ts'
import { IdempotencyHeaders } from '../../../http/idempotency.ts'
import { getRun } from '../../../runs/read-runs.ts'
import { answerStarted } from '../acceptance.ts'
import { Id, RunParams } from '../schema.ts'
import { toToolResult, toToolStatus } from '../tool-run.ts'
import { unseen } from '../unseen.ts'

/** The body is the input itself, and may be left away. */
export const startToolRun: Route = (app) => {
  app.route({
    method: 'POST',
    url: '/v1/tools/run/:toolId',
    config: { scope: 'write' },
    preValidation: bodyMayBeAbsent,
    schema: {
      params: Type.Object({ toolId: Id }),
      headers: IdempotencyHeaders,
      body: Type.Record(Type.String(), Type.Unknown()),
    },
    handler: async (request, reply) => {
      const { access, params, headers, body } = request
      const key = headers['idempotency-key']
      const { runId, replayed: isReplayed } = await start(access, {
        ...{ toolId: params.toolId, input: body, trigger: 'api' },
        ...(key !== undefined && { idempotencyKey: key }),
      })
      const view = await getRun(access, unseen, runId)
      return answerStarted(request, reply, { view, isReplayed, kind: 'tool' })
    },
  })
}

export const getToolRunStatus: Route = (app) => {
  app.route({
    method: 'GET',
    url: '/v1/tools/run/:runId/status',
    config: { scope: 'read' },
    schema: { params: RunParams },
    handler: async ({ access, params }) =>
      toToolStatus(
        await readToolRun(access, unseen, {
          toolId: null,
          runId: params.runId.toLowerCase(),
        }),
      ),
  })
}

export const getToolRunResult: Route = (app) => {
  app.route({
    method: 'GET',
    url: '/v1/tools/run/:runId/result',
    config: { scope: 'read' },
    schema: { params: RunParams },
    handler: async ({ access, params }) =>
      toToolResult(
        await readToolRun(access, unseen, {
          toolId: null,
          runId: params.runId.toLowerCase(),
        }),
      ),
  })
}
