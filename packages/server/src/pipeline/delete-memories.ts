/** The work of a deletion by a filter: piece by piece, each a transaction; history stays, so it can be taken back. */
import { ERASE_PIECE_COUNT_MAX } from '../kernel/limits.ts'
import { RunCancelled } from '../runs/run-cancelled.ts'
import type { Executor } from './executors.ts'
import { finishMaintenance } from './finish-maintenance.ts'

export const deleteMemories: Executor = async (dependencies, attempt) => {
  const { claim, payload, storage, signal } = attempt
  const { clock, signals } = dependencies
  if (payload.input.type !== 'delete') throw new Error(`run ${claim.runId} names nothing to delete`)
  const { filter } = payload.input
  const startedAt = clock.now()
  for (let cursor: string | null = null; ; ) {
    signal.throwIfAborted()
    const params = { claim, filter, cursor, limit: ERASE_PIECE_COUNT_MAX, now: clock.now() }
    const piece = await storage.erasure.deleteSome(params)
    signals.reached?.('mid_erase')
    if (piece.kind !== 'done') {
      if (piece.kind === 'cancelling') throw new RunCancelled()
      return
    }
    if (piece.nextCursor === null) {
      const { deleted } = piece
      return finishMaintenance(dependencies, attempt, {
        name: 'delete',
        startedAt,
        counts: { ...attempt.run.counts, deleted },
        outcome: deleted > 0 ? 'committed' : 'unchanged',
        result: { deleted },
      })
    }
    cursor = piece.nextCursor
  }
}
