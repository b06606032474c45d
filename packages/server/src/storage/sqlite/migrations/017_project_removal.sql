-- breaking: it would let a project that is being removed go on: start the newer version, or restore the backup made before the upgrade.
ALTER TABLE projects ADD COLUMN removed_at INTEGER;
CREATE INDEX projects_removed ON projects (removed_at) WHERE removed_at IS NOT NULL;
-- A partition is looked up among the scopes when it goes.
CREATE INDEX scopes_by_partition ON scopes (partition_no);
