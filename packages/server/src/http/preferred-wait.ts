/** `Prefer: wait=N` (RFC 7240): the caller would rather have the ended run than an acknowledgement. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { WAIT_SECONDS_MAX } from '../kernel/limits.ts'
import type { Hub } from '../runs/hub.ts'
import { isTerminal, type RunView } from '../runs/run.ts'
import { waitForRun } from '../runs/wait-for-run.ts'

/** The run, if the caller prefers to wait for it and it ends in time. A request is never refused for its wait. */
export const preferredRun = async (
  { access, headers }: Pick<FastifyRequest, 'access' | 'headers'>,
  reply: FastifyReply,
  { hub, runId }: { hub: Hub; runId: string },
): Promise<RunView | null> => {
  const wait = readPreferredWait(headers.prefer)
  if (wait === null || !hub.hasRoom()) return null
  reply.header('preference-applied', `wait=${wait}`)
  const view = await waitForRun(access, hub, { runId, waitMs: wait * 1_000, signal: goneSignal(reply) })
  return view !== null && isTerminal(view.run.state) ? view : null
}

/** In seconds, at most WAIT_SECONDS_MAX; null when there is none. A preference is a wish: what cannot be read is ignored. */
const readPreferredWait = (prefer: string | string[] | undefined): number | null => {
  const preferences = [prefer ?? ''].flat().flatMap((text) => text.split(','))
  for (const preference of preferences) {
    const [, seconds] = /^\s*wait\s*=\s*"?(\d{1,9})"?\s*(?:;.*)?$/i.exec(preference) ?? []
    if (seconds !== undefined) return Math.min(Number(seconds), WAIT_SECONDS_MAX)
  }
  return null
}

/** Aborts when the caller has gone before the answer. */
export const goneSignal = ({ raw }: FastifyReply): AbortSignal => {
  const gone = new AbortController()
  raw.once('close', () => gone.abort('gone'))
  return gone.signal
}
