/**
 * The proof. Everything that was erased was noted before, and is looked for now in every table that had to do with it. What is found
 * is a mistake of this program: the run fails, and tells where.
 */
import type { Connection } from '../connection.ts'
import { type Counts, type Erasure, listTargets, type Work } from './erasure.ts'
import { memoryTables, runTables } from './tables.ts'

/** Throws when something of what was erased is still there. */
export const prove: Work = (db, erasure, { limit }) => {
  const [kind, after] = JSON.parse(erasure.cursor ?? '["memory", ""]') as ['memory' | 'run' | 'input', string] // safety: written below
  const ids = listTargets(db, { ...erasure, cursor: after }, { kind, limit })
  refuseLeft(kind === 'memory' ? leftOfMemories(db, erasure, ids) : leftOfRuns(db, erasure, { kind, ids }))
  const last = ids.at(-1)
  if (ids.length === limit && last !== undefined) return { cursor: JSON.stringify([kind, last]), erased: {} }
  if (kind === 'memory')
    return { cursor: JSON.stringify([erasure.userKey === null ? 'input' : 'run', '']), erased: {} }
  refuseLeft(leftOfUser(db, erasure))
  return { cursor: null, erased: {} }
}

const refuseLeft = (left: Counts): void => {
  const found = Object.entries(left).filter(([, count]) => count > 0)
  if (found.length > 0)
    throw new Error(`the erasure left something behind: ${JSON.stringify(Object.fromEntries(found))}`)
}

const count = (db: Connection, sql: string, ...values: readonly (string | number | null)[]): number =>
  db.get<{ n: number }>(`SELECT count(*) AS n FROM ${sql}`, ...values)?.n ?? 0

/** Documents stand by their place: they go with the partition, or with the row that names the place. */
const leftOfMemories = (db: Connection, { projectId }: Erasure, ids: readonly string[]): Counts =>
  Object.fromEntries(
    memoryTables.map((table) => [
      table,
      count(
        db,
        `${table} WHERE project_id = ?1 AND memory_id IN (SELECT value FROM json_each(?2))`,
        projectId,
        JSON.stringify(ids),
      ),
    ]),
  )

const leftOfRuns = (
  db: Connection,
  { projectId }: Erasure,
  { kind, ids }: { kind: 'run' | 'input'; ids: readonly string[] },
): Counts => {
  const of = 'run_id IN (SELECT value FROM json_each(?2)) AND project_id = ?1'
  const left = (table: string, condition: string): readonly [string, number] => [
    table,
    count(db, `${table} WHERE ${of} ${condition}`, projectId, JSON.stringify(ids)),
  ]
  const tables =
    kind === 'run'
      ? ['runs', 'webhooks', ...runTables].map((table) => left(table, ''))
      : [
          left('run_payloads', ''),
          left('webhook_deliveries', ''),
          left('webhooks', ''),
          left('run_steps', 'AND output IS NOT NULL'),
          left(
            'runs',
            'AND (tags IS NOT NULL OR metadata IS NOT NULL OR result IS NOT NULL OR erased_at IS NULL)',
          ),
        ]
  return Object.fromEntries(tables)
}

const leftOfUser = (db: Connection, { projectId, userKey, alias, seq }: Erasure): Counts => {
  if (userKey === null || alias === null) return {}
  const partitions = `partitions WHERE project_id = ?1 AND user_key = ?2`
  return {
    runs: count(db, 'runs WHERE project_id = ? AND user_key = ? AND seq < ?', projectId, userKey, seq),
    webhooks: count(db, 'webhooks WHERE project_id = ? AND user_key = ?', projectId, userKey),
    conversations: count(db, 'conversations WHERE project_id = ? AND user_key = ?', projectId, alias),
    partitions: count(db, partitions, projectId, alias),
    scopes: count(db, 'scopes WHERE project_id = ? AND user_key = ?', projectId, alias),
  }
}
