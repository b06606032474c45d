-- Written by migrate.test.ts from the migrations; not applied by anything.

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

CREATE INDEX agents_by_group ON agents (project_id, group_name) WHERE status <> 'archived';

CREATE INDEX agents_in_order ON agents (project_id, created_at, agent_id);

CREATE INDEX agents_listed ON agents (project_id, created_at, agent_id) WHERE status <> 'archived';

CREATE TABLE api_keys (
  project_id TEXT NOT NULL REFERENCES projects,
  key_id TEXT NOT NULL,
  hash TEXT NOT NULL UNIQUE,
  prefix TEXT NOT NULL,
  name TEXT NOT NULL,
  scopes TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  last_used_at INTEGER,
  revoked_at INTEGER, expires_at INTEGER, replaced_by TEXT,
  PRIMARY KEY (project_id, key_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE buffers (
  project_id TEXT NOT NULL REFERENCES projects,
  buffer_id TEXT NOT NULL,
  group_id TEXT NOT NULL,
  group_version INTEGER NOT NULL,
  step TEXT NOT NULL,
  user_key TEXT NOT NULL,
  properties TEXT NOT NULL,
  trigger_when TEXT NOT NULL,
  state TEXT NOT NULL,
  opened_at INTEGER NOT NULL,
  last_at INTEGER NOT NULL,
  flush_at INTEGER,
  count INTEGER NOT NULL,
  size INTEGER NOT NULL,
  leader_seq INTEGER,
  PRIMARY KEY (project_id, buffer_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX buffers_due ON buffers (flush_at) WHERE state = 'collecting' AND flush_at IS NOT NULL;

CREATE UNIQUE INDEX buffers_open ON buffers (project_id, group_id, user_key, properties, step, group_version) WHERE state = 'collecting';

CREATE TABLE conversation_compactions (
  project_id TEXT NOT NULL,
  conversation_no INTEGER NOT NULL,
  version INTEGER NOT NULL,
  compaction_id TEXT NOT NULL,
  strategy TEXT NOT NULL,
  target_tokens INTEGER,
  through_seq INTEGER NOT NULL,
  text TEXT NOT NULL,
  extracted TEXT NOT NULL,
  current_state TEXT NOT NULL,
  original_tokens INTEGER NOT NULL,
  compacted_tokens INTEGER NOT NULL,
  validation_score REAL NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (project_id, conversation_no, version)
) STRICT, WITHOUT ROWID;

CREATE TABLE conversation_messages (
  project_id TEXT NOT NULL,
  conversation_no INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  message_id TEXT NOT NULL,
  role TEXT NOT NULL,
  content TEXT NOT NULL,
  said_at INTEGER NOT NULL,
  speaker TEXT,
  session_id TEXT,
  metadata TEXT,
  recorded_at INTEGER NOT NULL,
  PRIMARY KEY (project_id, conversation_no, seq),
  UNIQUE (project_id, conversation_no, message_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE conversations (
  conversation_no INTEGER PRIMARY KEY,
  project_id TEXT NOT NULL REFERENCES projects,
  conversation_id TEXT NOT NULL,
  external_id TEXT,
  user_id TEXT,
  user_key TEXT NOT NULL,
  customer TEXT,
  type TEXT,
  started_at INTEGER,
  ended_at INTEGER,
  last_message_at INTEGER,
  message_count INTEGER NOT NULL DEFAULT 0,
  length INTEGER NOT NULL DEFAULT 0,
  metadata TEXT,
  analysis TEXT,
  created_at INTEGER NOT NULL,
  active_at INTEGER NOT NULL,
  removed_at INTEGER,
  UNIQUE (project_id, conversation_id)
) STRICT;

CREATE INDEX conversations_by_age ON conversations (project_id, active_at, conversation_no) WHERE removed_at IS NULL;

CREATE INDEX conversations_of_user ON conversations (project_id, user_key, active_at, conversation_no);

CREATE INDEX conversations_removed ON conversations (project_id, conversation_no) WHERE removed_at IS NOT NULL;

CREATE TABLE credit_accounts (
  project_id TEXT NOT NULL PRIMARY KEY,
  rates TEXT NOT NULL,
  caps TEXT NOT NULL,
  balance TEXT
) STRICT, WITHOUT ROWID;

CREATE TABLE credit_months (
  project_id TEXT NOT NULL,
  month_start_at INTEGER NOT NULL,
  tokens INTEGER NOT NULL,
  actions INTEGER NOT NULL,
  credits TEXT NOT NULL,
  PRIMARY KEY (project_id, month_start_at)
) STRICT, WITHOUT ROWID;

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

CREATE INDEX credit_transactions_by_kind ON credit_transactions (project_id, kind, seq);

CREATE INDEX credit_transactions_by_run ON credit_transactions (project_id, run_id, seq) WHERE run_id IS NOT NULL;

CREATE UNIQUE INDEX credit_transactions_by_step ON credit_transactions (project_id, run_id, step, attempt) WHERE kind = 'charge';

CREATE TABLE documents (
  partition_no INTEGER NOT NULL,
  position INTEGER NOT NULL,
  memory_id TEXT NOT NULL,
  scope_no INTEGER NOT NULL,
  session TEXT NOT NULL,
  turn INTEGER NOT NULL,
  speaker TEXT NOT NULL,
  length REAL NOT NULL,
  said_at INTEGER NOT NULL,
  terms TEXT NOT NULL,
  PRIMARY KEY (partition_no, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE erasure_targets (
  project_id TEXT NOT NULL,
  run_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  id TEXT NOT NULL,
  PRIMARY KEY (project_id, run_id, kind, id)
) STRICT, WITHOUT ROWID;

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

CREATE TRIGGER event_floor_rises AFTER DELETE ON run_events BEGIN
  UPDATE project_queues SET event_floor = old.project_seq
  WHERE project_id = old.project_id AND event_floor < old.project_seq;
END;

CREATE TABLE group_versions (
  project_id TEXT NOT NULL,
  group_id TEXT NOT NULL,
  version INTEGER NOT NULL,
  topics TEXT NOT NULL,
  pipeline TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (project_id, group_id, version),
  FOREIGN KEY (project_id, group_id) REFERENCES groups
) STRICT, WITHOUT ROWID;

CREATE TABLE groups (
  project_id TEXT NOT NULL REFERENCES projects,
  group_id TEXT NOT NULL,
  name TEXT NOT NULL,
  created_at INTEGER NOT NULL, version INTEGER NOT NULL DEFAULT 1,
  PRIMARY KEY (project_id, group_id),
  UNIQUE (project_id, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE idempotency_keys (
  project_id TEXT NOT NULL,
  key TEXT NOT NULL,
  digest TEXT NOT NULL,
  run_id TEXT NOT NULL,
  created_at INTEGER NOT NULL, is_kept INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (project_id, key)
) STRICT, WITHOUT ROWID;

CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at) WHERE is_kept = 0;

CREATE INDEX idempotency_keys_kept ON idempotency_keys (project_id, run_id) WHERE is_kept = 1;

CREATE TABLE lanes (
  project_id TEXT NOT NULL,
  lane_id TEXT NOT NULL,
  state TEXT NOT NULL,
  turn INTEGER NOT NULL,
  due_at INTEGER NOT NULL, active_seq INTEGER, priority INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (project_id, lane_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX lanes_due ON lanes (due_at) WHERE state IN ('active', 'parked');

CREATE INDEX lanes_held ON lanes (project_id, turn) WHERE state = 'held';

CREATE INDEX lanes_ready ON lanes (turn) WHERE state = 'ready';

CREATE INDEX lanes_urgent ON lanes (project_id, priority DESC, turn) WHERE state = 'ready' AND priority > 0;

CREATE TABLE memories (
  memory_no INTEGER PRIMARY KEY,
  project_id TEXT NOT NULL,
  memory_id TEXT NOT NULL,
  partition_no INTEGER NOT NULL REFERENCES partitions,
  scope_no INTEGER NOT NULL REFERENCES scopes,
  position INTEGER NOT NULL,
  user_id TEXT,
  content TEXT NOT NULL,
  content_key TEXT NOT NULL,
  version INTEGER NOT NULL,
  sources TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  UNIQUE (project_id, memory_id),
  UNIQUE (scope_no, content_key)
) STRICT;

CREATE INDEX memories_by_age ON memories (partition_no, created_at, memory_id);

CREATE TABLE memory_versions (
  project_id TEXT NOT NULL,
  memory_id TEXT NOT NULL,
  version INTEGER NOT NULL,
  run_id TEXT NOT NULL,
  content TEXT NOT NULL,
  sources TEXT NOT NULL,
  created_at INTEGER NOT NULL, kind TEXT NOT NULL DEFAULT 'create', scope_no INTEGER, partition_no INTEGER, position INTEGER, user_id TEXT, memory_created_at INTEGER, origin TEXT, restores INTEGER,
  PRIMARY KEY (project_id, memory_id, version)
) STRICT, WITHOUT ROWID;

CREATE INDEX memory_versions_in_time ON memory_versions (partition_no, memory_created_at, memory_id, version);

CREATE TABLE operations (
  project_id TEXT NOT NULL,
  run_id TEXT NOT NULL,
  position INTEGER NOT NULL,
  kind TEXT NOT NULL,
  memory_id TEXT NOT NULL,
  before_version INTEGER,
  after_version INTEGER,
  committed_at INTEGER NOT NULL,
  PRIMARY KEY (run_id, position, project_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE partitions (
  partition_no INTEGER PRIMARY KEY,
  project_id TEXT NOT NULL,
  group_id TEXT NOT NULL,
  user_key TEXT NOT NULL,
  document_count INTEGER NOT NULL,
  total_length REAL NOT NULL,
  next_position INTEGER NOT NULL,
  UNIQUE (project_id, group_id, user_key)
) STRICT;

CREATE TABLE postings (
  partition_no INTEGER NOT NULL,
  term TEXT NOT NULL,
  position INTEGER NOT NULL,
  weight REAL NOT NULL,
  term_count INTEGER NOT NULL,
  PRIMARY KEY (partition_no, term, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE project_queues (
  project_id TEXT PRIMARY KEY,
  last_turn INTEGER NOT NULL,
  depth INTEGER NOT NULL
, state TEXT NOT NULL DEFAULT 'active', depth_max INTEGER, event_floor INTEGER NOT NULL DEFAULT 0) STRICT, WITHOUT ROWID;

CREATE TABLE projects (
  project_id TEXT PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL
, retention TEXT, removed_at INTEGER) STRICT, WITHOUT ROWID;

CREATE INDEX projects_by_age ON projects (created_at, project_id);

CREATE INDEX projects_removed ON projects (removed_at) WHERE removed_at IS NOT NULL;

CREATE TABLE run_confirmations (
  confirmation_no INTEGER PRIMARY KEY,
  project_id TEXT NOT NULL,
  run_id TEXT NOT NULL,
  memory_id TEXT NOT NULL,
  version INTEGER NOT NULL,
  kind TEXT NOT NULL,
  source TEXT NOT NULL,
  dropped TEXT,
  confirmed_at INTEGER NOT NULL
) STRICT;

CREATE INDEX run_confirmations_of_memory ON run_confirmations (project_id, memory_id, version);

CREATE INDEX run_confirmations_of_run ON run_confirmations (run_id, project_id);

CREATE TABLE run_counts (
  project_id TEXT NOT NULL,
  state TEXT NOT NULL,
  count INTEGER NOT NULL,
  PRIMARY KEY (project_id, state)
) STRICT, WITHOUT ROWID;

CREATE TABLE run_events (
  project_id TEXT NOT NULL,
  project_seq INTEGER NOT NULL,
  run_id TEXT NOT NULL,
  seq INTEGER NOT NULL,
  type TEXT NOT NULL,
  at INTEGER NOT NULL,
  data TEXT NOT NULL,
  PRIMARY KEY (project_id, project_seq),
  UNIQUE (run_id, seq, project_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE run_payloads (
  run_id TEXT NOT NULL,
  project_id TEXT NOT NULL,
  payload TEXT NOT NULL,
  PRIMARY KEY (run_id, project_id)
) STRICT;

CREATE TABLE run_steps (
  project_id TEXT NOT NULL,
  run_id TEXT NOT NULL,
  attempt INTEGER NOT NULL,
  name TEXT NOT NULL,
  type TEXT NOT NULL,
  status TEXT NOT NULL,
  started_at INTEGER NOT NULL,
  completed_at INTEGER NOT NULL,
  output TEXT,
  error TEXT, is_void INTEGER NOT NULL DEFAULT 0, use TEXT, charge TEXT,
  PRIMARY KEY (run_id, attempt, name, project_id)
) STRICT;

CREATE TABLE run_tags (
  project_id TEXT NOT NULL,
  tag TEXT NOT NULL,
  seq INTEGER NOT NULL, created_at INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (project_id, tag, seq)
) STRICT, WITHOUT ROWID;

CREATE INDEX run_tags_by_age ON run_tags (project_id, tag, created_at, seq);

CREATE TABLE runs (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  project_id TEXT NOT NULL REFERENCES projects,
  run_id TEXT NOT NULL,
  group_id TEXT NOT NULL,
  lane_id TEXT NOT NULL,
  user_id TEXT,
  user_key TEXT,
  input_type TEXT NOT NULL,
  state TEXT NOT NULL,
  attempt INTEGER NOT NULL,
  failures INTEGER NOT NULL,
  retry_at INTEGER,
  outcome TEXT,
  error TEXT,
  counts TEXT NOT NULL,
  committed TEXT,
  created_at INTEGER NOT NULL,
  started_at INTEGER,
  updated_at INTEGER NOT NULL,
  completed_at INTEGER, priority INTEGER NOT NULL DEFAULT 0, delayed_until INTEGER, expires_at INTEGER, timeout_ms INTEGER, deadline_at INTEGER, attempt_base INTEGER NOT NULL DEFAULT 0, dry_run INTEGER NOT NULL DEFAULT 0, tags TEXT, metadata TEXT, traceparent TEXT, wire TEXT NOT NULL DEFAULT 'native', replay_of TEXT, undo_of TEXT, cancel_requested_at INTEGER, cancel_reason TEXT, dismissed_at INTEGER, result TEXT, erased_at INTEGER, group_version INTEGER NOT NULL DEFAULT 1, undone_by TEXT, buffer_id TEXT, parent_run_id TEXT, subject_id TEXT, conversation_id TEXT,
  UNIQUE (run_id, project_id)
) STRICT;

CREATE INDEX runs_by_age ON runs (project_id, created_at);

CREATE INDEX runs_by_conversation ON runs (project_id, conversation_id, created_at) WHERE conversation_id IS NOT NULL;

CREATE INDEX runs_by_group ON runs (project_id, group_id, created_at);

CREATE INDEX runs_by_parent ON runs (project_id, parent_run_id, created_at) WHERE parent_run_id IS NOT NULL;

CREATE INDEX runs_by_state ON runs (project_id, state, created_at);

CREATE INDEX runs_by_subject ON runs (project_id, subject_id, created_at) WHERE subject_id IS NOT NULL;

CREATE INDEX runs_by_user ON runs (project_id, user_key, created_at) WHERE user_key IS NOT NULL;

CREATE TRIGGER runs_count_gone AFTER DELETE ON runs BEGIN
  UPDATE run_counts SET count = count - 1 WHERE project_id = old.project_id AND state = old.state;
END;

CREATE TRIGGER runs_count_moved AFTER UPDATE OF state ON runs WHEN new.state <> old.state BEGIN
  UPDATE run_counts SET count = count - 1 WHERE project_id = old.project_id AND state = old.state;
  INSERT INTO run_counts (project_id, state, count) VALUES (new.project_id, new.state, 1)
    ON CONFLICT (project_id, state) DO UPDATE SET count = count + 1;
END;

CREATE TRIGGER runs_count_new AFTER INSERT ON runs BEGIN
  INSERT INTO run_counts (project_id, state, count) VALUES (new.project_id, new.state, 1)
    ON CONFLICT (project_id, state) DO UPDATE SET count = count + 1;
END;

CREATE INDEX runs_delayed ON runs (delayed_until) WHERE delayed_until IS NOT NULL;

CREATE INDEX runs_delayed_in_lane ON runs (project_id, lane_id) WHERE delayed_until IS NOT NULL;

CREATE INDEX runs_ended ON runs (project_id, completed_at, created_at, started_at) WHERE completed_at IS NOT NULL;

CREATE INDEX runs_expiring ON runs (expires_at) WHERE expires_at IS NOT NULL;

CREATE INDEX runs_in_buffer ON runs (project_id, buffer_id, seq) WHERE buffer_id IS NOT NULL;

CREATE INDEX runs_in_lane ON runs (project_id, lane_id, priority DESC, seq) WHERE state = 'queued' AND delayed_until IS NULL;

CREATE INDEX runs_of_upkeep ON runs (project_id, input_type, created_at)
  WHERE input_type NOT IN ('conversation', 'string', 'pre_extracted');

CREATE INDEX runs_sampled ON runs (project_id, completed_at, created_at, started_at)
  WHERE completed_at IS NOT NULL AND seq % 64 = 0;

CREATE INDEX runs_sampled_thinly ON runs (project_id, completed_at, created_at, started_at)
  WHERE completed_at IS NOT NULL AND seq % 4096 = 0;

CREATE INDEX runs_waiting ON runs (project_id, created_at) WHERE state = 'queued' AND delayed_until IS NULL AND attempt = 0;

CREATE TABLE scheduler (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  turn INTEGER NOT NULL
) STRICT;

CREATE TABLE scopes (
  scope_no INTEGER PRIMARY KEY,
  project_id TEXT NOT NULL,
  group_id TEXT NOT NULL,
  topic TEXT NOT NULL,
  user_key TEXT NOT NULL,
  properties TEXT NOT NULL,
  partition_no INTEGER NOT NULL REFERENCES partitions,
  UNIQUE (project_id, group_id, topic, user_key, properties)
) STRICT;

CREATE INDEX scopes_by_partition ON scopes (partition_no);

CREATE TABLE secrets (
  project_id TEXT NOT NULL,
  name TEXT NOT NULL,
  value TEXT NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (project_id, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE sqlite_sequence(name,seq);

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

CREATE INDEX tools_by_group ON tools (project_id, group_name) WHERE status <> 'archived';

CREATE INDEX tools_in_order ON tools (project_id, created_at, tool_id);

CREATE INDEX tools_listed ON tools (project_id, created_at, tool_id) WHERE status <> 'archived';

CREATE TABLE topics (
  project_id TEXT NOT NULL,
  group_id TEXT NOT NULL,
  name TEXT NOT NULL,
  position INTEGER NOT NULL,
  description TEXT NOT NULL,
  is_bounded INTEGER NOT NULL,
  user_scoped INTEGER NOT NULL,
  scope_properties TEXT NOT NULL,
  PRIMARY KEY (project_id, group_id, name),
  FOREIGN KEY (project_id, group_id) REFERENCES groups
) STRICT, WITHOUT ROWID;

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

CREATE TRIGGER usage_of_new_run AFTER INSERT ON runs BEGIN
  INSERT INTO usage_days (project_id, day, runs_accepted) VALUES (new.project_id, new.created_at / 86400000, 1)
  ON CONFLICT (project_id, day) DO UPDATE SET runs_accepted = runs_accepted + 1;
  UPDATE users SET run_count = run_count + 1, open_run_count = open_run_count + (new.completed_at IS NULL)
  WHERE project_id = new.project_id AND user_key = new.user_key;
END;

CREATE TRIGGER usage_of_operation AFTER INSERT ON operations BEGIN
  INSERT INTO usage_days (project_id, day, memories_created, memories_updated, memories_deleted)
  VALUES (new.project_id, new.committed_at / 86400000, new.kind = 'create', new.kind = 'update', new.kind = 'delete')
  ON CONFLICT (project_id, day) DO UPDATE SET
    memories_created = memories_created + excluded.memories_created,
    memories_updated = memories_updated + excluded.memories_updated,
    memories_deleted = memories_deleted + excluded.memories_deleted;
END;

CREATE TRIGGER usage_of_removed_run AFTER DELETE ON runs BEGIN
  UPDATE users SET run_count = run_count - 1, open_run_count = open_run_count - (old.completed_at IS NULL)
  WHERE project_id = old.project_id AND user_key = old.user_key;
END;

CREATE TRIGGER usage_of_reopened_run AFTER UPDATE OF completed_at ON runs
WHEN old.completed_at IS NOT NULL AND new.completed_at IS NULL BEGIN
  UPDATE users SET open_run_count = open_run_count + 1 WHERE project_id = new.project_id AND user_key = new.user_key;
END;

CREATE TABLE users (
  project_id TEXT NOT NULL REFERENCES projects,
  user_key TEXT NOT NULL,
  user_id TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  active_at INTEGER NOT NULL, run_count INTEGER NOT NULL DEFAULT 0, open_run_count INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (project_id, user_key)
) STRICT, WITHOUT ROWID;

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

CREATE INDEX webhook_deliveries_claimed ON webhook_deliveries (is_claimed) WHERE is_claimed = 1;

CREATE INDEX webhook_deliveries_due ON webhook_deliveries (project_id, webhook_id, due_at) WHERE due_at IS NOT NULL;

CREATE INDEX webhook_deliveries_ended ON webhook_deliveries (project_id, ended_at) WHERE ended_at IS NOT NULL;

CREATE INDEX webhook_deliveries_in_order ON webhook_deliveries (project_id, webhook_id, run_id, delivery_no) WHERE state = 'pending';

CREATE INDEX webhook_deliveries_in_state ON webhook_deliveries (project_id, webhook_id, state, delivery_no);

CREATE INDEX webhook_deliveries_listed ON webhook_deliveries (project_id, webhook_id, delivery_no);

CREATE INDEX webhook_deliveries_of_run ON webhook_deliveries (project_id, run_id) WHERE run_id IS NOT NULL;

CREATE TABLE webhook_queues (
  project_id TEXT NOT NULL,
  webhook_id TEXT NOT NULL,
  due_at INTEGER NOT NULL,
  PRIMARY KEY (project_id, webhook_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX webhook_queues_due ON webhook_queues (due_at);

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
  updated_at INTEGER NOT NULL, tags TEXT NOT NULL DEFAULT '[]', run_id TEXT,
  PRIMARY KEY (project_id, webhook_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX webhooks_by_run ON webhooks (project_id, run_id);
