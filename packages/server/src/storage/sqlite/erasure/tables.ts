/**
 * THE list of tables with what an erasure does about them. A table that is in none of these lists fails the erasure's test: whoever
 * adds one decides here what becomes of it when a user is erased.
 */

/** What is kept of a run besides its row, by run id: it goes with the run. */
export const runTables = [
  'run_payloads',
  'run_steps',
  'operations',
  'run_confirmations',
  'run_events',
  'webhook_deliveries',
] as const

/** What is kept of a memory, by memory id: it goes with the memory. */
export const memoryTables = ['memories', 'memory_versions', 'run_confirmations'] as const

/** What an erasure looks after in other ways. */
export const otherErasedTables = [
  'runs',
  'run_tags', // by the number of the run
  'documents', // with the memory, by its place
  'postings', // with the document
  'idempotency_keys',
  'partitions',
  'scopes',
  'users',
  'webhooks', // those that tell of the user alone, or of the run
  'conversations',
  'conversation_messages', // by the number of the conversation
  'conversation_compactions', // likewise
  'erasures',
  'erasure_targets',
] as const

/** Tables that tell nothing of what anybody said or who said it. */
export const impersonalTables = [
  'migrations',
  'projects',
  'project_queues',
  'api_keys',
  'groups',
  'topics',
  'group_versions',
  'scheduler',
  'lanes', // named after a user only while a run of the user waits
  'buffers', // likewise
  'run_counts',
  'usage_days',
  'webhook_queues',
  'agents', // what a project made, not what a user said
  'tools',
  'triggers',
  'secrets',
  'credit_accounts',
  'credit_months',
  'credit_transactions', // of which run, and what it cost
] as const
