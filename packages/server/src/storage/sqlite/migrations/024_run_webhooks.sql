-- breaking: it would tell the endpoint of one run of all runs: start the newer version, or restore the backup made before the upgrade.
-- An endpoint that a run brought along is told of that run alone, and goes with it.
ALTER TABLE webhooks ADD COLUMN run_id TEXT;
CREATE INDEX webhooks_by_run ON webhooks (project_id, run_id);
