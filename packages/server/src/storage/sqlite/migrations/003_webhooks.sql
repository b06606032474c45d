-- compatible
-- Who is told of what. `events` is a JSON array of types and patterns. The previous secret signs too until it expires. Secrets are
-- kept as they are, because signing needs them.
CREATE TABLE webhooks (
  project_id TEXT NOT NULL REFERENCES projects,
  webhook_id TEXT NOT NULL,
  url TEXT NOT NULL,
  description TEXT NOT NULL,
  events TEXT NOT NULL,
  user_id TEXT,
  user_key TEXT,
  secret TEXT NOT NULL,
  previous_secret TEXT,
  previous_secret_until INTEGER,
  disabled_at INTEGER,
  disabled_reason TEXT,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (project_id, webhook_id)
) STRICT, WITHOUT ROWID;

-- An endpoint has a row here while it is enabled and has a delivery to be made: whoever looks for work looks here first, so the
-- backlog of one endpoint costs the others nothing. `due_at` is not later than that of any of its deliveries.
CREATE TABLE webhook_queues (
  project_id TEXT NOT NULL,
  webhook_id TEXT NOT NULL,
  due_at INTEGER NOT NULL,
  PRIMARY KEY (project_id, webhook_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX webhook_queues_due ON webhook_queues (due_at);

-- `due_at` of a pending delivery is when it may be made, or when the lease of the claim ends that makes it now (is_claimed); NULL
-- while an earlier one of the same run and endpoint is pending, and once it has ended. `claim` counts claims: a result is
-- recorded only for the newest. `attempts` counts results.
CREATE TABLE webhook_deliveries (
  delivery_no INTEGER PRIMARY KEY AUTOINCREMENT,
  project_id TEXT NOT NULL,
  webhook_id TEXT NOT NULL,
  delivery_id TEXT NOT NULL,
  run_id TEXT,
  project_seq INTEGER,
  type TEXT NOT NULL,
  body TEXT NOT NULL,
  state TEXT NOT NULL,
  due_at INTEGER,
  is_claimed INTEGER NOT NULL DEFAULT 0,
  claim INTEGER NOT NULL DEFAULT 0,
  attempts INTEGER NOT NULL DEFAULT 0,
  retry_until INTEGER NOT NULL,
  attempted_at INTEGER,
  status INTEGER,
  error TEXT,
  response TEXT,
  created_at INTEGER NOT NULL,
  ended_at INTEGER,
  UNIQUE (project_id, webhook_id, delivery_id)
) STRICT;
CREATE INDEX webhook_deliveries_listed ON webhook_deliveries (project_id, webhook_id, delivery_no);
CREATE INDEX webhook_deliveries_in_state ON webhook_deliveries (project_id, webhook_id, state, delivery_no);
CREATE INDEX webhook_deliveries_due ON webhook_deliveries (project_id, webhook_id, due_at) WHERE due_at IS NOT NULL;
CREATE INDEX webhook_deliveries_in_order ON webhook_deliveries (project_id, webhook_id, run_id, delivery_no) WHERE state = 'pending';
CREATE INDEX webhook_deliveries_claimed ON webhook_deliveries (is_claimed) WHERE is_claimed = 1;
CREATE INDEX webhook_deliveries_of_run ON webhook_deliveries (project_id, run_id) WHERE run_id IS NOT NULL;
CREATE INDEX webhook_deliveries_by_age ON webhook_deliveries (created_at);
