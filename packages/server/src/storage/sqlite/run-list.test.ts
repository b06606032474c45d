/** Lists over more runs than one page looks at: the same runs as a plain filter finds, each once, in order. */
import { beforeAll, expect, test } from 'vitest'
import { RUN_SCAN_COUNT_MAX, STAT_SAMPLE_COUNT_MAX } from '../../kernel/limits.ts'
import { everyRun, type RunFilter } from '../../runs/run-filter.ts'
import { seededRandom } from '../../testing/seeded-random.ts'
import { type TemporaryConnection, temporaryConnection } from '../../testing/sqlite-connection.ts'
import { startAt } from '../../testing/storage-factories.ts'
import { createProject } from './projects.ts'
import { listRuns } from './run-list.ts'
import { sampleEnded } from './run-statistics.ts'

const projectId = '00000000-0000-7000-8000-00000000000a'
const RUN_COUNT = 3 * RUN_SCAN_COUNT_MAX

type Row = {
  seq: number
  run_id: string
  group_id: string
  user_key: string | null
  input_type: string
  state: string
  error: string | null
  created_at: number
  completed_at: number | null
  dismissed_at: number | null
  tags: string | null
}

let db: TemporaryConnection
let rows: readonly Row[]

beforeAll(() => {
  db = temporaryConnection('migrated')
  for (const [index, id] of [projectId, 'another'].entries())
    createProject(db, { projectId: id, name: `project ${index}`, createdAt: startAt })
  const random = seededRandom(7)
  const pick = <Value>(...values: readonly Value[]) => values[Math.floor(random() * values.length)] as Value
  db.transact(() => {
    for (let n = 0; n < RUN_COUNT; n++) {
      const isRare = n % 5_000 === 17
      const state = isRare ? pick('failed', 'partial', 'running') : pick('completed', 'completed', 'queued')
      const createdAt = startAt + Math.floor(random() * 5_000) + (n % 3) * 10_000
      const isOpen = state === 'queued' || state === 'running'
      db.run(
        `INSERT INTO runs (project_id, run_id, group_id, lane_id, user_id, user_key, input_type, state, attempt, failures, error, counts, created_at, updated_at, completed_at, dismissed_at, tags)
         VALUES (?, ?, ?, 'lane', NULL, ?, ?, ?, 1, 0, ?, '{}', ?, ?, ?, ?, ?)`,
        n % 100 === 0 ? 'another' : projectId,
        `run ${n}`,
        isRare ? 'rare group' : 'group',
        pick(null, 'ada', 'ada', 'ben'),
        isRare ? 'delete' : pick('string', 'conversation'),
        state,
        state === 'failed' ? '{"stage":"extraction","code":"timeout","detail":"Not finished"}' : null,
        createdAt,
        createdAt,
        isOpen ? null : createdAt + Math.floor(random() * 100),
        isRare && n % 10_000 === 17 ? createdAt : null,
        n % 3_000 === 17 ? '["red","blue"]' : n % 2 === 0 ? '["even"]' : null,
      )
    }
  })
  db.run(
    'INSERT INTO run_tags (project_id, tag, seq, created_at) SELECT project_id, value, seq, created_at FROM runs, json_each(tags)',
  )
  rows = db.all<Row>('SELECT * FROM runs WHERE project_id = ?', projectId)
  return () => db[Symbol.dispose]()
})

const matches = (row: Row, filter: RunFilter): boolean =>
  (filter.states?.some((state) => state === row.state) ?? true) &&
  (filter.userKey ?? row.user_key) === row.user_key &&
  (filter.groupId ?? row.group_id) === row.group_id &&
  (filter.inputType ?? row.input_type) === row.input_type &&
  (filter.tag === null || (JSON.parse(row.tags ?? '[]') as string[]).includes(filter.tag)) &&
  (filter.isDismissed === null || filter.isDismissed === (row.dismissed_at !== null)) &&
  (filter.createdAfter ?? 0) <= row.created_at &&
  row.created_at < (filter.createdBefore ?? Number.POSITIVE_INFINITY) &&
  (filter.completedAfter === null || (row.completed_at ?? -1) >= filter.completedAfter) &&
  (filter.completedBefore === null ||
    (row.completed_at !== null && row.completed_at < filter.completedBefore)) &&
  (filter.error === null || (row.error ?? '').toLowerCase().includes(filter.error.toLowerCase()))

