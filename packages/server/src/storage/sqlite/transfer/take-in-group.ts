import { deterministicId } from '../../../kernel/ids.ts'
import type { Topic } from '../../../projects/group.ts'
import type { GroupRecord } from '../../transfer.ts'
import type { Connection } from '../connection.ts'
import { getGroup, insertTopic } from '../groups.ts'
import type { Taken } from './take-in.ts'

/** A group that is not used yet becomes the one that comes; one that is must be the same. */
export const takeInGroup = (db: Connection, projectId: string, record: GroupRecord): Taken => {
  const current = record.versions.at(-1)
  if (current === undefined) return { conflict: 'the group has no version' }
  const before = getGroup(db, projectId, { name: record.name })
  if (before !== null && isUsed(db, projectId, before.groupId)) {
    const isSame =
      JSON.stringify([before.topics, before.pipeline]) === JSON.stringify([current.topics, current.pipeline])
    return isSame ? 'unchanged' : { conflict: 'the group is there with other topics or another pipeline' }
  }
  const groupId = before?.groupId ?? deterministicId(['group', projectId, record.name])
  const version = Number(current.version)
  db.run(
    `INSERT INTO groups (project_id, group_id, name, created_at, version) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (project_id, group_id) DO UPDATE SET created_at = excluded.created_at, version = excluded.version`,
    projectId,
    groupId,
    record.name,
    record.created_at,
    version,
  )
  for (const table of ['group_versions', 'topics'])
    db.run(`DELETE FROM ${table} WHERE project_id = ? AND group_id = ?`, projectId, groupId)
  for (const one of record.versions)
    db.run(
      'INSERT INTO group_versions (project_id, group_id, version, topics, pipeline, created_at) VALUES (?, ?, ?, ?, ?, ?)',
      projectId,
      groupId,
      Number(one.version),
      JSON.stringify(one.topics),
      JSON.stringify(one.pipeline),
      Number(one.created_at),
    )
  // safety: checked before it was handed in
  for (const [position, topic] of (current.topics as readonly Topic[]).entries())
    insertTopic(db, { projectId, groupId, position, topic })
  // Only the runs that import are there: they go on by what is there now.
  db.run(
    'UPDATE runs SET group_version = ? WHERE project_id = ? AND group_id = ?',
    version,
    projectId,
    groupId,
  )
  return 'created'
}

const isUsed = (db: Connection, projectId: string, groupId: string): boolean =>
  db.get(
    `SELECT 1 WHERE EXISTS (SELECT 1 FROM runs WHERE project_id = ?1 AND group_id = ?2 AND input_type <> 'import')
       OR EXISTS (SELECT 1 FROM scopes WHERE project_id = ?1 AND group_id = ?2)`,
    projectId,
    groupId,
  ) !== undefined
