import type { Check } from './check.ts'

/** Memories, their versions and whose they are. Old versions may be gone: the retained ones are the latest, without a gap. */
export const memoryChecks: readonly Check[] = [
  {
    name: 'memory_has_its_version',
    sentence: 'The text of a memory is that of its version in the history.',
    sql: `SELECT m.memory_id, m.version FROM memories m
          LEFT JOIN memory_versions v ON v.project_id = m.project_id AND v.memory_id = m.memory_id AND v.version = m.version
          WHERE v.content IS NOT m.content`,
  },
  {
    name: 'memory_is_at_last_version',
    sentence: 'A memory is at its last version.',
    sql: `SELECT m.memory_id, m.version, v.version AS later FROM memories m
          JOIN memory_versions v ON v.project_id = m.project_id AND v.memory_id = m.memory_id AND v.version > m.version`,
  },
  {
    name: 'deletion_is_a_version',
    sentence: 'What is deleted ends with a version that says so, and nothing else does.',
    sql: `SELECT v.memory_id, v.version, v.kind FROM memory_versions v
          LEFT JOIN memories m ON m.project_id = v.project_id AND m.memory_id = v.memory_id
          WHERE (m.memory_id IS NULL) <> (v.kind = 'delete')
            AND NOT EXISTS (SELECT 1 FROM memory_versions later
              WHERE later.project_id = v.project_id AND later.memory_id = v.memory_id AND later.version > v.version)`,
  },
  {
    name: 'version_has_its_scope',
    sentence: 'A memory is in the scope and at the place that its version tells.',
    sql: `SELECT m.memory_id, m.version FROM memories m
          JOIN memory_versions v ON v.project_id = m.project_id AND v.memory_id = m.memory_id AND v.version = m.version
          WHERE v.scope_no IS NOT m.scope_no OR v.partition_no IS NOT m.partition_no OR v.position IS NOT m.position
            OR v.memory_created_at IS NOT m.created_at`,
  },
  {
    name: 'versions_have_no_gap',
    sentence: 'The versions of a memory are numbered without a gap.',
    sql: `SELECT memory_id, min(version) AS first, max(version) AS last, count(*) AS n FROM memory_versions
          GROUP BY project_id, memory_id HAVING last - first + 1 <> n OR first < 1`,
  },
  {
    name: 'version_has_its_operation',
    sentence: 'A version of a memory was made by one operation of its run.',
    sql: `SELECT v.memory_id, v.version, v.run_id, count(o.run_id) AS operations FROM memory_versions v
          JOIN runs r ON r.run_id = v.run_id AND r.project_id = v.project_id
          LEFT JOIN operations o ON o.run_id = v.run_id AND o.project_id = v.project_id
            AND o.memory_id = v.memory_id AND o.after_version = v.version
          GROUP BY v.project_id, v.memory_id, v.version HAVING operations <> 1`,
  },
  {
    name: 'operation_has_its_version',
    sentence: 'What an operation made is in the history.',
    sql: `SELECT o.run_id, o.memory_id, o.after_version FROM operations o
          WHERE o.after_version > (SELECT max(v.version) FROM memory_versions v
                                   WHERE v.project_id = o.project_id AND v.memory_id = o.memory_id)`,
  },
  {
    name: 'memory_is_in_its_scope',
    sentence: 'A memory is in the partition, the project, the group and a topic of its scope.',
    sql: `SELECT m.memory_id, m.scope_no, m.partition_no FROM memories m
          LEFT JOIN scopes s ON s.scope_no = m.scope_no
          LEFT JOIN partitions p ON p.partition_no = s.partition_no
          LEFT JOIN topics t ON t.project_id = s.project_id AND t.group_id = s.group_id AND t.name = s.topic
          WHERE p.partition_no IS NOT m.partition_no OR s.project_id IS NOT m.project_id OR p.project_id IS NOT m.project_id
            OR p.group_id IS NOT s.group_id OR (s.user_key <> '' AND p.user_key IS NOT s.user_key) OR t.name IS NULL`,
  },
  {
    name: 'bounded_topic_has_one_memory',
    sentence: 'A bounded topic holds at most one memory in a scope.',
    sql: `SELECT m.scope_no, count(*) AS n FROM memories m JOIN scopes s ON s.scope_no = m.scope_no
          JOIN topics t ON t.project_id = s.project_id AND t.group_id = s.group_id AND t.name = s.topic AND t.is_bounded = 1
          GROUP BY m.scope_no HAVING n > 1`,
  },
  {
    name: 'sources_can_be_read',
    sentence: 'The sources of a memory and of its versions can be read.',
    sql: `SELECT memory_id, version FROM memories WHERE NOT json_valid(sources) OR json_type(sources) <> 'array'
          UNION ALL
          SELECT memory_id, version FROM memory_versions WHERE NOT json_valid(sources) OR json_type(sources) <> 'array'`,
  },
]
