-- compatible
-- Erasures that are in work. `seq` is the run's own: what was accepted later stays. Of a user: `user_key` is whom it is about and
-- `alias` the name under which the data stand until they are gone. Of a filter: both are NULL and `filter` is the filter, in JSON.
-- `cursor` is the place in the phase, `erased` the counts so far.
CREATE TABLE erasures (
  project_id TEXT NOT NULL,
  run_id TEXT NOT NULL,
  seq INTEGER NOT NULL,
  user_key TEXT,
  alias TEXT,
  filter TEXT,
  phase TEXT NOT NULL,
  cursor TEXT,
  erased TEXT NOT NULL,
  PRIMARY KEY (project_id, run_id)
) STRICT, WITHOUT ROWID;

-- What an erasure has found to be erased, so that it can be shown to be gone: `run` (wholly), `input` (what a run that stays says
-- of its content), `memory` (with its history).
CREATE TABLE erasure_targets (
  project_id TEXT NOT NULL,
  run_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  id TEXT NOT NULL,
  PRIMARY KEY (project_id, run_id, kind, id)
) STRICT, WITHOUT ROWID;

-- When the content of a run was erased while the run stayed.
ALTER TABLE runs ADD COLUMN erased_at INTEGER;
