import type { Route } from '../../../api/route.ts'
import { toIso } from '../../../kernel/clock.ts'
import { findRunByKey } from '../../../runs/read-runs.ts'
import type { Run, RunState } from '../../../runs/run.ts'
import { badRequest, readId } from '../read-id.ts'
import { REQUEST_LIFE_MS, runKeyOf } from '../request-id.ts'
import { sendJson } from '../send-json.ts'

const UNKNOWN = 'We are experiencing some techincal issues right now. Please try again after some time!'

const statuses: Readonly<Record<RunState, 'pending' | 'processing' | 'success' | 'failure'>> = {
  queued: 'pending',
  running: 'processing',
  buffered: 'processing',
  completed: 'success',
  partial: 'failure',
  failed: 'failure',
  cancelled: 'failure',
}

/** What became of a request, for as long as it lives. What nobody knows any more is told by the one text there is for it. */
export const getStatus: Route = (app) => {
  const config = { scope: 'read', isKeyless: true, gomemory: { failed: UNKNOWN } } as const
  app.route({
    method: 'GET',
    url: '/get_status/',
    config,
    handler: async (_request, reply) => badRequest(reply),
  })
  app.route<{ Params: { id: string } }>({
    method: 'GET',
    url: '/get_status/:id',
    config,
    handler: async ({ access, params }, reply) => {
      const requestId = readId(params.id)
      if (requestId === null) return badRequest(reply)
      const found = await findRunByKey(access, runKeyOf(requestId))
      if (found === null || found.acceptedAt <= access.clock.now() - REQUEST_LIFE_MS)
        return sendJson(reply, { Error: UNKNOWN }, 500)
      reply.header('remanence-run-id', found.run.runId)
      return sendJson(reply, statusOf(found.run))
    },
  })
}

const statusOf = ({ state, error, createdAt }: Run) => {
  const status = statuses[state]
  const reason = error === null ? 'the run has failed' : `${error.stage} failed: ${error.detail}`
  return { status, ...(status === 'failure' && { error: reason }), createdAt: toIso(createdAt) }
}
