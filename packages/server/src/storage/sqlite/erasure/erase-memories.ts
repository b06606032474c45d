/** Memories, wherever something of them stands: the row, the index, the history. */
import type { Connection } from '../connection.ts'
import { isChangedBefore } from '../delete-some.ts'
import { unindexMemory } from '../documents.ts'
import { admittedScope, listMemories } from '../memories.ts'
import { fromJson } from '../rows.ts'
import { partitionNoOf } from '../scopes.ts'
import { addCounts, addTarget, type Counts, type Erasure, type Work } from './erasure.ts'

/** Of a user: whatever stands in the partitions that were the user's. Of a filter: what it admits. */
export const eraseMemories: Work = (db, erasure, params) =>
  erasure.filter === null ? eraseOfUser(db, erasure, params) : eraseFiltered(db, erasure, params)

const eraseOfUser: Work = (db, erasure, { limit }) => {
  const rows = db.all<{ memory_id: string }>(
    `SELECT m.memory_id FROM groups g
     JOIN partitions p ON p.project_id = g.project_id AND p.group_id = g.group_id AND p.user_key = ?2
     JOIN memories m ON m.partition_no = p.partition_no
     WHERE g.project_id = ?1 LIMIT ?3`,
    erasure.projectId,
    erasure.alias,
    limit,
  )
  const erased = rows.map(({ memory_id }) => eraseMemory(db, erasure, memory_id))
  return { cursor: rows.length < limit ? null : 'more', erased: erased.reduce(addCounts, {}) }
}

const eraseFiltered: Work = (db, erasure, { limit }) => {
  if (erasure.filter === null) throw new Error('an erasure by a filter has one')
  const { items, nextCursor } = listMemories(db, erasure.projectId, {
    ...erasure.filter,
    limit,
    cursor: erasure.cursor,
  })
  const erased = items
    .map(({ memoryId }) => memoryId)
    .filter((memoryId) => isChangedBefore(db, erasure.projectId, { memoryId, seq: erasure.seq }))
    .map((memoryId) => {
      for (const runId of runsOf(db, erasure, memoryId)) addTarget(db, erasure, 'input', runId)
      return eraseMemory(db, erasure, memoryId)
    })
  return { cursor: nextCursor, erased: erased.reduce(addCounts, {}) }
}

/** What is deleted already and has a history still. */
export const eraseDeleted: Work = (db, erasure, { limit }) => {
  const partitions =
    erasure.filter === null
      ? partitionsOfAlias(db, erasure)
      : erasure.filter.partitions.map((partition) => partitionNoOf(db, erasure.projectId, partition))
  const rows = db.all<{ memory_id: string }>(
    `SELECT DISTINCT v.memory_id FROM json_each(?2) p
     JOIN memory_versions v ON v.partition_no = p.value AND v.project_id = ?1
     JOIN scopes s ON s.scope_no = v.scope_no
     WHERE (?3 IS NULL OR ${admittedScope('?3')})
       AND NOT EXISTS (SELECT 1 FROM memories m WHERE m.project_id = ?1 AND m.memory_id = v.memory_id) LIMIT ?4`,
    erasure.projectId,
    JSON.stringify(partitions.filter((partitionNo) => partitionNo !== null)),
    erasure.filter === null ? null : JSON.stringify(erasure.filter.topics),
    limit,
  )
  const erased = rows.map(({ memory_id }) => {
    if (erasure.filter !== null)
      for (const runId of runsOf(db, erasure, memory_id)) addTarget(db, erasure, 'input', runId)
    addTarget(db, erasure, 'memory', memory_id)
    return { versions: eraseHistory(db, erasure.projectId, memory_id) }
  })
  return { cursor: rows.length < limit ? null : 'more', erased: erased.reduce(addCounts, {}) }
}

const partitionsOfAlias = (db: Connection, { projectId, alias }: Erasure): readonly number[] =>
  db
    .all<{ partition_no: number }>(
      `SELECT p.partition_no FROM groups g
       JOIN partitions p ON p.project_id = g.project_id AND p.group_id = g.group_id AND p.user_key = ? WHERE g.project_id = ?`,
      alias,
      projectId,
    )
    .map((row) => row.partition_no)

/** The runs that had to do with what the memory says or said: their inputs hold it. */
const runsOf = (db: Connection, { projectId }: Erasure, memoryId: string): ReadonlySet<string> => {
  const rows = db.all<{ run_id: string; sources: string }>(
    `SELECT run_id, sources FROM memory_versions WHERE project_id = ?1 AND memory_id = ?2
     UNION ALL SELECT '', sources FROM memories WHERE project_id = ?1 AND memory_id = ?2`,
    projectId,
    memoryId,
  )
  const named = rows.flatMap(({ run_id, sources }) => [
    run_id,
    ...fromJson<{ runId: string }[]>(sources).map(({ runId }) => runId),
  ])
  return new Set(named.filter((runId) => runId !== ''))
}

const eraseMemory = (db: Connection, erasure: Erasure, memoryId: string): Counts => {
  const { projectId } = erasure
  addTarget(db, erasure, 'memory', memoryId)
  unindexMemory(db, projectId, memoryId)
  db.run('DELETE FROM memories WHERE project_id = ? AND memory_id = ?', projectId, memoryId)
  return { memories: 1, versions: eraseHistory(db, projectId, memoryId) }
}

/** Answers how many versions there were. */
export const eraseHistory = (db: Connection, projectId: string, memoryId: string): number => {
  db.run('DELETE FROM run_confirmations WHERE project_id = ? AND memory_id = ?', projectId, memoryId)
  return db.run('DELETE FROM memory_versions WHERE project_id = ? AND memory_id = ?', projectId, memoryId)
}
