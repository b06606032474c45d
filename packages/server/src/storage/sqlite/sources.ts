/**
 * The sources of a memory. A run that says a memory again adds one and leaves the version as it is; taking such a run back removes
 * it. Both are written down in order, so that the sources a version had at any time can be told.
 */
import { SOURCE_COUNT_MAX } from '../../kernel/limits.ts'
import type { Source } from '../../memories/memory.ts'
import type { Confirmation, Retraction } from '../storage.ts'
import type { ChangeContext } from './change-memory.ts'
import { getMemory } from './memories.ts'
import { fromJson } from './rows.ts'

/** Said again, a memory gains a source and stays what it is. Answers false when there is no such memory. */
export const confirmMemory = (context: ChangeContext, { memoryId, source }: Confirmation): boolean => {
  const { db, projectId } = context
  const memory = getMemory(db, projectId, memoryId)
  if (memory === null) return false
  if (memory.sources.some((one) => isSameSource(one, source))) return true
  const sources = keptSources([...memory.sources, source])
  const dropped = memory.sources.find((one) => !sources.includes(one)) ?? null
  setSources(context, memoryId, sources)
  insertConfirmation(context, { kind: 'add', memoryId, version: memory.version, source, dropped })
  return true
}

/** Takes a source away again, and lets the one that had given way come back to its place after the first. */
export const retractSource = (context: ChangeContext, { memoryId, source, dropped }: Retraction): void => {
  const { db, projectId } = context
  const memory = getMemory(db, projectId, memoryId)
  if (memory === null || !memory.sources.some((one) => isSameSource(one, source))) return
  setSources(context, memoryId, withoutSource(memory.sources, { source, dropped }))
  insertConfirmation(context, { kind: 'remove', memoryId, version: memory.version, source, dropped })
}

/** What a version was left with, from what it was made with and what was done to it since, up to an instant. */
export const sourcesAt = (
  { db, projectId }: Pick<ChangeContext, 'db' | 'projectId'>,
  made: { readonly memoryId: string; readonly version: number; readonly sources: readonly Source[] },
  until = Number.MAX_SAFE_INTEGER,
): readonly Source[] => {
  const rows = db.all<{ kind: string; source: string; dropped: string | null }>(
    `SELECT kind, source, dropped FROM run_confirmations
     WHERE project_id = ? AND memory_id = ? AND version = ? AND confirmed_at <= ? ORDER BY confirmation_no`,
    projectId,
    made.memoryId,
    made.version,
    until,
  )
  let sources = made.sources
  for (const row of rows) {
    const source = fromJson<Source>(row.source)
    const dropped = row.dropped === null ? null : fromJson<Source>(row.dropped)
    const isAdded = row.kind === 'add'
    sources = isAdded ? keptSources([...sources, source]) : withoutSource(sources, { source, dropped })
  }
  return sources
}

export const keptSources = (given: readonly Source[]): readonly Source[] => {
  const sources = distinct(given)
  return sources.length <= SOURCE_COUNT_MAX
    ? sources
    : [...sources.slice(0, 1), ...sources.slice(1 - SOURCE_COUNT_MAX)]
}

// A run that is tried again may come by the same passage twice.
const distinct = (sources: readonly Source[]): readonly Source[] =>
  sources.filter((source, index) => sources.findIndex((one) => isSameSource(one, source)) === index)

const isSameSource = (a: Source, b: Source): boolean =>
  a.runId === b.runId && a.input === b.input && a.message === b.message

const withoutSource = (
  sources: readonly Source[],
  { source, dropped }: Pick<Retraction, 'source' | 'dropped'>,
): readonly Source[] => {
  const left = sources.filter((one) => !isSameSource(one, source))
  return dropped === null ? left : keptSources([...left.slice(0, 1), dropped, ...left.slice(1)])
}

const setSources = ({ db, projectId }: ChangeContext, memoryId: string, sources: readonly Source[]): void => {
  db.run(
    'UPDATE memories SET sources = ? WHERE project_id = ? AND memory_id = ?',
    JSON.stringify(sources),
    projectId,
    memoryId,
  )
}

const insertConfirmation = (
  { db, projectId, runId, now }: ChangeContext,
  entry: Retraction & { readonly kind: 'add' | 'remove'; readonly version: number },
): void => {
  db.run(
    `INSERT INTO run_confirmations (project_id, run_id, memory_id, version, kind, source, dropped, confirmed_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    projectId,
    runId,
    entry.memoryId,
    entry.version,
    entry.kind,
    JSON.stringify(entry.source),
    entry.dropped === null ? null : JSON.stringify(entry.dropped),
    now,
  )
}
