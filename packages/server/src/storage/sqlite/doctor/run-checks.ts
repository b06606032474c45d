import type { Check } from './check.ts'

const open = "('queued', 'running', 'buffered')"
/** Those that wait in a lane, or are worked on. */
const inLane = "('queued', 'running')"

/** Runs, what is kept of them, and the lanes they wait in. What is past its retention may be gone, the oldest first. */
export const runChecks: readonly Check[] = [
  {
    name: 'run_ended_once',
    sentence: 'A run has an end when it has ended, and only then.',
    sql: `SELECT run_id, state, completed_at FROM runs
          WHERE state NOT IN ('queued', 'running', 'buffered', 'completed', 'partial', 'failed', 'cancelled')
             OR (state IN ${open}) <> (completed_at IS NULL)`,
  },
  {
    name: 'run_tells_its_operations',
    sentence: 'A run tells of its operations what is kept of them.',
    // A deletion by a filter lists the first of them.
    sql: `SELECT r.run_id, r.state FROM runs r WHERE coalesce(r.committed, '[]') IS NOT (
            SELECT json_group_array(json_array(o.kind, o.memory_id, o.committed_at) ORDER BY o.position)
            FROM operations o WHERE o.run_id = r.run_id AND o.project_id = r.project_id
              AND (r.input_type <> 'delete' OR o.position < json_array_length(r.committed)))`,
  },
  {
    name: 'open_run_has_its_payload',
    sentence: 'A run that has not ended has what it is to work on.',
    sql: `SELECT r.run_id, r.state FROM runs r LEFT JOIN run_payloads p ON p.run_id = r.run_id AND p.project_id = r.project_id
          WHERE r.state IN ${open} AND p.run_id IS NULL`,
  },
  {
    name: 'events_have_no_gap',
    sentence: 'The events of a run are numbered without a gap, and begin with its acceptance.',
    sql: `SELECT run_id, min(seq) AS first, max(seq) AS last, count(*) AS n FROM run_events GROUP BY run_id, project_id
          HAVING last - first + 1 <> n OR first < 1 OR (first = 1) <> (sum(type = 'run.accepted' AND seq = 1) = 1)`,
  },
  {
    name: 'end_has_its_event',
    sentence: 'The end of a run is among its events.',
    sql: `SELECT r.run_id, r.state FROM runs r JOIN run_events first ON first.run_id = r.run_id AND first.project_id = r.project_id AND first.seq = 1
          WHERE r.state NOT IN ${open} AND NOT EXISTS (
            SELECT 1 FROM run_events e WHERE e.run_id = r.run_id AND e.project_id = r.project_id AND e.type = 'run.' || r.state)`,
  },
  {
    name: 'nothing_without_its_run',
    sentence:
      'Inputs, steps, operations, events, idempotency keys and webhooks of a run belong to one that is there.',
    sql: ['run_payloads', 'run_steps', 'operations', 'run_events', 'idempotency_keys', 'webhooks']
      .map(
        (table) => `SELECT '${table}' AS "in", t.run_id FROM ${table} t
          LEFT JOIN runs r ON r.run_id = t.run_id AND r.project_id = t.project_id
          WHERE t.run_id IS NOT NULL AND r.run_id IS NULL`,
      )
      .join(' UNION '),
  },
  {
    name: 'erased_run_says_nothing',
    sentence: 'A run whose content was erased has none.',
    sql: `SELECT r.run_id FROM runs r WHERE r.erased_at IS NOT NULL AND (
            r.metadata IS NOT NULL OR r.tags IS NOT NULL
            OR EXISTS (SELECT 1 FROM run_payloads p WHERE p.run_id = r.run_id AND p.project_id = r.project_id)
            OR EXISTS (SELECT 1 FROM run_steps s WHERE s.run_id = r.run_id AND s.project_id = r.project_id AND s.output IS NOT NULL))`,
  },
  {
    name: 'erasure_has_its_run',
    sentence: 'An erasure in work is that of a run that has not ended.',
    sql: `SELECT e.run_id, r.state FROM erasures e LEFT JOIN runs r ON r.run_id = e.run_id AND r.project_id = e.project_id
          WHERE r.completed_at IS NOT NULL OR r.run_id IS NULL
          UNION SELECT DISTINCT t.run_id, NULL FROM erasure_targets t
          LEFT JOIN erasures e ON e.run_id = t.run_id AND e.project_id = t.project_id WHERE e.run_id IS NULL`,
  },
  {
    name: 'run_has_its_user',
    sentence: 'The user of a run is a user of the project.',
    sql: `SELECT r.run_id FROM runs r LEFT JOIN users u ON u.project_id = r.project_id AND u.user_key = r.user_key
          WHERE r.user_key IS NOT NULL AND u.user_key IS NULL`,
  },
  {
    name: 'open_run_has_its_lane',
    sentence: 'A run that has not ended waits in a lane, in a buffer, or for its time.',
    sql: `SELECT r.run_id, r.state FROM runs r LEFT JOIN lanes l ON l.project_id = r.project_id AND l.lane_id = r.lane_id
          WHERE r.state IN ${inLane} AND r.delayed_until IS NULL AND l.lane_id IS NULL`,
  },
  {
    name: 'lane_has_work',
    sentence: 'A lane is there because a run waits in it.',
    sql: `SELECT l.project_id, l.state FROM lanes l LEFT JOIN runs r ON r.project_id = l.project_id AND r.lane_id = l.lane_id AND r.state IN ${inLane} AND r.delayed_until IS NULL
          WHERE r.run_id IS NULL OR l.state NOT IN ('ready', 'active', 'parked', 'held')`,
  },
  {
    name: 'lane_has_one_run_in_work',
    sentence: 'At most one run of a lane is in work.',
    sql: `SELECT project_id, count(*) AS n, max(run_id) AS run_id FROM runs WHERE state = 'running' GROUP BY project_id, lane_id HAVING n > 1`,
  },
  {
    name: 'counts_by_state_hold',
    sentence: 'Of each state a project counts the runs it has.',
    sql: `SELECT c.project_id, c.state, c.count FROM run_counts c
          WHERE c.count <> (SELECT count(*) FROM runs r WHERE r.project_id = c.project_id AND r.state = c.state)
          UNION ALL
          SELECT r.project_id, r.state, count(*) FROM runs r
          WHERE NOT EXISTS (SELECT 1 FROM run_counts c WHERE c.project_id = r.project_id AND c.state = r.state)
          GROUP BY r.project_id, r.state`,
  },
  {
    name: 'queue_counts_open_runs',
    sentence: 'A project counts the runs that have not ended.',
    sql: `SELECT p.project_id, q.depth, (SELECT count(*) FROM runs r WHERE r.project_id = p.project_id AND r.state IN ${open}) AS open
          FROM projects p LEFT JOIN project_queues q ON q.project_id = p.project_id WHERE q.depth IS NOT open`,
  },
]
