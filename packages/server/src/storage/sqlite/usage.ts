/** Usage per day. Runs and operations are counted by triggers (015_usage.sql), whatever writes them. */
import { dayOf } from '../../kernel/clock.ts'
import type { ModelUse } from '../../models/model.ts'
import type { UsageCount, UsageDay } from '../../projects/usage.ts'
import type { Page } from '../storage.ts'
import type { Connection } from './connection.ts'

type UsageRow = {
  project_id: string
  day: number
  runs_accepted: number
  runs_completed: number
  runs_partial: number
  runs_failed: number
  runs_cancelled: number
  memories_created: number
  memories_updated: number
  memories_deleted: number
  searches: number
  input_tokens: number
  output_tokens: number
  cost: number
}

const toUsageDay = (row: UsageRow): UsageDay => ({
  projectId: row.project_id,
  day: row.day,
  runs: {
    accepted: row.runs_accepted,
    completed: row.runs_completed,
    partial: row.runs_partial,
    failed: row.runs_failed,
    cancelled: row.runs_cancelled,
  },
  operations: { created: row.memories_created, updated: row.memories_updated, deleted: row.memories_deleted },
  searches: row.searches,
  tokens: { input: row.input_tokens, output: row.output_tokens },
  cost: row.cost,
})

export const readUsage = (
  db: Connection,
  projectId: string,
  params: { fromDay: number; toDay: number },
): UsageDay[] =>
  db
    .all<UsageRow>(
      'SELECT * FROM usage_days WHERE project_id = ? AND day BETWEEN ? AND ? ORDER BY day',
      projectId,
      params.fromDay,
      params.toDay,
    )
    .map(toUsageDay)

/** Of all projects, by day and project. The cursor is `day:project_id` of the last one. */
export const pageUsage = (
  db: Connection,
  params: { fromDay: number; toDay: number; limit: number; cursor: string | null },
): Page<UsageDay> => {
  const [day = '-1', projectId = ''] = params.cursor?.split(':') ?? []
  const rows = db.all<UsageRow>(
    `SELECT * FROM usage_days WHERE day BETWEEN ? AND ? AND (day, project_id) > (?, ?)
     ORDER BY day, project_id LIMIT ?`,
    params.fromDay,
    params.toDay,
    Number(day),
    projectId,
    params.limit + 1,
  )
  const items = rows.slice(0, params.limit).map(toUsageDay)
  const last = items.at(-1)
  const hasMore = rows.length > params.limit && last !== undefined
  return { items, nextCursor: hasMore ? `${last.day}:${last.projectId}` : null }
}

export const countUsage = (db: Connection, counts: readonly UsageCount[]): void => {
  for (const { projectId, day, searches } of counts)
    db.run(
      // Not for a project that was removed meanwhile.
      `INSERT INTO usage_days (project_id, day, searches) SELECT project_id, ?2, ?3 FROM projects WHERE project_id = ?1
       ON CONFLICT (project_id, day) DO UPDATE SET searches = searches + excluded.searches`,
      projectId,
      day,
      searches,
    )
}

/** What a model took, on the day it did. */
export const countUse = (
  db: Connection,
  projectId: string,
  { use, at }: { readonly use: ModelUse; readonly at: number },
): void => {
  if (use.inputTokens + use.outputTokens + use.cost === 0) return
  db.run(
    `INSERT INTO usage_days (project_id, day, input_tokens, output_tokens, cost) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (project_id, day) DO UPDATE SET input_tokens = input_tokens + excluded.input_tokens,
       output_tokens = output_tokens + excluded.output_tokens, cost = cost + excluded.cost`,
    projectId,
    dayOf(at),
    use.inputTokens,
    use.outputTokens,
    use.cost,
  )
}
