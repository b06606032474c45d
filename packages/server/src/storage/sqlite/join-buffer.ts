/** The verbs of buffers: joining, looking at who is together, and making what waits go on. */
import { isTerminal } from '../../runs/run.ts'
import type { BufferStorage, CompanyMember, JoinBuffer, JoinResult } from '../buffer-storage.ts'
import type { SteerResult } from '../storage.ts'
import { heldRun, insertStep } from './attempts.ts'
import { companionsOf, enterBuffer, isSameCompany, removeBuffer } from './buffers.ts'
import type { Connection } from './connection.ts'
import { endRun } from './end-run.ts'
import { flushBufferOf } from './flush-buffer.ts'
import { advanceLane } from './lanes.ts'
import { fromJson, type RunRow, toRun } from './rows.ts'
import { existingRun, findRun } from './runs.ts'

export const joinBuffer = (db: Connection, params: JoinBuffer): JoinResult => {
  const { claim, joining, ending, now } = params
  const run = heldRun(db, claim)
  if (run === null) return { kind: 'claim_lost' }
  if (run.cancelRequestedAt !== null) return { kind: 'cancelling' }
  const company = new Map([run, ...companionsOf(db, run)].map((one) => [one.runId, one]))
  if (!isSameCompany(company, [...joining, ...ending])) return { kind: 'company_changed' }
  removeBuffer(db, run)
  for (const { step, state, outcome, error, counts, runId } of ending) {
    insertStep(db, { ...claim, runId }, step)
    const end = { state, outcome, error, counts, operations: [], result: null, now }
    endRun(db, { ...memberOf(company, runId), bufferId: null }, end)
  }
  for (const { runId, step, counts, bufferId } of joining) {
    const member = memberOf(company, runId)
    insertStep(db, { ...claim, runId }, step)
    if (runId === run.runId) advanceLane(db, run)
    enterBuffer(db, { ...member, counts }, { ...params, bufferId })
  }
  return { kind: 'done' }
}

const memberOf = <Member>(company: ReadonlyMap<string, Member>, runId: string): Member => {
  const member = company.get(runId)
  if (member === undefined) throw new Error(`run ${runId} is not in this company`)
  return member
}

export const listCompany = (
  db: Connection,
  projectId: string,
  { bufferId, step }: { bufferId: string; step: string },
): CompanyMember[] =>
  db
    .all<RunRow & { output: string | null }>(
      `SELECT r.*, (SELECT s.output FROM run_steps s
                    WHERE s.run_id = r.run_id AND s.project_id = r.project_id AND s.name = ?3 AND s.status = 'completed' AND s.is_void = 0
                    ORDER BY s.attempt DESC LIMIT 1) AS output
       FROM runs r WHERE r.project_id = ?1 AND r.buffer_id = ?2 ORDER BY r.seq`,
      projectId,
      bufferId,
      step,
    )
    .map((row) => ({ run: toRun(row), output: row.output === null ? null : fromJson(row.output) }))

export const flushRun = (
  db: Connection,
  projectId: string,
  { runId, now }: { runId: string; now: number },
): SteerResult => {
  const run = findRun(db, projectId, runId)
  if (run === null) return { kind: 'unknown' }
  if (isTerminal(run.state) || !flushBufferOf(db, run, now)) return { kind: 'unchanged', run }
  return { kind: 'done', run: existingRun(db, projectId, runId) }
}

export const flushBuffers = (
  db: Connection,
  projectId: string,
  params: Parameters<BufferStorage['flushBuffers']>[0],
): { buffers: number; runs: number } => {
  const flushed = db.all<{ count: number }>(
    `UPDATE buffers SET flush_at = ?1 WHERE project_id = ?2 AND buffer_id IN (
       SELECT buffer_id FROM buffers
       WHERE project_id = ?2 AND group_id = ?3 AND (?4 IS NULL OR user_key = ?4) AND state = 'collecting'
         AND (flush_at IS NULL OR flush_at > ?1)
         AND NOT EXISTS (
           SELECT 1 FROM json_each(?5) wanted WHERE NOT EXISTS (
             SELECT 1 FROM json_each(properties) had WHERE had.key = wanted.key AND had.value = wanted.value))
       LIMIT ?6)
     RETURNING count`,
    params.now,
    projectId,
    params.groupId,
    params.userKey ?? null,
    JSON.stringify(params.properties),
    params.limit,
  )
  return { buffers: flushed.length, runs: flushed.reduce((sum, { count }) => sum + count, 0) }
}
