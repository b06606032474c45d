-- compatible
-- Sources that memories gained before it was written down are written down now, for the version they are at.
INSERT INTO run_confirmations (project_id, run_id, memory_id, version, kind, source, dropped, confirmed_at)
SELECT m.project_id, s.value ->> 'runId', m.memory_id, m.version, 'add', s.value, NULL, coalesce(r.completed_at, m.updated_at)
FROM memories m
JOIN memory_versions v ON v.project_id = m.project_id AND v.memory_id = m.memory_id AND v.version = m.version
CROSS JOIN json_each(m.sources) s
LEFT JOIN runs r ON r.run_id = s.value ->> 'runId' AND r.project_id = m.project_id
WHERE m.sources <> v.sources
  AND NOT EXISTS (SELECT 1 FROM json_each(v.sources) made WHERE made.value = s.value)
  AND NOT EXISTS (SELECT 1 FROM run_confirmations c
    WHERE c.project_id = m.project_id AND c.memory_id = m.memory_id AND c.version = m.version)
ORDER BY m.memory_no, s.key;
