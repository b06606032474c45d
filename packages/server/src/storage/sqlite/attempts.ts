/**
 * What a worker writes while it holds a claim. Every write names the attempt; when the run is at another attempt by now, or has
 * ended, or waits for its next attempt, zero rows change and the claim is lost: the work of that worker is void.
 */
import { toIso } from '../../kernel/clock.ts'
import type { Claim, Run, RunCounts, StepBeginning, StepRecord } from '../../runs/run.ts'
import type { FailedAttempt, Guarded } from '../storage.ts'
import { chargeStep } from './agents/credits.ts'
import { companionsOf, forgetSharedWork, removeBuffer } from './buffers.ts'
import type { Connection } from './connection.ts'
import { expireRuns, releaseDelayedRuns } from './due-runs.ts'
import { cancelled, endRun, hasCommitted } from './end-run.ts'
import { appendEvent } from './events.ts'
import { flushDueBuffers } from './flush-buffer.ts'
import { activateNextLanes, extendLease, parkLane, wakeDueLanes } from './lanes.ts'
import { type RunRow, toRun } from './rows.ts'
import { findRun } from './runs.ts'
import { countUse } from './usage.ts'

export const claimRuns = (
  db: Connection,
  params: { limit: number; leaseMs: number; runTimeoutMs: number; now: number },
): { claim: Claim; run: Run }[] => {
  const { now, limit } = params
  const leaseUntil = now + params.leaseMs
  wakeDueLanes(db, { now, limit })
  releaseDelayedRuns(db, { now, limit: DUE_COUNT_MAX })
  expireRuns(db, { now, limit: DUE_COUNT_MAX })
  flushDueBuffers(db, { now, limit: DUE_COUNT_MAX })
  return activateNextLanes(db, { limit, leaseUntil }).map(({ projectId, seq }) => {
    const row = db.get<RunRow>(
      `UPDATE runs SET state = 'running', attempt = attempt + 1, retry_at = NULL, expires_at = NULL, updated_at = ?2,
         started_at = coalesce(started_at, ?2), deadline_at = coalesce(deadline_at, ?2 + coalesce(timeout_ms, ?3))
       WHERE seq = ?1 RETURNING *`,
      seq,
      now,
      params.runTimeoutMs,
    )
    if (row === undefined) throw new Error(`run ${seq} of a lane is gone`)
    const run = toRun(row)
    appendEvent(db, {
      projectId,
      runId: run.runId,
      type: 'run.started',
      at: now,
      data: { attempt: run.attempt },
    })
    return { claim: { projectId, runId: run.runId, attempt: run.attempt, leaseUntil }, run }
  })
}

/** Runs whose time has come, or is over, that one claim takes notice of. */
const DUE_COUNT_MAX = 256

/** The run, if the claim still holds. */
export const heldRun = (db: Connection, claim: Claim): Run | null => {
  const run = findRun(db, claim.projectId, claim.runId)
  return run?.state === 'running' && run.attempt === claim.attempt && run.retryAt === null ? run : null
}

const guarded = (db: Connection, claim: Claim, write: (run: Run) => void): Guarded => {
  const run = heldRun(db, claim)
  if (run === null) return { kind: 'claim_lost' }
  write(run)
  return run.cancelRequestedAt === null ? { kind: 'done' } : { kind: 'cancelling' }
}

export const renewLease = (
  db: Connection,
  { claim, leaseUntil }: { claim: Claim; leaseUntil: number },
): Guarded => guarded(db, claim, (run) => extendLease(db, run, leaseUntil))

export const beginStep = (db: Connection, { claim, step }: { claim: Claim; step: StepBeginning }): Guarded =>
  guarded(db, claim, ({ projectId, runId }) => {
    const { name, attempt, kind, of, number, startedAt } = step
    const data = { step: name, attempt, kind, name: of, number }
    appendEvent(db, { projectId, runId, type: 'step.started', at: startedAt, data })
  })

export const recordStep = (db: Connection, { claim, step }: { claim: Claim; step: StepRecord }): Guarded =>
  guarded(db, claim, () => insertStep(db, claim, step))

export const insertStep = (
  db: Connection,
  claim: Pick<Claim, 'projectId' | 'runId'>,
  step: StepRecord,
): void => {
  const charge = chargeStep(db, claim, step)
  db.run(
    `INSERT INTO run_steps (project_id, run_id, attempt, name, type, status, started_at, completed_at, output, error, use, charge)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (run_id, attempt, name, project_id) DO UPDATE
     SET status = excluded.status, started_at = excluded.started_at, completed_at = excluded.completed_at,
         output = excluded.output, error = excluded.error, use = excluded.use, charge = coalesce(charge, excluded.charge)`,
    claim.projectId,
    claim.runId,
    step.attempt,
    step.name,
    step.type,
    step.status,
    step.startedAt,
    step.completedAt,
    step.output === null ? null : JSON.stringify(step.output),
    step.error === null ? null : JSON.stringify(step.error),
    step.use === undefined ? null : JSON.stringify(step.use),
    charge === null ? null : JSON.stringify(charge),
  )
  if (step.use !== undefined) countUse(db, claim.projectId, { use: step.use, at: step.completedAt })
  appendEvent(db, {
    projectId: claim.projectId,
    runId: claim.runId,
    type: step.status === 'completed' ? 'step.completed' : 'step.failed',
    at: step.completedAt,
    data: { step: step.name, attempt: step.attempt, ...(step.error !== null && { error: step.error }) },
  })
}

export const retryRun = (db: Connection, params: FailedAttempt & { retryAt: number }): Guarded =>
  guarded(db, params.claim, (run) => {
    const { claim, error, step, now, retryAt } = params
    if (step !== null) insertStep(db, claim, step)
    if (run.cancelRequestedAt !== null)
      return endRun(db, run, cancelled(run, { reason: run.cancelReason, now }))
    db.run(
      'UPDATE runs SET failures = failures + 1, retry_at = ?, error = ?, updated_at = ? WHERE seq = ?',
      retryAt,
      JSON.stringify(error),
      now,
      run.seq,
    )
    parkLane(db, run, retryAt)
    const data = { attempt: run.attempt, retry_at: toIso(retryAt), error }
    appendEvent(db, { projectId: claim.projectId, runId: claim.runId, type: 'run.retrying', at: now, data })
  })

export const failRun = (db: Connection, params: FailedAttempt & { counts?: RunCounts }): Guarded =>
  guarded(db, params.claim, (run) => {
    if (params.step !== null) insertStep(db, params.claim, params.step)
    // Those that went on together fail together.
    const companions = companionsOf(db, run)
    forgetSharedWork(db, run, companions)
    const company = [run, ...companions]
    removeBuffer(db, run)
    for (const one of company) {
      // What an earlier commit did stays, and the run says so.
      const state = hasCommitted(db, one) ? 'partial' : 'failed'
      const counts = (one === run ? params.counts : undefined) ?? one.counts
      const end = { ...params, counts, state, outcome: null, operations: [], result: null } as const
      endRun(db, { ...one, bufferId: null }, end)
    }
  })

/** The end of a run that was asked to end: its worker has stopped at a safe point. */
export const cancelAttempt = (db: Connection, { claim, now }: { claim: Claim; now: number }): Guarded => {
  const run = heldRun(db, claim)
  if (run === null) return { kind: 'claim_lost' }
  endRun(db, run, cancelled(run, { reason: run.cancelReason, now }))
  return { kind: 'done' }
}
