-- breaking: go back with a copy of the database from before the upgrade
-- How runs are to be worked off, and what was asked of them since. `attempt_base` is the number of attempts at the last time the
-- run was opened again. `delayed_until` and `expires_at` are cleared when their time has come.
ALTER TABLE runs ADD COLUMN priority INTEGER NOT NULL DEFAULT 0;
ALTER TABLE runs ADD COLUMN delayed_until INTEGER;
ALTER TABLE runs ADD COLUMN expires_at INTEGER;
ALTER TABLE runs ADD COLUMN timeout_ms INTEGER;
ALTER TABLE runs ADD COLUMN deadline_at INTEGER;
ALTER TABLE runs ADD COLUMN attempt_base INTEGER NOT NULL DEFAULT 0;
ALTER TABLE runs ADD COLUMN dry_run INTEGER NOT NULL DEFAULT 0;
ALTER TABLE runs ADD COLUMN tags TEXT;
ALTER TABLE runs ADD COLUMN metadata TEXT;
ALTER TABLE runs ADD COLUMN traceparent TEXT;
ALTER TABLE runs ADD COLUMN wire TEXT NOT NULL DEFAULT 'native';
ALTER TABLE runs ADD COLUMN replay_of TEXT;
ALTER TABLE runs ADD COLUMN undo_of TEXT;
ALTER TABLE runs ADD COLUMN cancel_requested_at INTEGER;
ALTER TABLE runs ADD COLUMN cancel_reason TEXT;
ALTER TABLE runs ADD COLUMN dismissed_at INTEGER;
ALTER TABLE runs ADD COLUMN result TEXT;

CREATE TABLE run_tags (
  project_id TEXT NOT NULL,
  tag TEXT NOT NULL,
  seq INTEGER NOT NULL,
  PRIMARY KEY (project_id, tag, seq)
) STRICT, WITHOUT ROWID;

-- An attempt after a retry from an earlier step does not go on from outputs that are void.
ALTER TABLE run_steps ADD COLUMN is_void INTEGER NOT NULL DEFAULT 0;

-- A lane knows the run it works on, so what waits behind it is found by priority and order alone. `held`: the project is paused.
ALTER TABLE lanes ADD COLUMN active_seq INTEGER;
ALTER TABLE lanes ADD COLUMN priority INTEGER NOT NULL DEFAULT 0;
UPDATE lanes SET active_seq = (
  SELECT min(r.seq) FROM runs r
  WHERE r.project_id = lanes.project_id AND r.lane_id = lanes.lane_id AND r.state = 'running');
DROP INDEX lanes_due;
CREATE INDEX lanes_due ON lanes (due_at) WHERE state IN ('active', 'parked');
CREATE INDEX lanes_urgent ON lanes (project_id, priority DESC, turn) WHERE state = 'ready' AND priority > 0;
CREATE INDEX lanes_held ON lanes (project_id) WHERE state = 'held';

DROP INDEX runs_open;
DROP INDEX runs_waiting;
CREATE INDEX runs_in_lane ON runs (project_id, lane_id, priority DESC, seq) WHERE state = 'queued' AND delayed_until IS NULL;
CREATE INDEX runs_waiting ON runs (project_id, created_at) WHERE state = 'queued' AND delayed_until IS NULL;
CREATE INDEX runs_delayed ON runs (delayed_until) WHERE delayed_until IS NOT NULL;
CREATE INDEX runs_expiring ON runs (expires_at) WHERE expires_at IS NOT NULL;

-- `active` works and accepts; `paused` accepts and starts nothing; `draining` works off what waits and accepts nothing.
ALTER TABLE project_queues ADD COLUMN state TEXT NOT NULL DEFAULT 'active';
