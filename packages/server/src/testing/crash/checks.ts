/**
 * What must hold when all is drained, beyond what the doctor checks in any store: what the clients know, and what is true of
 * a store in which nothing failed and nothing was cancelled. A check answers what is wrong, in sentences; nothing when nothing is.
 */
import { DatabaseSync } from 'node:sqlite'
import { examineDatabase } from '../../storage/sqlite/doctor/examine.ts'
import type { Entry } from './ledger.ts'

type Row = Readonly<Record<string, unknown>>
type Read = (sql: string, ...values: readonly string[]) => readonly Row[]
type Check = {
  readonly name: string
  readonly wrong: (read: Read, entries: readonly Entry[]) => readonly string[]
}

/** A check in SQL: each row it finds is wrong. */
const sqlCheck = (name: string, sql: string): Check => ({
  name,
  wrong: (read) => read(sql).map((row) => JSON.stringify(row)),
})

const checks: readonly Check[] = [
  {
    name: 'an acknowledged run exists and is completed',
    wrong: (read, entries) => {
      const states = new Map(read('SELECT run_id, state FROM runs').map((row) => [row.run_id, row.state]))
      return entries.flatMap(({ key, runIds }) =>
        runIds
          .filter((runId) => states.get(runId) !== 'completed')
          .map((runId) => `${key}: run ${runId} is ${states.get(runId) ?? 'lost'}`),
      )
    },
  },
  {
    name: 'one idempotency key is one run',
    wrong: (read, entries) => {
      const stored = new Map(
        read('SELECT key, run_id FROM idempotency_keys').map((row) => [row.key, row.run_id]),
      )
      const runCount = read('SELECT count(*) AS n FROM runs')[0]?.n
      return [
        ...(runCount === stored.size ? [] : [`${stored.size} keys, but ${runCount} runs`]),
        ...entries
          .filter(
            ({ key, runIds }) =>
              runIds.length > 1 || (runIds[0] !== undefined && stored.get(key) !== runIds[0]),
          )
          .map(
            ({ key, runIds }) => `${key} was answered ${runIds.join(' and ')}, stored is ${stored.get(key)}`,
          ),
      ]
    },
  },
  {
    name: 'an acknowledged statement is in exactly one memory, of its user; one never acknowledged in at most one',
    wrong: (read, entries) => {
      const holders = new Map<string, string[]>()
      for (const row of read(
        'SELECT m.content, s.user_key FROM memories m JOIN scopes s ON s.scope_no = m.scope_no',
      )) {
        for (const [token] of String(row.content).matchAll(/qx\d+z\d+/g)) {
          holders.set(token, [...(holders.get(token) ?? []), String(row.user_key)])
        }
      }
      return entries.flatMap(({ userId, tokens, runIds, kind, key }) =>
        tokens.flatMap((token) => {
          const users = holders.get(token) ?? []
          const isRight =
            users.every((user) => user === userId.toLowerCase()) &&
            (users.length === 1 || (users.length === 0 && runIds.length === 0))
          return isRight
            ? []
            : [
                `${key} (${kind} of ${userId}): ${token} is in ${users.length} memories, of: ${users.join(', ')}`,
              ]
        }),
      )
    },
  },
  sqlCheck(
    'what everybody repeats is one memory of each user',
    "SELECT scope_no, count(*) AS n FROM memories WHERE content LIKE 'Mara drinks tea%' GROUP BY scope_no HAVING n > 1",
  ),
  sqlCheck(
    'the runs of a lane end in the order they were accepted',
    `SELECT run_id, lane_id, seq FROM (
       SELECT r.run_id, r.lane_id, r.seq, e.project_seq, max(e.project_seq) OVER (PARTITION BY r.lane_id ORDER BY r.seq ROWS UNBOUNDED PRECEDING) AS latest
       FROM runs r JOIN run_events e ON e.run_id = r.run_id AND e.type = 'run.completed')
     WHERE project_seq < latest`,
  ),
  sqlCheck(
    'the memories of a partition stand in the order their runs were accepted',
    `SELECT memory_id, position FROM (
       SELECT m.memory_id, m.position, r.seq, max(r.seq) OVER (PARTITION BY m.partition_no ORDER BY m.position ROWS UNBOUNDED PRECEDING) AS latest
       FROM memories m JOIN memory_versions v ON v.memory_id = m.memory_id AND v.version = 1 JOIN runs r ON r.run_id = v.run_id)
     WHERE seq < latest`,
  ),
  sqlCheck(
    'the events of a run are numbered without a gap, begin with its acceptance and end with its end, once each',
    `SELECT run_id, count(*) AS n, max(seq) AS last FROM run_events GROUP BY run_id
     HAVING n <> last OR sum(type = 'run.accepted') <> 1 OR sum(type = 'run.completed') <> 1
       OR max(CASE WHEN type = 'run.accepted' THEN seq END) <> 1 OR max(CASE WHEN type = 'run.completed' THEN seq END) <> last`,
  ),
  sqlCheck(
    'the events of the project are numbered without a gap',
    'SELECT project_id, count(*) AS n, max(project_seq) AS last FROM run_events GROUP BY project_id HAVING n <> last',
  ),
  sqlCheck(
    'attempts are counted one by one',
    `SELECT r.run_id, r.attempt, count(*) AS started FROM runs r JOIN run_events e ON e.run_id = r.run_id AND e.type = 'run.started'
     GROUP BY r.run_id HAVING started <> r.attempt`,
  ),
  sqlCheck(
    'no run has failed an attempt',
    'SELECT run_id, failures, error FROM runs WHERE failures > 0 OR error IS NOT NULL',
  ),
  sqlCheck(
    'every run has its payload',
    'SELECT r.run_id FROM runs r LEFT JOIN run_payloads p ON p.run_id = r.run_id WHERE p.run_id IS NULL',
  ),
  sqlCheck('nothing is left in the lanes', 'SELECT * FROM lanes'),
  sqlCheck('nothing is counted as waiting', 'SELECT * FROM project_queues WHERE depth <> 0'),
]

const SHOWN_COUNT_MAX = 5

/** Opens the database of a stopped server read-only, and answers what is wrong with it, by the doctor too. */
export const findWrongs = (file: string, entries: readonly Entry[]): readonly string[] => {
  const database = new DatabaseSync(file, { readOnly: true })
  const read: Read = (sql, ...values) => database.prepare(sql).all(...values)
  const wrongs = checks.flatMap(({ name, wrong }) => {
    const found = wrong(read, entries)
    const more = found.length > SHOWN_COUNT_MAX ? [`… and ${found.length - SHOWN_COUNT_MAX} more`] : []
    return found.length === 0
      ? []
      : [`not so: ${name}`, ...[...found.slice(0, SHOWN_COUNT_MAX), ...more].map((line) => `  ${line}`)]
  })
  database.close()
  const ill = examineDatabase(file).filter(({ wrongCount }) => wrongCount > 0)
  return [
    ...wrongs,
    ...ill.flatMap(({ sentence, examples }) => [
      `not so: ${sentence}`,
      ...examples.map((line) => `  ${line}`),
    ]),
  ]
}
