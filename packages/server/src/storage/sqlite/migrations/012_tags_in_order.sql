-- compatible
-- Runs with a tag are listed in the order of all lists of runs.
ALTER TABLE run_tags ADD COLUMN created_at INTEGER NOT NULL DEFAULT 0;
UPDATE run_tags SET created_at = coalesce((SELECT created_at FROM runs WHERE runs.seq = run_tags.seq), 0);
CREATE INDEX run_tags_by_age ON run_tags (project_id, tag, created_at, seq);
