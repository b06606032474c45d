/** Agents and tools, which are kept in the same way: the columns that something is found by, and all else as JSON. */
import type { Agent, AgentStatus } from '../../../agents/agent.ts'
import type { Tool } from '../../../agents/tool.ts'
import type { PutResult } from '../../agent-storage.ts'
import type { Page } from '../../storage.ts'
import type { Connection } from '../connection.ts'
import { fromJson } from '../rows.ts'

/** What the table knows by itself. */
type Row = {
  readonly id: string
  readonly version: number
  readonly status: string
  readonly group_name: string
  readonly definition: string
  readonly created_at: number
  readonly updated_at: number
}

type Common = Pick<Agent, 'version' | 'status' | 'group' | 'createdAt' | 'updatedAt'>

export type Kind<Kept extends Common> = {
  readonly table: 'agents' | 'tools'
  readonly idColumn: 'agent_id' | 'tool_id'
  readonly idOf: (value: Omit<Kept, 'version' | 'updatedAt'>) => string
  /** What is written as JSON. */
  readonly definitionOf: (value: Omit<Kept, 'version' | 'updatedAt'>) => unknown
  readonly toKept: (row: Row, common: Common) => Kept
}

export const agentKind: Kind<Agent> = {
  table: 'agents',
  idColumn: 'agent_id',
  idOf: ({ agentId }) => agentId,
  definitionOf: ({ name, instructions, model, maxSteps, actions, conversationMemory }) => ({
    ...{ name, instructions, model, maxSteps, actions, conversationMemory },
  }),
  toKept: (row, common) => ({
    ...fromJson<Omit<Agent, keyof Common | 'agentId'>>(row.definition),
    ...common,
    agentId: row.id,
  }),
}

export const toolKind: Kind<Tool> = {
  table: 'tools',
  idColumn: 'tool_id',
  idOf: ({ toolId }) => toolId,
  definitionOf: ({ name, description, parameters, steps, output, outputSchema }) => ({
    ...{ name, description, parameters, steps, output, outputSchema },
  }),
  toKept: (row, common) => ({
    ...fromJson<Omit<Tool, keyof Common | 'toolId'>>(row.definition),
    ...common,
    toolId: row.id,
  }),
}

const read = <Kept extends Common>(kind: Kind<Kept>, row: Row): Kept =>
  kind.toKept(row, {
    version: row.version,
    // safety: written from the same union
    status: row.status as AgentStatus,
    group: row.group_name,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  })

const select = ({ table, idColumn }: Pick<Kind<never>, 'table' | 'idColumn'>): string =>
  `SELECT ${idColumn} AS id, version, status, group_name, definition, created_at, updated_at FROM ${table}`

export const definitionsOf = <Kept extends Common>(db: Connection, projectId: string, kind: Kind<Kept>) => {
  const { table, idColumn } = kind

  const get = (id: string): Kept | null => {
    const row = db.get<Row>(`${select(kind)} WHERE project_id = ? AND ${idColumn} = ?`, projectId, id)
    return row === undefined ? null : read(kind, row)
  }

  /** The cursor is the instant and the id of the last one. */
  const list = (params: { limit: number; cursor: string | null; withArchived: boolean }): Page<Kept> => {
    const [before, beforeId] = splitCursor(params.cursor)
    const rows = db.all<Row>(
      `${select(kind)} WHERE project_id = ? AND (created_at, ${idColumn}) < (?, ?)
       ${params.withArchived ? '' : "AND status <> 'archived'"} ORDER BY created_at DESC, ${idColumn} DESC LIMIT ?`,
      projectId,
      before,
      beforeId,
      params.limit + 1,
    )
    const page = rows.slice(0, params.limit)
    const last = page.at(-1)
    const hasMore = rows.length > params.limit && last !== undefined
    return {
      items: page.map((row) => read(kind, row)),
      nextCursor: hasMore ? `${last.created_at}:${last.id}` : null,
    }
  }

  const put = (params: {
    value: Omit<Kept, 'version' | 'updatedAt'>
    expectedVersion: number
    countMax: number
    now: number
  }): PutResult<Kept> => {
    const { value, expectedVersion, countMax, now } = params
    const id = kind.idOf(value)
    const before = get(id)
    if ((before?.version ?? 0) !== expectedVersion) return { kind: 'moved' }
    if (value.status !== 'archived') {
      if (!hasGroup(db, projectId, value.group)) return { kind: 'group_gone' }
      const isOneMore = before === null || before.status === 'archived'
      if (isOneMore && countDefinitions(db, projectId, table) >= countMax) return { kind: 'full' }
    }
    db.run(
      `INSERT INTO ${table} (project_id, ${idColumn}, version, status, group_name, definition, created_at, updated_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (project_id, ${idColumn}) DO UPDATE SET version = excluded.version, status = excluded.status,
         group_name = excluded.group_name, definition = excluded.definition, updated_at = excluded.updated_at`,
      projectId,
      id,
      expectedVersion + 1,
      value.status,
      value.group,
      JSON.stringify(kind.definitionOf(value)),
      value.createdAt,
      now,
    )
    const after = get(id)
    if (after === null) throw new Error(`${table} ${id} was not written`)
    return { kind: 'put', value: after }
  }

  return { get, list, put }
}

/** Before everything, in the order newest first. */
const splitCursor = (cursor: string | null): readonly [number, string] => {
  if (cursor === null) return [Number.MAX_SAFE_INTEGER, '']
  const colon = cursor.indexOf(':')
  return [Number(cursor.slice(0, colon)), cursor.slice(colon + 1)]
}

/** Those that are not archived. */
export const countDefinitions = (db: Connection, projectId: string, table: 'agents' | 'tools'): number =>
  db.get<{ count: number }>(
    `SELECT count(*) AS count FROM ${table} WHERE project_id = ? AND status <> 'archived'`,
    projectId,
  )?.count ?? 0

const hasGroup = (db: Connection, projectId: string, name: string): boolean =>
  db.get('SELECT 1 FROM groups WHERE project_id = ? AND name = ?', projectId, name) !== undefined

/** Whether an agent or a tool that is not archived names the group. */
export const isGroupUsed = (db: Connection, projectId: string, name: string): boolean =>
  db.get(
    `SELECT 1 WHERE EXISTS (SELECT 1 FROM agents WHERE project_id = ?1 AND group_name = ?2 AND status <> 'archived')
       OR EXISTS (SELECT 1 FROM tools WHERE project_id = ?1 AND group_name = ?2 AND status <> 'archived')`,
    projectId,
    name,
  ) !== undefined
