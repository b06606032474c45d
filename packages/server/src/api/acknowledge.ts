/** The answer to a request that made a run. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'
import { preferredRun } from '../http/preferred-wait.ts'
import type { Hub } from '../runs/hub.ts'
import { RunRepresentation, toRunRepresentation } from './representations/run.ts'
import { Uuid } from './representations/schema.ts'

const RunAcknowledgement = Type.Object({ run_id: Uuid, status: Type.String() })

export const Acknowledgement = Type.Unsafe<
  Static<typeof RunAcknowledgement> | Static<typeof RunRepresentation>
>({
  anyOf: [RunAcknowledgement, RunRepresentation],
  description: 'The acknowledgement; with `Prefer: wait=N`, the run if it has ended by then.',
})

/** When a run that had no time to end is worth a look: most take milliseconds. */
const RETRY_AFTER_SECONDS = 1

export const acknowledge = async (
  request: Pick<FastifyRequest, 'access' | 'headers'>,
  reply: FastifyReply,
  { hub, runId, replayed }: { readonly hub: Hub; readonly runId: string; readonly replayed: boolean },
): Promise<Static<typeof Acknowledgement>> => {
  reply.header('location', `/v1/runs/${runId}`)
  if (replayed) reply.header('idempotency-replayed', 'true')
  const ended = await preferredRun(request, reply, { hub, runId })
  if (ended !== null) return toRunRepresentation(ended)
  reply.header('retry-after', RETRY_AFTER_SECONDS)
  // An acknowledgement, not the run's state: even a run that is done by now reads so, as clients expect.
  return { run_id: runId, status: 'running' }
}
