/**
 * Lists of runs, newest first: by creation, then by acceptance. One filter chooses the index that is walked (the user, the state,
 * …), the others are tested on what it finds. A page walks a bounded number of runs, whatever is stored: when they hold fewer
 * than wanted the page is short, or empty, and its cursor says where the next one goes on.
 */
import { RUN_SCAN_COUNT_MAX } from '../../kernel/limits.ts'
import type { RunView } from '../../runs/run.ts'
import type { RunFilter } from '../../runs/run-filter.ts'
import type { Page } from '../storage.ts'
import type { Connection } from './connection.ts'
import { bufferColumn, type RunViewRow, toRunView } from './rows.ts'

/** A place in the order; what follows it is older. */
type Place = { readonly createdAt: number; readonly seq: number }

/** Places in the order of the list, found by one index; `?5` is `value`. */
type Walk = {
  /** Everything from FROM on but the order. */
  readonly from: string
  /** The table that has the places. */
  readonly table: 'runs' | 'run_tags'
  readonly value: string | null
  /** So few that the walk comes to the end. */
  readonly isShort?: boolean
}

type Query = {
  readonly projectId: string
  readonly filter: RunFilter
  readonly from: Place
  readonly limit: number
}

export const listRuns = (
  db: Connection,
  projectId: string,
  params: { filter: RunFilter; limit: number; cursor: string | null },
): Page<RunView> => {
  const { filter, limit } = params
  const query = { projectId, filter, limit, from: startOf(filter, params.cursor) }
  const walked = walksOf(db, query).map((walk) => walkOne(db, query, walk))
  // Below the place where the first of the walks stopped, not all of the others' runs are known to be the next ones.
  const horizon = walked.reduce<Place | null>((top, { stoppedAt }) => newer(top, stoppedAt), null)
  const rows = walked
    .flatMap(({ found }) => found)
    .filter((row) => horizon === null || compare(placeOf(row), horizon) >= 0)
    .sort((a, b) => compare(placeOf(b), placeOf(a)))
  const kept = rows.slice(0, limit)
  const last = kept.at(-1)
  const next = rows.length > limit && last !== undefined ? placeOf(last) : horizon
  return { items: kept.map(toRunView), nextCursor: next === null ? null : `${next.createdAt}.${next.seq}` }
}

const placeOf = (row: RunViewRow): Place => ({ createdAt: row.created_at, seq: row.seq })
const compare = (a: Place, b: Place): number => a.createdAt - b.createdAt || a.seq - b.seq
const newer = (a: Place | null, b: Place | null): Place | null =>
  a === null || (b !== null && compare(b, a) > 0) ? b : a

/** The list begins after this place. No run ends before it was created, so the end of either range bounds the creation. */
const startOf = ({ createdBefore, completedBefore }: RunFilter, cursor: string | null): Place => {
  const [createdAt = 0, seq = 0] = cursor?.split('.').map(Number) ?? [Number.MAX_SAFE_INTEGER]
  const bounds = [createdBefore, completedBefore].filter((bound) => bound !== null)
  return [{ createdAt, seq }, ...bounds.map((bound) => ({ createdAt: bound, seq: 0 }))].reduce((a, b) =>
    compare(a, b) < 0 ? a : b,
  )
}

const walksOf = (db: Connection, query: Query): readonly Walk[] => {
  const { userKey, states, inputType, groupId, tag, parentRunId, subjectId, conversationId } = query.filter
  if (tag !== null) return [{ from: TAGGED, table: 'run_tags', value: tag }]
  if (parentRunId !== null) return [walkBy('runs_by_parent', 'parent_run_id = ?5', parentRunId)]
  if (conversationId !== null) return [walkBy('runs_by_conversation', 'conversation_id = ?5', conversationId)]
  if (subjectId !== null) return [walkBy('runs_by_subject', 'subject_id = ?5', subjectId)]
  if (userKey !== null) return [walkBy('runs_by_user', 'user_key = ?5', userKey)]
  if (inputType !== null && !ADDED_TYPES.includes(inputType))
    return [walkBy('runs_of_upkeep', `input_type = ?5 AND ${OF_UPKEEP}`, inputType)]
  if (isFewEnded(db, query)) return [{ ...walkBy('runs_ended', ENDED), isShort: true }]
  if (states !== null) return states.map((state) => walkBy('runs_by_state', 'state = ?5', state))
  if (groupId !== null) return [walkBy('runs_by_group', 'group_id = ?5', groupId)]
  return [walkBy('runs_by_age', 'TRUE')]
}

