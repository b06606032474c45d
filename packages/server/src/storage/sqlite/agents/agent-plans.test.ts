/** However many there are: every statement about agents, tools and credits finds its rows by an index, in their order. */
import { expect, test } from 'vitest'
import { makeCharge } from '../../../testing/agent-factories.ts'
import { recordedPlans } from '../../../testing/recorded-plans.ts'
import { exerciseAgents } from '../../../testing/sqlite-agents-exercise.ts'
import { temporaryConnection } from '../../../testing/sqlite-connection.ts'
import { claim, newRun, prepare, projectId } from '../../../testing/sqlite-exercise.ts'
import { startAt, stepRecord } from '../../../testing/storage-factories.ts'
import { acceptRun } from '../accept-run.ts'
import { recordStep } from '../attempts.ts'
import { cancelRun } from '../steering.ts'

test('no statement reads a table from end to end, or sorts more than the triggers of a project', () => {
  using db = temporaryConnection('migrated')
  prepare(db)
  const plans = recordedPlans(db, exerciseAgents)
  expect(plans.length).toBeGreaterThan(25)
  for (const [sql, plan] of plans) {
    expect(
      plan.filter((detail) => /^SCAN (?!CONSTANT|json_each)/.test(detail)),
      sql,
    ).toEqual([])
    if (!/FROM triggers/.test(sql))
      expect(
        plan.filter((detail) => detail.includes('B-TREE')),
        sql,
      ).toEqual([])
  }
})

test('the end of an agent run finds those it waits for by an index', () => {
  using db = temporaryConnection('migrated')
  prepare(db)
  const run = newRun({ inputType: 'agent' })
  acceptRun(db, projectId, run)
  const plans = recordedPlans(db, (recording) =>
    cancelRun(recording, projectId, { runId: run.runId, reason: null, now: startAt }),
  )
  const [, plan = []] = plans.find(([sql]) => sql.includes('parent_run_id = ?')) ?? []
  expect(plan.join()).toContain('runs_by_parent (project_id=? AND parent_run_id=?)')
})

test('a charge costs the same with ten and with a hundred thousand in the ledger', () => {
  using db = temporaryConnection('migrated')
  prepare(db)
  acceptRun(db, projectId, newRun())
  const { claim: held } = claim(db)
  const fill = (from: number, to: number) =>
    db.run(
      `INSERT INTO credit_transactions (project_id, seq, kind, run_id, step, attempt, tokens, actions, amount, at)
       WITH RECURSIVE n (i) AS (SELECT ?2 UNION ALL SELECT i + 1 FROM n WHERE i < ?3)
       SELECT ?1, i, 'charge', ?4, 'filled-' || i, 1, 1, 0, '-0.1', ?5 FROM n`,
      projectId,
      from,
      to,
      held.runId,
      startAt,
    )
  let steps = 0
  const medianMs = () => {
    const times: number[] = []
    for (let n = 0; n < 99; n++) {
      const step = stepRecord({ name: `model-${steps++}`, type: 'model', charge: makeCharge() })
      const before = performance.now()
      recordStep(db, { claim: held, step })
      times.push(performance.now() - before)
    }
    return times.sort((a, b) => a - b)[49] ?? 0
  }
  const ratio = db.transact(() => {
    fill(1, 10)
    const few = medianMs()
    fill(1_000, 100_000)
    return medianMs() / few
  })
  expect(ratio).toBeLessThan(5)
})
