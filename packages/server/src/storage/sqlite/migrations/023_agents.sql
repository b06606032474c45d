-- compatible
-- Agents and tools as they are now: a run keeps the definition it was accepted with. What is archived stays for its runs.
CREATE TABLE agents (
  project_id TEXT NOT NULL,
  agent_id TEXT NOT NULL,
  version INTEGER NOT NULL,
  status TEXT NOT NULL,
  group_name TEXT NOT NULL,
  definition TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (project_id, agent_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX agents_in_order ON agents (project_id, created_at, agent_id);
CREATE INDEX agents_listed ON agents (project_id, created_at, agent_id) WHERE status <> 'archived';
CREATE INDEX agents_by_group ON agents (project_id, group_name) WHERE status <> 'archived';

CREATE TABLE tools (
  project_id TEXT NOT NULL,
  tool_id TEXT NOT NULL,
  version INTEGER NOT NULL,
  status TEXT NOT NULL,
  group_name TEXT NOT NULL,
  definition TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (project_id, tool_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX tools_in_order ON tools (project_id, created_at, tool_id);
CREATE INDEX tools_listed ON tools (project_id, created_at, tool_id) WHERE status <> 'archived';
CREATE INDEX tools_by_group ON tools (project_id, group_name) WHERE status <> 'archived';

-- Addresses that start runs. Of the token only its hash is kept.
CREATE TABLE triggers (
  project_id TEXT NOT NULL,
  trigger_id TEXT NOT NULL,
  token_hash TEXT NOT NULL UNIQUE,
  prefix TEXT NOT NULL,
  name TEXT NOT NULL,
  target_type TEXT NOT NULL,
  target_id TEXT NOT NULL,
  secret TEXT,
  created_at INTEGER NOT NULL,
  last_used_at INTEGER,
  PRIMARY KEY (project_id, trigger_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE secrets (
  project_id TEXT NOT NULL,
  name TEXT NOT NULL,
  value TEXT NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (project_id, name)
) STRICT, WITHOUT ROWID;

-- Credits are decimals in text: no amount is ever a binary fraction. A balance that is NULL is not counted down.
CREATE TABLE credit_accounts (
  project_id TEXT NOT NULL PRIMARY KEY,
  rates TEXT NOT NULL,
  caps TEXT NOT NULL,
  balance TEXT
) STRICT, WITHOUT ROWID;

-- What was used in a calendar month (its first instant, UTC), kept with each charge, so nobody adds up the ledger.
CREATE TABLE credit_months (
  project_id TEXT NOT NULL,
  month_start_at INTEGER NOT NULL,
  tokens INTEGER NOT NULL,
  actions INTEGER NOT NULL,
  credits TEXT NOT NULL,
  PRIMARY KEY (project_id, month_start_at)
) STRICT, WITHOUT ROWID;

-- The ledger. One row for each attempt of a step that cost something: recording it again charges nothing.
CREATE TABLE credit_transactions (
  project_id TEXT NOT NULL,
  seq INTEGER NOT NULL,
  kind TEXT NOT NULL,
  run_id TEXT,
  step TEXT,
  attempt INTEGER,
  model TEXT,
  tokens INTEGER NOT NULL,
  actions INTEGER NOT NULL,
  amount TEXT NOT NULL,
  balance_before TEXT,
  balance_after TEXT,
  at INTEGER NOT NULL,
  PRIMARY KEY (project_id, seq)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX credit_transactions_by_step ON credit_transactions (project_id, run_id, step, attempt) WHERE kind = 'charge';
CREATE INDEX credit_transactions_by_run ON credit_transactions (project_id, run_id, seq) WHERE run_id IS NOT NULL;
CREATE INDEX credit_transactions_by_kind ON credit_transactions (project_id, kind, seq);

ALTER TABLE run_steps ADD COLUMN charge TEXT;
