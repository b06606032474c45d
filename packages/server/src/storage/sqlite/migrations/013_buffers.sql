-- breaking: go back with a copy of the database from before the upgrade
-- Runs that wait for each other at a step of their pipeline. A buffer collects until its trigger comes true, then it is flushing: its
-- first run (`leader_seq`) goes on for all of them, the others stay in it until that one ends them. A row is there while runs are in it.
-- `user_key` and `properties` are of the scope that is gathered: empty where nobody and nothing divides it. `size` counts statements.
CREATE TABLE buffers (
  project_id TEXT NOT NULL REFERENCES projects,
  buffer_id TEXT NOT NULL,
  group_id TEXT NOT NULL,
  group_version INTEGER NOT NULL,
  step TEXT NOT NULL,
  user_key TEXT NOT NULL,
  properties TEXT NOT NULL,
  trigger_when TEXT NOT NULL,
  state TEXT NOT NULL,
  opened_at INTEGER NOT NULL,
  last_at INTEGER NOT NULL,
  flush_at INTEGER,
  count INTEGER NOT NULL,
  size INTEGER NOT NULL,
  leader_seq INTEGER,
  PRIMARY KEY (project_id, buffer_id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX buffers_open ON buffers (project_id, group_id, user_key, properties, step, group_version) WHERE state = 'collecting';
CREATE INDEX buffers_due ON buffers (flush_at) WHERE state = 'collecting' AND flush_at IS NOT NULL;
ALTER TABLE runs ADD COLUMN buffer_id TEXT;
CREATE INDEX runs_in_buffer ON runs (project_id, buffer_id, seq) WHERE buffer_id IS NOT NULL;

-- A run that goes on after a buffer, or was tried again, was accepted long ago and yet has not waited for its turn since.
DROP INDEX runs_waiting;
CREATE INDEX runs_waiting ON runs (project_id, created_at) WHERE state = 'queued' AND delayed_until IS NULL AND attempt = 0;
