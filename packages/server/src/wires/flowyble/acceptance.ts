/** What a started run is answered with: the documented envelope, or the run itself for who waits for its end. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { toIso } from '../../kernel/clock.ts'
import type { RunView } from '../../runs/run.ts'
import { statusMembers } from './statuses.ts'

/** 200, as clients expect, and 202 for those who ask for it. */
export const answerStarted = (
  { headers }: Pick<FastifyRequest, 'headers'>,
  reply: FastifyReply,
  {
    view: { run },
    isReplayed,
    kind,
  }: { readonly view: RunView; readonly isReplayed: boolean; readonly kind: 'agent' | 'tool' },
) => {
  const statusUrl = `/v1/${kind}s/run/${run.runId}/status`
  reply.header('location', statusUrl)
  if (isReplayed) reply.header('idempotency-replayed', 'true')
  if (/(^|,)\s*respond-async\s*(;|,|$)/i.test([headers.prefer ?? ''].flat().join(','))) reply.code(202)
  return {
    success: true,
    id: run.runId,
    // The run may be on its way by now; the envelope says what it was when it was accepted, as clients expect.
    status: isReplayed ? statusMembers(run).status : 'Pending',
    message: kind === 'agent' ? 'Agent run started' : 'Tool run started',
    [`${kind}Id`]: run.subjectId,
    statusUrl,
    createdAt: toIso(run.createdAt),
  }
}
