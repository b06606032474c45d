import type { Check } from './check.ts'

/** Users, and what is counted of them; agents and tools, and where they belong. */
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
    name: 'agent_has_its_group',
    sentence: 'An agent or a tool that is not archived belongs to a group that is there.',
    sql: `SELECT a.project_id, a.agent_id AS id FROM agents a LEFT JOIN groups g ON g.project_id = a.project_id AND g.name = a.group_name
          WHERE a.status <> 'archived' AND g.name IS NULL
          UNION ALL SELECT t.project_id, t.tool_id FROM tools t LEFT JOIN groups g ON g.project_id = t.project_id AND g.name = t.group_name
          WHERE t.status <> 'archived' AND g.name IS NULL`,
  },
]
