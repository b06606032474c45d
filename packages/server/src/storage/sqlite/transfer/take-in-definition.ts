import { canonicalJson } from '../../../kernel/json.ts'
import { AGENT_COUNT_MAX, TOOL_COUNT_MAX } from '../../../kernel/limits.ts'
import type { DefinitionRecord } from '../../transfer.ts'
import { countDefinitions } from '../agents/definitions.ts'
import type { Connection } from '../connection.ts'
import { findDefinition } from './read-definitions.ts'
import type { Taken } from './take-in.ts'

const tables = {
  agent: { table: 'agents', countMax: AGENT_COUNT_MAX },
  tool: { table: 'tools', countMax: TOOL_COUNT_MAX },
} as const

/** An agent or a tool comes as it was, with its version: what its runs say of it stays true. */
export const takeInDefinition = (db: Connection, projectId: string, record: DefinitionRecord): Taken => {
  const known = findDefinition(db, projectId, record)
  if (known !== null)
    return canonicalJson(known) === canonicalJson(record)
      ? 'unchanged'
      : { conflict: `the ${record.type} is there, and is another` }
  const { table, countMax } = tables[record.type]
  if (record.status !== 'archived' && countDefinitions(db, projectId, table) >= countMax)
    return { conflict: `the project has ${countMax} ${table}; it may have no more` }
  db.run(
    `INSERT INTO ${table} (project_id, ${record.type}_id, version, status, group_name, definition, created_at, updated_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    projectId,
    record.id,
    record.version,
    record.status,
    record.group,
    JSON.stringify(record.definition),
    record.created_at,
    record.updated_at,
  )
  return 'created'
}
