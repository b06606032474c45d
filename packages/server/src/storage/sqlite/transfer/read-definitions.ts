/** Agents and tools as they travel. What is secret, and what was paid, does not. */
import type { DefinitionRecord } from '../../transfer.ts'
import { fromJson } from '../rows.ts'
import type { Reader } from './read-records.ts'

type Params = {
  readonly type: DefinitionRecord['type']
  readonly after: string | null
  readonly limit: number
}
type Row = Omit<DefinitionRecord, 'type' | 'cursor' | 'definition'> & { readonly definition: string }

const select = {
  agent:
    'SELECT agent_id AS id, version, status, group_name AS "group", definition, created_at, updated_at FROM agents',
  tool: 'SELECT tool_id AS id, version, status, group_name AS "group", definition, created_at, updated_at FROM tools',
}

const toRecord = (type: DefinitionRecord['type'], row: Row): DefinitionRecord => ({
  type,
  cursor: `${type}:${row.id}`,
  ...row,
  definition: fromJson(row.definition),
})

export const readDefinitions = (
  db: Reader,
  projectId: string,
  { type, after, limit }: Params,
): readonly DefinitionRecord[] =>
  db
    .all<Row>(
      `${select[type]} WHERE project_id = ? AND ${type}_id > ? ORDER BY ${type}_id LIMIT ?`,
      projectId,
      after ?? '',
      limit,
    )
    .map((row) => toRecord(type, row))

export const findDefinition = (
  db: Reader,
  projectId: string,
  { type, id }: Pick<DefinitionRecord, 'type' | 'id'>,
): DefinitionRecord | null => {
  const [row] = db.all<Row>(`${select[type]} WHERE project_id = ? AND ${type}_id = ?`, projectId, id)
  return row === undefined ? null : toRecord(type, row)
}
