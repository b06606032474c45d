/** Flowyble's API: runs of agents and tools. What they are made of is managed on the native API. */
import type { FastifyRequest } from 'fastify'
import type { Wire } from '../../api/route.ts'
import { parseBody } from '../../kernel/json.ts'
import { renderError } from './errors.ts'
import { getAgentRunDetails, getAgentRunStatus, listAgentRunSteps } from './routes/get-agent-run.ts'
import { listAgentRuns } from './routes/list-agent-runs.ts'
import { getToolRunResult, getToolRunStatus, startToolRun } from './routes/run-tool.ts'
import { startAgentRun } from './routes/start-agent-run.ts'
import { cancelAgentRun, retryAgentRun } from './routes/steer-agent-run.ts'
import { streamAgentRun } from './routes/stream-agent-run.ts'
import { trigger } from './routes/trigger.ts'

export const flowyble: Wire = {
  name: 'flowyble',
  routes: [
    startAgentRun,
    getAgentRunStatus,
    getAgentRunDetails,
    listAgentRunSteps,
    listAgentRuns,
    cancelAgentRun,
    retryAgentRun,
    streamAgentRun,
    startToolRun,
    getToolRunStatus,
    getToolRunResult,
    trigger,
  ],
  renderError,
  prepare: (app) => {
    app.removeContentTypeParser('application/json')
    // What is signed is the bytes themselves, so a trigger reads them before anybody else does.
    app.addContentTypeParser(
      'application/json',
      { parseAs: 'buffer' },
      async ({ routeOptions }: FastifyRequest, body: Buffer) => {
        if (routeOptions.config.isSigned === true) return body
        return body.length === 0 ? undefined : parseBody(body)
      },
    )
  },
}
