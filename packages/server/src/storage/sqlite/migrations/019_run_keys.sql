-- compatible
-- A key that is kept as long as its run, unlike those that callers send along to repeat a request.
ALTER TABLE idempotency_keys ADD COLUMN is_kept INTEGER NOT NULL DEFAULT 0;
DROP INDEX idempotency_keys_by_age;
CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at) WHERE is_kept = 0;
CREATE INDEX idempotency_keys_kept ON idempotency_keys (project_id, run_id) WHERE is_kept = 1;
