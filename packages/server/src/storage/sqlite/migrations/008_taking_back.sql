-- breaking: go back with a copy of the database from before the upgrade
-- A version says everything that is needed to bring it back: whose it is, where it stands in the index and how it was indexed (`origin`),
-- and since when the memory is there (`memory_created_at`). A deletion is a version too, without a text. `restores` is the version whose
-- state this one has again. Of memories that are deleted by now, whose they were may be unknown: `scope_no` is NULL then.
ALTER TABLE memory_versions ADD COLUMN kind TEXT NOT NULL DEFAULT 'create';
ALTER TABLE memory_versions ADD COLUMN scope_no INTEGER;
ALTER TABLE memory_versions ADD COLUMN partition_no INTEGER;
ALTER TABLE memory_versions ADD COLUMN position INTEGER;
ALTER TABLE memory_versions ADD COLUMN user_id TEXT;
ALTER TABLE memory_versions ADD COLUMN memory_created_at INTEGER;
ALTER TABLE memory_versions ADD COLUMN origin TEXT;
ALTER TABLE memory_versions ADD COLUMN restores INTEGER;
ALTER TABLE runs ADD COLUMN undone_by TEXT;

UPDATE memory_versions AS v SET kind = coalesce(
  (SELECT o.kind FROM operations o WHERE o.run_id = v.run_id AND o.project_id = v.project_id
     AND o.memory_id = v.memory_id AND o.after_version = v.version),
  iif(v.version = 1, 'create', 'update'));

UPDATE memory_versions AS v SET
  (scope_no, partition_no, position, user_id) =
    (SELECT m.scope_no, m.partition_no, m.position, m.user_id FROM memories m
     WHERE m.project_id = v.project_id AND m.memory_id = v.memory_id),
  memory_created_at = coalesce(
    (SELECT c.created_at FROM memory_versions c
     WHERE c.project_id = v.project_id AND c.memory_id = v.memory_id AND c.kind = 'create' AND c.version <= v.version
     ORDER BY c.version DESC LIMIT 1), v.created_at);

-- Deletions that nothing followed become versions. The run of one knows the group and the user; the topic is known when there is one only.
INSERT INTO memory_versions (project_id, memory_id, version, run_id, content, sources, created_at, kind, memory_created_at)
SELECT o.project_id, o.memory_id, o.before_version + 1, o.run_id, '', '[]', o.committed_at, 'delete', v.memory_created_at
FROM operations o
JOIN memory_versions v ON v.project_id = o.project_id AND v.memory_id = o.memory_id AND v.version = o.before_version
WHERE o.kind = 'delete' AND o.after_version IS NULL AND NOT EXISTS (
  SELECT 1 FROM memory_versions later
  WHERE later.project_id = o.project_id AND later.memory_id = o.memory_id AND later.version > o.before_version);

UPDATE operations AS o SET after_version = before_version + 1
WHERE kind = 'delete' AND after_version IS NULL AND EXISTS (
  SELECT 1 FROM memory_versions v WHERE v.project_id = o.project_id AND v.memory_id = o.memory_id
    AND v.version = o.before_version + 1 AND v.run_id = o.run_id AND v.kind = 'delete');

UPDATE memory_versions AS v SET (scope_no, partition_no, user_id) = (
  SELECT min(s.scope_no), min(s.partition_no), min(r.user_id)
  FROM memory_versions gone
  JOIN runs r ON r.run_id = gone.run_id AND r.project_id = gone.project_id
  JOIN scopes s ON s.project_id = r.project_id AND s.group_id = r.group_id AND s.user_key = coalesce(r.user_key, '')
  WHERE gone.project_id = v.project_id AND gone.memory_id = v.memory_id AND gone.kind = 'delete'
  HAVING count(*) = 1)
WHERE v.scope_no IS NULL;

UPDATE memory_versions AS v SET origin = (
  SELECT json_object('speaker', nullif(d.speaker, ''), 'session', d.session, 'turn', d.turn, 'saidAt', d.said_at)
  FROM memories m JOIN documents d ON d.partition_no = m.partition_no AND d.position = m.position
  WHERE m.project_id = v.project_id AND m.memory_id = v.memory_id AND m.version = v.version);

UPDATE memory_versions AS v SET origin = (
  SELECT json_object('speaker', s.value ->> 'name',
    'session', coalesce(p.payload ->> '$.properties.conversation_id', v.run_id),
    'turn', coalesce(s.value ->> 'message', s.value ->> 'input', 0),
    'saidAt', coalesce(s.value ->> 'saidAt', v.created_at))
  FROM json_each(v.sources) s LEFT JOIN run_payloads p ON p.run_id = v.run_id AND p.project_id = v.project_id
  ORDER BY s.value ->> 'runId' = v.run_id DESC, s.key LIMIT 1)
WHERE v.origin IS NULL AND v.kind <> 'delete';

UPDATE memory_versions SET origin = json_object('speaker', NULL, 'session', run_id, 'turn', 0, 'saidAt', created_at)
WHERE origin IS NULL;

CREATE INDEX memory_versions_in_time ON memory_versions (partition_no, memory_created_at, memory_id, version);

-- What a run did to the sources of memories whose text it left as it is, in order. `dropped` is the source that had to give way.
CREATE TABLE run_confirmations (
  confirmation_no INTEGER PRIMARY KEY,
  project_id TEXT NOT NULL,
  run_id TEXT NOT NULL,
  memory_id TEXT NOT NULL,
  version INTEGER NOT NULL,
  kind TEXT NOT NULL,
  source TEXT NOT NULL,
  dropped TEXT,
  confirmed_at INTEGER NOT NULL
) STRICT;
CREATE INDEX run_confirmations_of_run ON run_confirmations (run_id, project_id);
CREATE INDEX run_confirmations_of_memory ON run_confirmations (project_id, memory_id, version);
