/** Depth costs nothing: every statement that runs while work is done finds its rows by an index. */
import { expect, test } from 'vitest'
import { recordedPlans } from '../../testing/recorded-plans.ts'
import { temporaryConnection } from '../../testing/sqlite-connection.ts'
import { claim, exercise, groupId, newRun, prepare, projectId } from '../../testing/sqlite-exercise.ts'
import { runCounts, runError, startAt } from '../../testing/storage-factories.ts'
import { acceptRun } from './accept-run.ts'
import { failRun } from './attempts.ts'

/** Looks through all that a project has of these, though the statement names a run: the other index is meant. The greatest of a project is found at once. */
const isWholeProject = (sql: string, detail: string): boolean =>
  /^SEARCH run_events .*\(project_id=\?\)$/.test(detail) &&
  /\brun_id = /.test(sql) &&
  !/max\(project_seq\)/.test(sql)

/** What may be read from end to end: lists in the parameters, subqueries with a limit, an index in the order wanted, a row a project. */
const isCheap = (detail: string): boolean =>
  !detail.startsWith('SCAN') ||
  /^SCAN (json_each|f|walked|wanted|had|met|CONSTANT ROW|lanes USING (COVERING )?INDEX lanes_ready)\b/.test(
    detail,
  ) ||
  detail === 'SCAN (subquery-1)' ||
  // Of those that are pending only, and up to a limit.
  detail === 'SCAN webhook_deliveries USING COVERING INDEX webhook_deliveries_in_order' ||
  /^SCAN \d+-ROW VALUES|^SCAN project_queues$/.test(detail)

test('no statement of the work reads a table from end to end, or sorts one', () => {
  using db = temporaryConnection('migrated')
  prepare(db)
  const plans = recordedPlans(db, exercise)
  expect(plans.length).toBeGreaterThan(40)
  for (const [sql, plan] of plans) {
    expect(
      plan.filter((detail) => !isCheap(detail) || isWholeProject(sql, detail)),
      sql,
    ).toEqual([])
    const sorts = plan.filter((detail) => /^USE TEMP B-TREE FOR .*ORDER BY$/.test(detail))
    // Of the runs that ended in a range there are few, when they are read like this.
    if (/FROM (lanes|runs)/.test(sql) && !sql.includes('runs_ended')) expect(sorts, sql).toEqual([])
  }
})

test('a claim costs the same with a thousand and with two hundred thousand runs in the lane', () => {
  using db = temporaryConnection('migrated')
  prepare(db)
  const fill = (count: number) =>
    db.run(
      `INSERT INTO runs (project_id, run_id, group_id, lane_id, user_key, input_type, state, attempt, failures, counts, created_at, updated_at)
       WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?2)
       SELECT ?1, lower(hex(randomblob(16))), ?3, ?3, 'ada', 'string', 'queued', 0, 0, '{}', 0, 0 FROM n`,
      projectId,
      count,
      groupId,
    )
  const medianClaimMs = () => {
    const times: number[] = []
    for (let n = 0; n < 99; n++) {
      const before = performance.now()
      const { claim: held } = claim(db)
      times.push(performance.now() - before)
      failRun(db, { claim: held, error: runError, step: null, counts: runCounts(), now: startAt })
    }
    return times.sort((a, b) => a - b)[49] ?? 0
  }
  const ratio = db.transact(() => {
    acceptRun(db, projectId, newRun())
    fill(1_000)
    const few = medianClaimMs()
    fill(200_000)
    return medianClaimMs() / few
  })
  expect(ratio).toBeLessThan(5)
})
