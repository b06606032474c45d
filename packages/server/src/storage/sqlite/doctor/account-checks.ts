import type { Check } from './check.ts'

/** Users and groups. */
export const accountChecks: readonly Check[] = [
  {
    name: 'user_counts_runs',
    sentence: 'A user counts the runs that are kept, and those that have not ended.',
    sql: `SELECT u.project_id, u.run_count, u.open_run_count, coalesce(r.all_runs, 0) AS kept, coalesce(r.open_runs, 0) AS open FROM users u
          LEFT JOIN (SELECT project_id, user_key, count(*) AS all_runs, sum(completed_at IS NULL) AS open_runs
                     FROM runs WHERE user_key IS NOT NULL GROUP BY 1, 2) r
            ON r.project_id = u.project_id AND r.user_key = u.user_key
          WHERE u.run_count <> kept OR u.open_run_count <> open`,
  },
  {
    name: 'group_has_its_version',
    sentence: 'A group is at a version that is there.',
    sql: `SELECT g.project_id, g.group_id, g.version FROM groups g
          LEFT JOIN group_versions v ON v.project_id = g.project_id AND v.group_id = g.group_id AND v.version = g.version
          WHERE v.version IS NULL`,
  },
]