const filters: readonly Partial<RunFilter>[] = [
  {},
  { states: ['failed'] },
  { states: ['failed', 'partial', 'running'] },
  { states: ['completed', 'queued'] },
  { states: [] },
  { userKey: 'ben' },
  { userKey: 'ada', states: ['failed'] },
  { groupId: 'rare group' },
  { groupId: 'group', states: ['failed'] },
  { inputType: 'delete' },
  { tag: 'red' },
  { inputType: 'string', states: ['running'] },
  { createdAfter: startAt + 4_000, createdBefore: startAt + 10_100 },
  { createdBefore: startAt + 50, states: ['queued', 'completed'] },
  { completedAfter: startAt + 5_000, completedBefore: startAt + 5_060 },
  { completedAfter: startAt + 10_000 },
  { completedBefore: startAt + 200, userKey: 'ben' },
  { tag: 'red' },
  { tag: 'even', states: ['failed', 'partial'] },
  { tag: 'even', createdAfter: startAt + 14_990 },
  { isDismissed: true },
  { isDismissed: false, states: ['failed', 'partial', 'running'] },
  { error: 'FINISHED' },
  { error: 'nowhere', userKey: 'ada' },
]

test.each(filters.map((filter) => [filter]))('%j finds what a plain filter finds', (over) => {
  const filter = { ...everyRun, ...over }
  const expected = rows
    .filter((row) => matches(row, filter))
    .sort((a, b) => b.created_at - a.created_at || b.seq - a.seq)
    .map((row) => row.run_id)
  for (const limit of [7, 100]) {
    const listed: string[] = []
    let pages = 0
    for (let cursor: string | null = null; pages === 0 || cursor !== null; pages++) {
      const page = listRuns(db, projectId, { filter, limit, cursor })
      listed.push(...page.items.map(({ run }) => run.runId))
      cursor = page.nextCursor
      // Enough to see the order and what comes after a page without a match.
      if (expected.length > 1_000 && listed.length >= 1_000) break
    }
    expect(listed).toEqual(expected.slice(0, expected.length > 1_000 ? listed.length : undefined))
    expect(pages).toBeLessThanOrEqual(Math.ceil(listed.length / limit) + (RUN_COUNT / RUN_SCAN_COUNT_MAX) * 3)
  }
})

test('of many ended runs a sample is read, and stands for about all of them', () => {
  const ended = rows.filter((row) => row.completed_at !== null)
  const { every, times } = sampleEnded(db, projectId, { after: 0 })
  expect([every, times.length <= STAT_SAMPLE_COUNT_MAX]).toEqual([64, true])
  expect(times.length * every).toBeGreaterThan(ended.length * 0.8)
  expect(times.length * every).toBeLessThan(ended.length * 1.2)
  const late = startAt + 24_990
  const few = sampleEnded(db, projectId, { after: late })
  expect([few.every, few.times.length]).toEqual([
    1,
    ended.filter((row) => (row.completed_at ?? 0) > late).length,
  ])
})

test('the counts by state are those of the rows', () => {
  const counted = db.all(
    'SELECT project_id, state, count FROM run_counts WHERE count > 0 ORDER BY project_id, state',
  )
  const rows = db.all(
    'SELECT project_id, state, count(*) AS count FROM runs GROUP BY project_id, state ORDER BY project_id, state',
  )
  expect(counted).toEqual(rows)
  db.run("UPDATE runs SET state = 'completed' WHERE state = 'running'")
  db.run("DELETE FROM runs WHERE state = 'failed'")
  const after = db.all<{ n: number }>(
    "SELECT count AS n FROM run_counts WHERE state IN ('running', 'failed')",
  )
  expect(new Set(after.map(({ n }) => n))).toEqual(new Set([0]))
})
