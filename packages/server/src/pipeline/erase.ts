/** The work of an erasure: piece by piece, until the store has found nothing left, and then in the files. */
import { ERASE_PIECE_COUNT_MAX, ERASE_SCRUB_TRY_COUNT_MAX } from '../kernel/limits.ts'
import type { Executor } from './executors.ts'
import { finishMaintenance } from './finish-maintenance.ts'

const SCRUB_WAIT_MS = 250

export const erase: Executor = async (dependencies, attempt) => {
  const { clock, signals } = dependencies
  const { claim, run, storage, signal } = attempt
  const startedAt = clock.now()
  for (;;) {
    signal.throwIfAborted()
    const piece = await storage.erasure.eraseSome({ claim, limit: ERASE_PIECE_COUNT_MAX, now: clock.now() })
    signals.reached?.('mid_erase')
    if (piece.kind === 'claim_lost') return
    if (piece.kind === 'more') continue
    const result = { ...piece.result, scrubbed: await scrub() }
    return finishMaintenance(dependencies, attempt, {
      ...{ name: 'erase', startedAt, result },
      counts: run.counts,
      outcome: 'done',
    })
  }

  /** Whoever reads an older state, a backup for example, is waited for; false when that takes too long. */
  async function scrub(): Promise<boolean> {
    for (let position = 0, tries = 0; tries < ERASE_SCRUB_TRY_COUNT_MAX; ) {
      signal.throwIfAborted()
      const piece = await storage.erasure.scrub(position)
      if (piece.kind === 'done') return true
      if (piece.kind === 'more') position = piece.position
      else {
        tries += 1
        await clock.sleep(SCRUB_WAIT_MS, signal)
      }
    }
    return false
  }
}
