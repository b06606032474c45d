-- compatible
-- Lists of runs are ordered by (created_at, seq); seq is the rowid, so each index ends with it.
DROP INDEX runs_by_project;
CREATE INDEX runs_by_age ON runs (project_id, created_at);
CREATE INDEX runs_by_state ON runs (project_id, state, created_at);
CREATE INDEX runs_by_user ON runs (project_id, user_key, created_at) WHERE user_key IS NOT NULL;
CREATE INDEX runs_by_group ON runs (project_id, group_id, created_at);
CREATE INDEX runs_ended ON runs (project_id, completed_at, created_at, started_at) WHERE completed_at IS NOT NULL;
-- Whatever is neither said nor handed in is rare among millions of adds.
CREATE INDEX runs_of_upkeep ON runs (project_id, input_type, created_at)
  WHERE input_type NOT IN ('conversation', 'string', 'pre_extracted');
-- Samples of what has ended, so that statistics over many runs read few.
CREATE INDEX runs_sampled ON runs (project_id, completed_at, created_at, started_at)
  WHERE completed_at IS NOT NULL AND seq % 64 = 0;
CREATE INDEX runs_sampled_thinly ON runs (project_id, completed_at, created_at, started_at)
  WHERE completed_at IS NOT NULL AND seq % 4096 = 0;

-- How many runs of a project are in each state; kept by the triggers, whoever changes a run.
CREATE TABLE run_counts (
  project_id TEXT NOT NULL,
  state TEXT NOT NULL,
  count INTEGER NOT NULL,
  PRIMARY KEY (project_id, state)
) STRICT, WITHOUT ROWID;
INSERT INTO run_counts (project_id, state, count) SELECT project_id, state, count(*) FROM runs GROUP BY project_id, state;

CREATE TRIGGER runs_count_new AFTER INSERT ON runs BEGIN
  INSERT INTO run_counts (project_id, state, count) VALUES (new.project_id, new.state, 1)
    ON CONFLICT (project_id, state) DO UPDATE SET count = count + 1;
END;
CREATE TRIGGER runs_count_moved AFTER UPDATE OF state ON runs WHEN new.state <> old.state BEGIN
  UPDATE run_counts SET count = count - 1 WHERE project_id = old.project_id AND state = old.state;
  INSERT INTO run_counts (project_id, state, count) VALUES (new.project_id, new.state, 1)
    ON CONFLICT (project_id, state) DO UPDATE SET count = count + 1;
END;
CREATE TRIGGER runs_count_gone AFTER DELETE ON runs BEGIN
  UPDATE run_counts SET count = count - 1 WHERE project_id = old.project_id AND state = old.state;
END;
