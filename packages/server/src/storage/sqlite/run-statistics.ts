/** Numbers about runs that cost the same however many there are: counts are kept, times are read from samples. */
import { STAT_SAMPLE_COUNT_MAX } from '../../kernel/limits.ts'
import type { RunState } from '../../runs/run.ts'
import type { EndedSample, EndedTimes } from '../../runs/run-stats.ts'
import type { Connection } from './connection.ts'

export const countRuns = (db: Connection, projectId: string): ReadonlyMap<RunState, number> =>
  new Map(
    db
      .all<{ state: string; count: number }>(
        'SELECT state, count FROM run_counts WHERE project_id = ?',
        projectId,
      )
      // safety: written from the same union
      .map(({ state, count }) => [state as RunState, count]),
  )

export const oldestWaitingAt = (db: Connection, projectId: string): number | null =>
  db.get<{ at: number | null }>(
    "SELECT min(created_at) AS at FROM runs WHERE project_id = ? AND state = 'queued' AND delayed_until IS NULL AND attempt = 0",
    projectId,
  )?.at ?? null

/** Every run, every 64th, every 4096th: the first of them of which there are few enough. In the words of the indexes. */
const samples = [
  { every: 1, index: 'runs_ended', condition: 'TRUE' },
  { every: 64, index: 'runs_sampled', condition: 'seq % 64 = 0' },
  { every: 4096, index: 'runs_sampled_thinly', condition: 'seq % 4096 = 0' },
] as const

type EndedRow = { created_at: number; started_at: number | null; completed_at: number }

export const sampleEnded = (
  db: Connection,
  projectId: string,
  { after }: { readonly after: number },
): EndedSample => {
  let last: EndedSample = { every: 1, times: [] }
  for (const { every, index, condition } of samples) {
    const rows = db.all<EndedRow>(
      `SELECT created_at, started_at, completed_at FROM runs INDEXED BY ${index}
       WHERE project_id = ? AND completed_at > ? AND completed_at IS NOT NULL AND ${condition} ORDER BY completed_at DESC LIMIT ?`,
      projectId,
      after,
      STAT_SAMPLE_COUNT_MAX + 1,
    )
    last = { every, times: rows.slice(0, STAT_SAMPLE_COUNT_MAX).map(toTimes) }
    if (rows.length <= STAT_SAMPLE_COUNT_MAX) break
  }
  return last
}

const toTimes = (row: EndedRow): EndedTimes => ({
  createdAt: row.created_at,
  startedAt: row.started_at,
  completedAt: row.completed_at,
})
