-- breaking: it would leave behind the conversations of a user that it erases: start the newer version, or restore the backup made before the upgrade.
-- Conversations as they were said. `conversation_no` is this database's own short name. One that was removed has another
-- `conversation_id`, which begins with a control character, so nobody finds it any more and its name may begin anew; its rows go
-- little by little. `user_key` is '' where nobody was named, and an erasure's alias while that is in work.
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

-- `length` of a conversation is the sum of those of its messages, in characters. `seq` counts from 1 without a gap.
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

-- `extracted` is JSON: the statements told apart. `compaction_id` is the run that made it.
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
