/**
 * What a worker writes while it holds a claim. Every write names the attempt; when the run is at another attempt by now, or has
 * ended, or waits for its next attempt, zero rows change and the claim is lost: the work of that worker is void.
 */
import { toIso } from '../../kernel/clock.ts'
import type { Claim, Operation, Run, RunCounts, StepRecord } from '../../runs/run.ts'
import type { FailedAttempt, Guarded } from '../storage.ts'
import type { Connection } from './connection.ts'
import { appendEvent } from './events.ts'
import { activateNextLanes, advanceLane, extendLease, parkLane, wakeDueLanes } from './lanes.ts'
import { type RunRow, toCommittedColumn, toRun } from './rows.ts'
import { findRun } from './runs.ts'

export const claimRuns = (
  db: Connection,
  params: { limit: number; leaseMs: number; now: number },
): { claim: Claim; run: Run }[] => {
  const { now } = params
  const leaseUntil = now + params.leaseMs
  wakeDueLanes(db, { now, limit: params.limit })
  return activateNextLanes(db, { limit: params.limit, leaseUntil }).map(({ projectId, laneId }) => {
    const row = db.get<RunRow>(
      `UPDATE runs SET state = 'running', attempt = attempt + 1, retry_at = NULL, started_at = coalesce(started_at, ?3), updated_at = ?3
       WHERE seq = (SELECT seq FROM runs WHERE project_id = ?1 AND lane_id = ?2 AND state IN ('queued', 'running') ORDER BY seq LIMIT 1)
       RETURNING *`,
      projectId,
      laneId,
      now,
    )
    if (row === undefined) throw new Error(`lane ${laneId} of project ${projectId} has no run`)
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

/** The run, if the claim still holds. */
export const heldRun = (db: Connection, claim: Claim): Run | null => {
  const run = findRun(db, claim.projectId, claim.runId)
  return run?.state === 'running' && run.attempt === claim.attempt && run.retryAt === null ? run : null
}

const guarded = (db: Connection, claim: Claim, write: (run: Run) => void): Guarded => {
  const run = heldRun(db, claim)
  if (run === null) return { kind: 'claim_lost' }
  write(run)
  return { kind: 'done' }
}

export const renewLease = (
  db: Connection,
  { claim, leaseUntil }: { claim: Claim; leaseUntil: number },
): Guarded => guarded(db, claim, (run) => extendLease(db, run, leaseUntil))

export const recordStep = (db: Connection, { claim, step }: { claim: Claim; step: StepRecord }): Guarded =>
  guarded(db, claim, () => insertStep(db, claim, step))

export const insertStep = (db: Connection, claim: Claim, step: StepRecord): void => {
  db.run(
    `INSERT INTO run_steps (project_id, run_id, attempt, name, type, status, started_at, completed_at, output, error)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (run_id, attempt, name, project_id) DO UPDATE
     SET status = excluded.status, started_at = excluded.started_at, completed_at = excluded.completed_at,
         output = excluded.output, error = excluded.error`,
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
  )
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

export const failRun = (db: Connection, params: FailedAttempt & { counts: RunCounts }): Guarded =>
  guarded(db, params.claim, (run) => {
    if (params.step !== null) insertStep(db, params.claim, params.step)
    endRun(db, run, { ...params, state: 'failed', outcome: null, operations: [] })
  })

/** The run reaches a terminal state and its lane goes on. */
export const endRun = (
  db: Connection,
  run: Run,
  end: Pick<Run, 'outcome' | 'error' | 'counts'> & {
    readonly state: 'completed' | 'partial' | 'failed'
    readonly operations: readonly Pick<Operation, 'kind' | 'memoryId'>[]
    readonly now: number
  },
): void => {
  const committed = end.operations.map(({ kind, memoryId }) => ({ kind, memoryId, committedAt: end.now }))
  const error = end.error === null ? null : JSON.stringify(end.error)
  db.run(
    `UPDATE runs SET state = ?, outcome = ?, error = ?, counts = ?, committed = ?, retry_at = NULL, updated_at = ?, completed_at = ? WHERE seq = ?`,
    end.state,
    end.outcome,
    error,
    JSON.stringify(end.counts),
    toCommittedColumn(committed),
    end.now,
    end.now,
    run.seq,
  )
  db.run('UPDATE project_queues SET depth = depth - 1 WHERE project_id = ?', run.projectId)
  advanceLane(db, run)
  const { created, updated, deleted } = end.counts
  appendEvent(db, {
    projectId: run.projectId,
    runId: run.runId,
    type: `run.${end.state}`,
    at: end.now,
    data: {
      outcome: end.outcome,
      created,
      updated,
      deleted,
      ...(end.error !== null && { error: end.error }),
    },
  })
}
