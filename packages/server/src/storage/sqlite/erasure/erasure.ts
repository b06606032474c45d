/** What an erasure in work is, and its row. */
import type { MemoryFilter } from '../../storage.ts'
import type { Connection } from '../connection.ts'
import { fromJson } from '../rows.ts'

/** The order of the work. What is to be erased is first noted, then erased, then looked for. */
export const phases = [
  'find_runs',
  'memories',
  'deleted',
  'shared',
  'history',
  'confirmations',
  'keys',
  'runs',
  'conversations',
  'rest',
  'prove',
] as const
export type Phase = (typeof phases)[number]

export type Counts = Readonly<Record<string, number>>

export type Erasure = {
  readonly projectId: string
  readonly runId: string
  readonly seq: number
  readonly userKey: string | null
  readonly alias: string | null
  readonly filter: MemoryFilter | null
  readonly phase: Phase
  readonly cursor: string | null
  readonly erased: Counts
}

/** A piece of a phase. `cursor` null: the phase is done. */
export type Piece = { readonly cursor: string | null; readonly erased: Counts }

/** One bounded piece of a phase. */
export type Work = (
  db: Connection,
  erasure: Erasure,
  params: { readonly limit: number; readonly now: number },
) => Piece

type ErasureRow = {
  seq: number
  user_key: string | null
  alias: string | null
  filter: string | null
  phase: string
  cursor: string | null
  erased: string
}

export const readErasure = (db: Connection, projectId: string, runId: string): Erasure | null => {
  const row = db.get<ErasureRow>(
    'SELECT seq, user_key, alias, filter, phase, cursor, erased FROM erasures WHERE project_id = ? AND run_id = ?',
    projectId,
    runId,
  )
  if (row === undefined) return null
  return {
    projectId,
    runId,
    seq: row.seq,
    userKey: row.user_key,
    alias: row.alias,
    filter: row.filter === null ? null : fromJson<MemoryFilter>(row.filter),
    phase: row.phase as Phase, // safety: written from the same list
    cursor: row.cursor,
    erased: fromJson<Counts>(row.erased),
  }
}

export const insertErasure = (
  db: Connection,
  erasure: Omit<Erasure, 'phase' | 'cursor' | 'erased'>,
): void => {
  db.run(
    `INSERT INTO erasures (project_id, run_id, seq, user_key, alias, filter, phase, cursor, erased) VALUES (?, ?, ?, ?, ?, ?, ?, NULL, '{}')`,
    erasure.projectId,
    erasure.runId,
    erasure.seq,
    erasure.userKey,
    erasure.alias,
    erasure.filter === null ? null : JSON.stringify(erasure.filter),
    phases[0],
  )
}

/** The erasure after a piece of its work; the next phase begins where this one is done. Answers the counts when no phase is left. */
export const advanceErasure = (db: Connection, erasure: Erasure, piece: Piece): Counts | null => {
  const next = piece.cursor === null ? phases[phases.indexOf(erasure.phase) + 1] : erasure.phase
  const erased = addCounts(erasure.erased, piece.erased)
  if (next === undefined) return erased
  db.run(
    'UPDATE erasures SET phase = ?, cursor = ?, erased = ? WHERE project_id = ? AND run_id = ?',
    next,
    piece.cursor,
    JSON.stringify(erased),
    erasure.projectId,
    erasure.runId,
  )
  return null
}

export const addCounts = (a: Counts, b: Counts): Counts => {
  const sum = new Map(Object.entries(a))
  for (const [name, count] of Object.entries(b)) sum.set(name, (sum.get(name) ?? 0) + count)
  return Object.fromEntries(sum)
}

export type TargetKind = 'run' | 'input' | 'memory'

export const addTarget = (db: Connection, erasure: Erasure, kind: TargetKind, id: string): void => {
  db.run(
    'INSERT INTO erasure_targets (project_id, run_id, kind, id) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING',
    erasure.projectId,
    erasure.runId,
    kind,
    id,
  )
}

/** In order of their ids, after `cursor`. */
export const listTargets = (
  db: Connection,
  { projectId, runId, cursor }: Pick<Erasure, 'projectId' | 'runId' | 'cursor'>,
  { kind, limit }: { kind: TargetKind; limit: number },
): readonly string[] =>
  db
    .all<{ id: string }>(
      'SELECT id FROM erasure_targets WHERE project_id = ? AND run_id = ? AND kind = ? AND id > ? ORDER BY id LIMIT ?',
      projectId,
      runId,
      kind,
      cursor ?? '',
      limit,
    )
    .map(({ id }) => id)

/** SQL: whether the id is a target of the erasure ?1 (project), ?2 (run). */
export const isTarget = (id: string, kinds = "('run', 'input')"): string =>
  `EXISTS (SELECT 1 FROM erasure_targets t WHERE t.project_id = ?1 AND t.run_id = ?2 AND t.kind IN ${kinds} AND t.id = ${id})`
