-- compatible
-- What was done on each day (days since the epoch, UTC), and how many runs each user has. Triggers count in the transaction that
-- causes it, whoever writes: an older program counts too. `open_run_count` is of those that have not ended.
CREATE TABLE usage_days (
  project_id TEXT NOT NULL,
  day INTEGER NOT NULL,
  runs_accepted INTEGER NOT NULL DEFAULT 0,
  runs_completed INTEGER NOT NULL DEFAULT 0,
  runs_partial INTEGER NOT NULL DEFAULT 0,
  runs_failed INTEGER NOT NULL DEFAULT 0,
  runs_cancelled INTEGER NOT NULL DEFAULT 0,
  memories_created INTEGER NOT NULL DEFAULT 0,
  memories_updated INTEGER NOT NULL DEFAULT 0,
  memories_deleted INTEGER NOT NULL DEFAULT 0,
  searches INTEGER NOT NULL DEFAULT 0,
  input_tokens INTEGER NOT NULL DEFAULT 0,
  output_tokens INTEGER NOT NULL DEFAULT 0,
  cost REAL NOT NULL DEFAULT 0,
  PRIMARY KEY (project_id, day)
) STRICT, WITHOUT ROWID;
CREATE INDEX usage_days_by_day ON usage_days (day, project_id);

ALTER TABLE users ADD COLUMN run_count INTEGER NOT NULL DEFAULT 0;
ALTER TABLE users ADD COLUMN open_run_count INTEGER NOT NULL DEFAULT 0;

INSERT INTO usage_days (project_id, day, runs_accepted)
SELECT project_id, created_at / 86400000, count(*) FROM runs GROUP BY 1, 2;
INSERT INTO usage_days (project_id, day, runs_completed, runs_partial, runs_failed, runs_cancelled)
SELECT project_id, completed_at / 86400000, sum(state = 'completed'), sum(state = 'partial'), sum(state = 'failed'), sum(state = 'cancelled')
FROM runs WHERE completed_at IS NOT NULL GROUP BY 1, 2
ON CONFLICT (project_id, day) DO UPDATE SET
  runs_completed = excluded.runs_completed, runs_partial = excluded.runs_partial,
  runs_failed = excluded.runs_failed, runs_cancelled = excluded.runs_cancelled;
INSERT INTO usage_days (project_id, day, memories_created, memories_updated, memories_deleted)
SELECT project_id, committed_at / 86400000, sum(kind = 'create'), sum(kind = 'update'), sum(kind = 'delete')
FROM operations WHERE true GROUP BY 1, 2
ON CONFLICT (project_id, day) DO UPDATE SET
  memories_created = excluded.memories_created, memories_updated = excluded.memories_updated,
  memories_deleted = excluded.memories_deleted;
UPDATE users SET run_count = counted.all_runs, open_run_count = counted.open_runs
FROM (
  SELECT project_id, user_key, count(*) AS all_runs, sum(completed_at IS NULL) AS open_runs
  FROM runs WHERE user_key IS NOT NULL GROUP BY 1, 2) counted
WHERE users.project_id = counted.project_id AND users.user_key = counted.user_key;

CREATE TRIGGER usage_of_new_run AFTER INSERT ON runs BEGIN
  INSERT INTO usage_days (project_id, day, runs_accepted) VALUES (new.project_id, new.created_at / 86400000, 1)
  ON CONFLICT (project_id, day) DO UPDATE SET runs_accepted = runs_accepted + 1;
  UPDATE users SET run_count = run_count + 1, open_run_count = open_run_count + (new.completed_at IS NULL)
  WHERE project_id = new.project_id AND user_key = new.user_key;
END;

-- A run that was complete when it was accepted.
CREATE TRIGGER usage_of_complete_run AFTER INSERT ON runs WHEN new.completed_at IS NOT NULL BEGIN
  INSERT INTO usage_days (project_id, day, runs_completed, runs_partial, runs_failed, runs_cancelled)
  VALUES (new.project_id, new.completed_at / 86400000, new.state = 'completed', new.state = 'partial', new.state = 'failed', new.state = 'cancelled')
  ON CONFLICT (project_id, day) DO UPDATE SET
    runs_completed = runs_completed + excluded.runs_completed, runs_partial = runs_partial + excluded.runs_partial,
    runs_failed = runs_failed + excluded.runs_failed, runs_cancelled = runs_cancelled + excluded.runs_cancelled;
END;

CREATE TRIGGER usage_of_ended_run AFTER UPDATE OF completed_at ON runs
WHEN old.completed_at IS NULL AND new.completed_at IS NOT NULL BEGIN
  INSERT INTO usage_days (project_id, day, runs_completed, runs_partial, runs_failed, runs_cancelled)
  VALUES (new.project_id, new.completed_at / 86400000, new.state = 'completed', new.state = 'partial', new.state = 'failed', new.state = 'cancelled')
  ON CONFLICT (project_id, day) DO UPDATE SET
    runs_completed = runs_completed + excluded.runs_completed, runs_partial = runs_partial + excluded.runs_partial,
    runs_failed = runs_failed + excluded.runs_failed, runs_cancelled = runs_cancelled + excluded.runs_cancelled;
  UPDATE users SET open_run_count = open_run_count - 1 WHERE project_id = new.project_id AND user_key = new.user_key;
END;

CREATE TRIGGER usage_of_reopened_run AFTER UPDATE OF completed_at ON runs
WHEN old.completed_at IS NOT NULL AND new.completed_at IS NULL BEGIN
  UPDATE users SET open_run_count = open_run_count + 1 WHERE project_id = new.project_id AND user_key = new.user_key;
END;

CREATE TRIGGER usage_of_removed_run AFTER DELETE ON runs BEGIN
  UPDATE users SET run_count = run_count - 1, open_run_count = open_run_count - (old.completed_at IS NULL)
  WHERE project_id = old.project_id AND user_key = old.user_key;
END;

CREATE TRIGGER usage_of_operation AFTER INSERT ON operations BEGIN
  INSERT INTO usage_days (project_id, day, memories_created, memories_updated, memories_deleted)
  VALUES (new.project_id, new.committed_at / 86400000, new.kind = 'create', new.kind = 'update', new.kind = 'delete')
  ON CONFLICT (project_id, day) DO UPDATE SET
    memories_created = memories_created + excluded.memories_created,
    memories_updated = memories_updated + excluded.memories_updated,
    memories_deleted = memories_deleted + excluded.memories_deleted;
END;
