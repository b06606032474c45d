-- compatible
-- What a run belongs to besides its user: the run that made it, the agent or tool that it is one of, the conversation it goes on with.
ALTER TABLE runs ADD COLUMN parent_run_id TEXT;
ALTER TABLE runs ADD COLUMN subject_id TEXT;
ALTER TABLE runs ADD COLUMN conversation_id TEXT;
CREATE INDEX runs_by_parent ON runs (project_id, parent_run_id, created_at) WHERE parent_run_id IS NOT NULL;
CREATE INDEX runs_by_subject ON runs (project_id, subject_id, created_at) WHERE subject_id IS NOT NULL;
CREATE INDEX runs_by_conversation ON runs (project_id, conversation_id, created_at) WHERE conversation_id IS NOT NULL;
