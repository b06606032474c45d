import { Type } from 'typebox'
import { readAgentRun } from '../../../agents/read-agent-run.ts'
import type { Route } from '../../../api/route.ts'
import { tagAnswer } from '../../../http/etag.ts'
import { goneSignal } from '../../../http/preferred-wait.ts'
import { isTerminal } from '../../../runs/run.ts'
import { waitForRun } from '../../../runs/wait-for-run.ts'
import { toAgentRun, toAgentStep } from '../agent-run.ts'
import { RunParams, Wait, waitMsOf } from '../schema.ts'
import { statusMembers } from '../statuses.ts'
import { unseen } from '../unseen.ts'

/** Seconds after which a run that has not ended is worth another look. */
const RETRY_AFTER_SECONDS = 2

/** The small answer to poll; with `wait` it comes when the run has ended, with `since` too when the status is another than that. */
export const getAgentRunStatus: Route = (app, { hub }) => {
  app.route({
    method: 'GET',
    url: '/v1/agents/run/:runId/status',
    config: { scope: 'read' },
    schema: {
      params: RunParams,
      querystring: Type.Object({ wait: Type.Optional(Wait), since: Type.Optional(Type.String()) }),
    },
    onSend: tagAnswer,
    handler: async ({ access, params, query }, reply) => {
      const runId = params.runId.toLowerCase()
      const { wait = 0, since } = query
      if (wait > 0)
        await waitForRun(access, hub, {
          ...{ runId, waitMs: waitMsOf(wait), signal: goneSignal(reply) },
          isNews: ({ run }) => since !== undefined && statusMembers(run).status !== since,
        })
      const found = await readAgentRun(access, unseen, { agentId: null, runId })
      if (!isTerminal(found.view.run.state)) reply.header('retry-after', RETRY_AFTER_SECONDS)
      return toAgentRun(found)
    },
  })
}

export const getAgentRunDetails: Route = (app) => {
  app.route({
    method: 'GET',
    url: '/v1/agents/run/:runId/details',
    config: { scope: 'read' },
    schema: { params: RunParams },
    handler: async ({ access, params }) => {
      const runId = params.runId.toLowerCase()
      const found = await readAgentRun(access, unseen, { agentId: null, runId })
      return { ...toAgentRun(found), steps: found.agentRun.actions.map(toAgentStep) }
    },
  })
}

export const listAgentRunSteps: Route = (app) => {
  app.route({
    method: 'GET',
    url: '/v1/agents/run/:runId/steps',
    config: { scope: 'read' },
    schema: {
      params: RunParams,
      querystring: Type.Object({ after: Type.Optional(Type.Integer({ minimum: 0 })) }),
    },
    handler: async ({ access, params, query }) => {
      const { after = 0 } = query
      const runId = params.runId.toLowerCase()
      const { agentRun } = await readAgentRun(access, unseen, { agentId: null, runId })
      return { steps: agentRun.actions.filter(({ number }) => number > after).map(toAgentStep) }
    },
  })
}
