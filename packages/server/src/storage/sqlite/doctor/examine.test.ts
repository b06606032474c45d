/** Each check must be able to fail: a healthy store is damaged in a way that each of them finds. */
import { randomUUID } from 'node:crypto'
import { copyFileSync, writeFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { WRONG_COUNT_MAX, WRONG_EXAMPLE_COUNT_MAX } from '../../../kernel/limits.ts'
import { startReceiver } from '../../../testing/receiver.ts'
import { temporaryFolder } from '../../../testing/temporary-folder.ts'
import { startTestApp } from '../../../testing/test-app.ts'
import { makeWebhook } from '../../../testing/webhook-scene.ts'
import { checks } from './checks.ts'
import { examineDatabase } from './examine.ts'

const folder = temporaryFolder()
afterAll(() => folder[Symbol.dispose]())
const dataDir = join(folder.path, 'data')
const whole = join(dataDir, 'remanence.db')

const said = 'Mara keeps four hives behind the house.'
beforeAll(async () => {
  await using receiver = await startReceiver(() => 500)
  const webhookAllow = '127.0.0.1'
  await using app = await startTestApp({ dataDir, template: 'personalization-with-summary', webhookAllow })
  await makeWebhook(app, receiver.url)
  const add = async (input: string | object, members = {}) => app.finished(await app.add(input, members))
  const item = (content: string, topic: string) => ({ pre_extracted: { items: [{ content, topic }] } })
  const properties = { conversation_id: 'c-1' }
  await add([said, 'Mara moved to Graz in March.'], { properties })
  await add(item('About hives.', 'ConversationSummary'), { properties })
  await add(item('About hives and a move.', 'ConversationSummary'), { properties })
  await add('Jonas sails a boat called Petrel.', { user_id: 'jonas', properties })
  const [memory] = await app.list({ user_id: 'jonas' })
  await app.request('DELETE', `/v1/memories/${memory?.id}?user_id=jonas`)
})

const insertBuffer = (state: string, count: number): string =>
  `INSERT INTO buffers (project_id, buffer_id, group_id, group_version, step, user_key, properties, trigger_when, state, opened_at, last_at, count, size)
   SELECT project_id, 'b-1', group_id, 1, 'gather', '', '{}', '{}', '${state}', 1, 1, ${count}, 0 FROM groups`

const insertConversation = `INSERT INTO conversations (conversation_no, project_id, conversation_id, user_key, created_at, active_at)
   SELECT 7, project_id, 'c-1', '', 1, 1 FROM projects;`
const insertCharge = (seq: number, over: { step?: string; before?: string; after?: string } = {}): string =>
  `INSERT INTO credit_transactions (project_id, seq, kind, run_id, step, attempt, tokens, actions, amount, balance_before, balance_after, at)
   SELECT project_id, ${seq}, 'charge', run_id, '${over.step ?? 'model-1'}', 1, 10, 0, '-0.5', ${over.before ?? 'NULL'}, ${over.after ?? 'NULL'}, 0
   FROM runs WHERE seq = 1`

/** By check: a way to damage the store that it finds. */
const damages: Readonly<Record<string, string>> = {
  references_lead_somewhere: 'DELETE FROM projects',
  run_ended_once: "UPDATE runs SET state = 'running' WHERE seq = 1",
  run_tells_its_operations: 'DELETE FROM operations WHERE position = 1',
  open_run_has_its_payload: "UPDATE runs SET state = 'queued'; DELETE FROM run_payloads",
  events_have_no_gap: 'DELETE FROM run_events WHERE seq = 2',
  end_has_its_event: "UPDATE run_events SET type = 'run.retrying' WHERE type = 'run.completed'",
  nothing_without_its_run: 'DELETE FROM runs WHERE seq = 1',
  erased_run_says_nothing: 'UPDATE runs SET erased_at = 1',
  erasure_has_its_run:
    "INSERT INTO erasures SELECT project_id, run_id, seq, NULL, NULL, '{}', 'runs', NULL, '{}' FROM runs LIMIT 1",
  run_has_its_user: 'DELETE FROM users',
  open_run_has_its_lane: "UPDATE runs SET state = 'queued' WHERE seq = 1",
  lane_has_work:
    "INSERT INTO lanes (project_id, lane_id, state, turn, due_at) SELECT project_id, 'nobody', 'ready', 1, 0 FROM projects",
  lane_has_one_run_in_work: "UPDATE runs SET state = 'running'",
  counts_by_state_hold: 'UPDATE run_counts SET count = count + 1',
  queue_counts_open_runs: 'UPDATE project_queues SET depth = depth + 1',
  buffered_run_has_its_buffer: "UPDATE runs SET state = 'buffered' WHERE seq = 1",
  buffer_counts_its_runs: insertBuffer('collecting', 1),
  buffer_goes_on: insertBuffer('flushing', 0),
  group_has_its_version: 'DELETE FROM group_versions',
  user_counts_runs: 'UPDATE users SET open_run_count = open_run_count + 1',
  memory_has_its_version: "UPDATE memories SET content = 'changed in silence'",
  memory_is_at_last_version: 'UPDATE memories SET version = version - 1 WHERE version > 1',
  deletion_is_a_version: "UPDATE memory_versions SET kind = 'update' WHERE kind = 'delete'",
  version_has_its_scope: 'UPDATE memory_versions SET position = position + 1',
  versions_have_no_gap: 'DELETE FROM memory_versions WHERE version = 2',
  version_has_its_operation: 'UPDATE operations SET after_version = 7',
  operation_has_its_version: 'UPDATE operations SET after_version = 9 WHERE after_version = 1',
  memory_is_in_its_scope: "UPDATE scopes SET topic = 'Nothing'",
  bounded_topic_has_one_memory: 'UPDATE topics SET is_bounded = 1',
  sources_can_be_read: "UPDATE memories SET sources = '{'",
  partition_counts_its_documents: 'UPDATE partitions SET document_count = document_count + 1',
  memory_has_its_document: 'DELETE FROM documents WHERE position = 1',
  delivery_has_its_webhook: 'DELETE FROM webhooks',
  webhook_hears_its_run: "UPDATE webhooks SET run_id = 'another'",
  delivery_ended_once: "UPDATE webhook_deliveries SET state = 'dead'",
  deliveries_keep_order: 'UPDATE webhook_deliveries SET due_at = 1',
  webhook_with_work_is_in_line: 'DELETE FROM webhook_queues',
  conversation_counts_its_messages: `${insertConversation} UPDATE conversations SET message_count = 1`,
  message_has_its_conversation:
    "INSERT INTO conversation_messages (project_id, conversation_no, seq, message_id, role, content, said_at, recorded_at) SELECT project_id, 9, 1, 'm', 'user', '', 1, 1 FROM projects",
  conversation_has_its_user: `${insertConversation} UPDATE conversations SET user_key = 'nobody'`,
  compaction_covers_what_is_there: `${insertConversation}
    INSERT INTO conversation_compactions SELECT project_id, 7, 1, 'c', 'balanced', NULL, 1, '', '{}', '', 1, 1, 1, 1 FROM projects`,
  agent_has_its_group:
    "INSERT INTO agents SELECT project_id, 'a', 1, 'active', 'nowhere', '{}', 0, 0 FROM projects",
  ledger_has_no_gap: insertCharge(2),
  balance_follows_the_ledger: `${insertCharge(1, { before: "'1'", after: "'0.5'" })}`,
  transaction_moves_its_balance: `${insertCharge(1, { before: "'1'", after: "'0.6'" })}`,
  charge_is_that_of_its_step: insertCharge(1, { step: 'commit' }),
  month_sums_the_ledger: `${insertCharge(1)};
    INSERT INTO credit_months SELECT project_id, 0, 10, 0, '0.6' FROM projects`,
  document_has_its_postings: "DELETE FROM postings WHERE term = 'hive'",
  posting_has_its_document: "UPDATE documents SET terms = '[]'",
}

/** Damages a copy of the healthy database, and answers the copy. */
const damaged = (sql: string): string => {
  const file = join(folder.path, `${randomUUID()}.db`) // a log left of another database must not lie beside it
  copyFileSync(whole, file)
  const database = new DatabaseSync(file, { enableForeignKeyConstraints: false })
  database.exec(sql)
  database.close()
  return file
}

const wrongs = (file: string) => examineDatabase(file).filter(({ wrongCount }) => wrongCount > 0)

test('a healthy store has nothing wrong with it, and every check has a way to fail', () => {
  expect(wrongs(whole)).toEqual([])
  expect(checks.map(({ name }) => name).sort()).toEqual([...Object.keys(damages), 'file_is_whole'].sort())
})

describe('damage', () => {
  test.each(Object.entries(damages))('is found by %s', (check, sql) => {
    const found = wrongs(damaged(sql))
    const shown = JSON.stringify(found)
    expect(found.map((one) => one.check)).toContain(check)
    for (const { examples } of found) expect(examples).not.toEqual([])
    expect(shown).not.toContain('hives')
  })

  test('to the file itself is found by file_is_whole, and the other checks are tried all the same', async () => {
    const file = damaged('')
    const database = new DatabaseSync(file, { readOnly: true })
    const [row] = database.prepare("SELECT rootpage FROM sqlite_schema WHERE name = 'postings'").all()
    const [size] = database.prepare('PRAGMA page_size').all()
    database.close()
    const pageSize = Number(size?.page_size)
    await using handle = await open(file, 'r+')
    await handle.write(Buffer.alloc(pageSize, 0x5a), 0, pageSize, (Number(row?.rootpage) - 1) * pageSize)
    await handle.close()
    const found = wrongs(file).map(({ check }) => check)
    expect(found).toEqual(expect.arrayContaining(['file_is_whole', 'document_has_its_postings']))
    expect(examineDatabase(file)).toHaveLength(checks.length)
  })

  test('in many places is counted to a bound, with a few examples', () => {
    const many = `WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 1500)
      INSERT INTO lanes (project_id, lane_id, state, turn, due_at) SELECT project_id, 'lane ' || i, 'ready', i, 0 FROM projects, n`
    const found = wrongs(damaged(many)).find(({ check }) => check === 'lane_has_work')
    expect(found?.wrongCount).toBe(WRONG_COUNT_MAX)
    expect(found?.examples).toHaveLength(WRONG_EXAMPLE_COUNT_MAX)
  })
})

test('what is no database of this version is said to be so', () => {
  const file = join(folder.path, 'other.db')
  expect(() => examineDatabase(file)).toThrow(`There is no database ${file}.`)
  writeFileSync(file, 'no database, whatever its name says. '.repeat(200))
  expect(() => examineDatabase(file)).toThrow('is no database of Remanence')
  const older = damaged('DELETE FROM migrations')
  expect(() => examineDatabase(older)).toThrow(/written by an older version: its schema lacks 001_/)
})
