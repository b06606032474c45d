/** THE lists of columns that travel, by what they belong to. A JSON column travels as what it holds. */

export const runColumns = [
  'input_type',
  'state',
  'attempt',
  'failures',
  'retry_at',
  'outcome',
  'created_at',
  'started_at',
  'updated_at',
  'completed_at',
  'priority',
  'delayed_until',
  'expires_at',
  'timeout_ms',
  'deadline_at',
  'attempt_base',
  'dry_run',
  'traceparent',
  'wire',
  'replay_of',
  'undo_of',
  'undone_by',
  'parent_run_id',
  'subject_id',
  'conversation_id',
  'cancel_requested_at',
  'cancel_reason',
  'dismissed_at',
  'erased_at',
  'group_version',
  'error',
  'counts',
  'committed',
  'tags',
  'metadata',
  'result',
] as const

export const stepColumns = [
  'attempt',
  'name',
  'type',
  'status',
  'started_at',
  'completed_at',
  'is_void',
  'output',
  'error',
  'use',
  'charge',
] as const

export const operationColumns = [
  'position',
  'kind',
  'memory_id',
  'before_version',
  'after_version',
  'committed_at',
] as const

export const eventColumns = ['seq', 'type', 'at', 'data'] as const

export const confirmationColumns = [
  'memory_id',
  'version',
  'kind',
  'confirmed_at',
  'source',
  'dropped',
] as const

const jsonColumns: ReadonlySet<string> = new Set([
  'error',
  'counts',
  'committed',
  'tags',
  'metadata',
  'result',
  'output',
  'data',
  'source',
  'dropped',
  'use',
  'charge',
])

type Row = Readonly<Record<string, unknown>>

/** The row as it travels. */
export const toRecord = (row: Row, columns: readonly string[]): Row =>
  Object.fromEntries(columns.map((column) => [column, readColumn(column, row[column])]))

const readColumn = (column: string, value: unknown): unknown =>
  jsonColumns.has(column) && typeof value === 'string' ? JSON.parse(value) : (value ?? null)

/** What is stored of a record's columns, in their order. */
export const toValues = (record: Row, columns: readonly string[]): readonly (string | number | null)[] =>
  columns.map((column) => {
    const value = record[column] ?? null
    if (jsonColumns.has(column)) return value === null ? null : JSON.stringify(value)
    return typeof value === 'string' || typeof value === 'number' ? value : null
  })