const walkBy = (index: string, condition: string, value: string | null = null): Walk => ({
  from: `runs INDEXED BY ${index} WHERE ${condition}`,
  table: 'runs',
  value,
})

const TAGGED =
  'run_tags INDEXED BY run_tags_by_age CROSS JOIN runs ON runs.seq = run_tags.seq WHERE run_tags.tag = ?5'
const ADDED_TYPES: readonly string[] = ['conversation', 'string', 'pre_extracted']
/** In the words of the index of that name, or SQLite would not take it. */
const OF_UPKEEP = "input_type NOT IN ('conversation', 'string', 'pre_extracted')"
const ENDED = 'completed_at >= coalesce(?12, 0) AND completed_at < coalesce(?13, 9e15)'

/** Whether the range of ends holds so few runs that they can be sorted for each page. */
const isFewEnded = (db: Connection, { projectId, filter }: Query): boolean => {
  const { completedAfter, completedBefore } = filter
  if (completedAfter === null && completedBefore === null) return false
  const { length } = db.all(
    `SELECT 1 FROM runs INDEXED BY runs_ended
     WHERE project_id = ?1 AND completed_at >= ?2 AND completed_at < ?3 LIMIT ?4`,
    projectId,
    completedAfter ?? 0,
    completedBefore ?? Number.MAX_SAFE_INTEGER,
    SORTED_COUNT_MAX + 1,
  )
  return length <= SORTED_COUNT_MAX
}

const SORTED_COUNT_MAX = 1_000

type Walked = { readonly found: readonly RunViewRow[]; readonly stoppedAt: Place | null }

const walkOne = (db: Connection, query: Query, walk: Walk): Walked => {
  const { projectId, filter, from, limit } = query
  const { from: part, table } = walk
  const walked = `FROM ${part} AND ${table}.project_id = ?1 AND ${table}.created_at >= ?2
      AND (${table}.created_at, ${table}.seq) < (?3, ?4) ORDER BY ${table}.created_at DESC, ${table}.seq DESC`
  const place = [projectId, filter.createdAfter ?? 0, from.createdAt, from.seq, walk.value] as const
  const found = db.all<RunViewRow>(
    `SELECT *, (SELECT max(e.seq) FROM run_events e WHERE e.run_id = walked.run_id AND e.project_id = ?1) AS event_seq,
       ${bufferColumn('walked')}
     FROM (SELECT runs.* ${walked} LIMIT ?6) walked
     WHERE (?8 IS NULL OR state IN (SELECT value FROM json_each(?8)))
       AND (?9 IS NULL OR user_key = ?9) AND (?10 IS NULL OR group_id = ?10) AND (?11 IS NULL OR input_type = ?11)
       AND (?12 IS NULL OR completed_at >= ?12) AND (?13 IS NULL OR completed_at < ?13)
       AND (?14 IS NULL OR instr(lower(error ->> 'stage' || ' failed: ' || (error ->> 'detail')), lower(?14)) > 0
         OR instr(error ->> 'code', lower(?14)) > 0)
       AND (?15 IS NULL OR (dismissed_at IS NOT NULL) = ?15) AND (?16 IS NULL OR parent_run_id = ?16)
       AND (?17 IS NULL OR subject_id = ?17) AND (?18 IS NULL OR conversation_id = ?18)
     LIMIT ?7`,
    ...place,
    RUN_SCAN_COUNT_MAX,
    limit + 1,
    filter.states === null ? null : JSON.stringify(filter.states),
    filter.userKey,
    filter.groupId,
    filter.inputType,
    filter.completedAfter,
    filter.completedBefore,
    filter.error,
    filter.isDismissed === null ? null : Number(filter.isDismissed),
    filter.parentRunId,
    filter.subjectId,
    filter.conversationId,
  )
  if (found.length > limit || walk.isShort) return { found, stoppedAt: null }
  const last = db.get<{ created_at: number; seq: number }>(
    `SELECT ${table}.created_at, ${table}.seq ${walked} LIMIT 1 OFFSET ?6`,
    ...place,
    RUN_SCAN_COUNT_MAX - 1,
  )
  return { found, stoppedAt: last === undefined ? null : { createdAt: last.created_at, seq: last.seq } }
}
