import type { Check } from './check.ts'

/** Buffers, and the runs that are in them. */
export const bufferChecks: readonly Check[] = [
  {
    name: 'buffered_run_has_its_buffer',
    sentence:
      'A run that waits in a buffer, or leads the others of one, is in a buffer of its group that is there; no other run is.',
    sql: `SELECT r.run_id, r.state FROM runs r LEFT JOIN buffers b ON b.project_id = r.project_id AND b.buffer_id = r.buffer_id
          WHERE (r.state = 'buffered' AND b.buffer_id IS NULL)
             OR (r.buffer_id IS NOT NULL AND (b.group_id IS NOT r.group_id OR b.group_version IS NOT r.group_version
               OR (r.state <> 'buffered' AND (b.state IS NOT 'flushing' OR b.leader_seq IS NOT r.seq))
               OR r.state NOT IN ('queued', 'running', 'buffered')))`,
  },
  {
    name: 'buffer_counts_its_runs',
    sentence: 'A buffer counts the runs in it, and is there because there are some.',
    sql: `SELECT b.project_id, b.buffer_id, b.count, (SELECT count(*) FROM runs r WHERE r.project_id = b.project_id AND r.buffer_id = b.buffer_id) AS n
          FROM buffers b WHERE b.count <> n OR n = 0`,
  },
  {
    name: 'buffer_goes_on',
    sentence: 'A buffer collects and knows until when, or its first run goes on for all.',
    sql: `SELECT b.project_id, b.buffer_id, b.state FROM buffers b LEFT JOIN runs r ON r.seq = b.leader_seq
          WHERE b.state NOT IN ('collecting', 'flushing')
             OR (b.state = 'collecting' AND (b.leader_seq IS NOT NULL
               OR (b.flush_at IS NULL AND coalesce(b.trigger_when ->> 'ageMs', b.trigger_when ->> 'idleMs') IS NOT NULL)))
             OR (b.state = 'flushing' AND (b.flush_at IS NOT NULL OR r.buffer_id IS NOT b.buffer_id OR r.state NOT IN ('queued', 'running')))`,
  },
  {
    name: 'group_has_its_version',
    sentence: 'A group has all its versions, and a run the one it was accepted with.',
    sql: `SELECT g.project_id, g.group_id FROM groups g
          WHERE g.version <> (SELECT count(*) FROM group_versions v WHERE v.project_id = g.project_id AND v.group_id = g.group_id)
          UNION ALL
          SELECT r.project_id, r.run_id FROM runs r LEFT JOIN group_versions v
            ON v.project_id = r.project_id AND v.group_id = r.group_id AND v.version = r.group_version
          WHERE v.version IS NULL AND r.state IN ('queued', 'running', 'buffered')`,
  },
]
