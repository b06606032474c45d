/** `dry_run` on an add, and POST /v1/runs/{id}/commit: what is shown is what is committed, or nothing is. */
import { afterAll, expect, test } from 'vitest'
import { RESULT_COUNT_MAX, RESULT_TEXT_LENGTH_MAX } from '../../kernel/limits.ts'
import { type RunBody, startTestApp } from '../../testing/test-app.ts'

const app = await startTestApp({ template: 'personalization-with-summary' })
afterAll(app.stop)

type Told = RunBody & { readonly code?: string; readonly detail?: string }

const properties = { conversation_id: 'c-1' }
const items = (...contents: string[]) => ({
  pre_extracted: { items: contents.map((content) => ({ content, topic: 'UserKnowledge' })) },
})
const add = async (input: string | object, user_id: string, members: object = {}) =>
  app.finished(await app.add(input, { user_id, properties, ...members }))
const dryRun = (input: string | object, user_id: string) => add(input, user_id, { dry_run: true })
const commit = (run: RunBody) => app.request<Told>('POST', `/v1/runs/${run.run_id}/commit`, {})
const contents = async (user_id: string) => (await app.list({ user_id })).map(({ content }) => content)

test('a dry run shows what it would commit, commits nothing, and then exactly that', async () => {
  const user_id = 'whole'
  const known = await add(items('Mara keeps bees.', 'Mara lives in Graz.'), user_id)
  const ids = known.committed_operations?.created.map(({ memory_id }) => memory_id)
  const run = await dryRun(
    items('Mara keeps bees.', 'Mara lives in Graz near the river.', 'Mara sails.'),
    user_id,
  )
  expect(run).toMatchObject({
    ...{ state: 'completed', status: 'completed', outcome: 'planned', dry_run: true },
    counts: { candidates: 3, created: 0, updated: 0, unchanged: 1 },
    committed_operations: { created: [], updated: [], deleted: [] },
    result: {
      operations: [
        {
          ...{ kind: 'update', memory_id: ids?.[1], topic: 'UserKnowledge', version: 1 },
          ...{ content: 'Mara lives in Graz near the river.', previous_content: 'Mara lives in Graz.' },
        },
        { kind: 'create', topic: 'UserKnowledge', content: 'Mara sails.' },
      ],
      ...{ operation_count: 2, sources_added: 1 },
    },
  })
  expect(await contents(user_id)).toHaveLength(2)
  const { status, body } = await commit(run)
  expect(status).toBe(200)
  const { operations } = run.result as { operations: { memory_id: string }[] }
  const [, created] = operations
  expect(body).toMatchObject({
    ...{ run_id: run.run_id, outcome: 'committed', completed_at: run.completed_at },
    counts: { candidates: 3, created: 1, updated: 1, unchanged: 1 },
    committed_operations: {
      created: [{ memory_id: created?.memory_id }],
      updated: [{ memory_id: ids?.[1] }],
    },
  })
  expect((await contents(user_id)).sort()).toEqual([
    'Mara keeps bees.',
    'Mara lives in Graz near the river.',
    'Mara sails.',
  ])
  const [bees] = (await app.list({ user_id })).filter(({ content }) => content === 'Mara keeps bees.')
  expect(bees?.sources.map(({ run_id }) => run_id)).toEqual([known.run_id, run.run_id])
  const found = await app.request('POST', '/v1/memories/search', { query: 'river', user_id })
  expect(found.body).toMatchObject({ memories: [{ content: 'Mara lives in Graz near the river.' }, {}, {}] })
  const events = await app.request<{ events: { type: string }[] }>('GET', `/v1/runs/${run.run_id}/events`)
  expect(events.body.events.at(-1)).toMatchObject({ type: 'run.committed', data: { outcome: 'committed' } })
  expect((await commit(run)).body, 'once more changes nothing').toEqual(body)
  const taken = await app.request<RunBody>('POST', `/v1/runs/${run.run_id}/undo`, {})
  expect(await app.finished(taken.body.run_id)).toMatchObject({ result: { conflict_count: 0 } })
  expect((await contents(user_id)).sort()).toEqual(['Mara keeps bees.', 'Mara lives in Graz.'])
})

test('what moved since is named, and nothing of the plan is committed', async () => {
  const user_id = 'moved'
  await add(items('Mara lives in Graz.'), user_id)
  const run = await dryRun(items('Mara sails.', 'Mara lives in Graz near the river.'), user_id)
  const [memory] = await app.list({ user_id })
  await app.request('PATCH', `/v1/memories/${memory?.id}?user_id=${user_id}`, { content: 'Mara left Graz.' })
  const answer = await commit(run)
  expect(answer).toMatchObject({ status: 409, body: { code: 'conflict' } })
  expect(answer.body.detail).toContain(memory?.id)
  expect(await contents(user_id)).toEqual(['Mara left Graz.'])
  expect(await app.finished(run.run_id)).toMatchObject({ outcome: 'planned', event_seq: run.event_seq })
})

test('a statement that somebody else has made since is a conflict', async () => {
  const run = await dryRun(items('Mara rows.'), 'twin')
  await add(items('Mara rows.'), 'twin')
  expect((await commit(run)).status).toBe(409)
  expect(await contents('twin')).toHaveLength(1)
})

test('of commits at the same time one is made, and all are answered with it', async () => {
  const run = await dryRun(items('Mara rows.'), 'crowd')
  const answers = await Promise.all(Array.from({ length: 8 }, () => commit(run)))
  expect(answers.map(({ status, body }) => [status, body.outcome])).toEqual(Array(8).fill([200, 'committed']))
  expect(await contents('crowd')).toEqual(['Mara rows.'])
  const { body } = await app.request<{ events: { type: string }[] }>('GET', `/v1/runs/${run.run_id}/events`)
  expect(body.events.filter(({ type }) => type === 'run.committed')).toHaveLength(1)
})

test('a run that is no dry run, or has not ended, has nothing to commit', async () => {
  const run = await add(items('Mara rows.'), 'none')
  expect(await commit(run)).toMatchObject({ status: 409, body: { code: 'conflict' } })
  const waiting = await app.add(items('Mara will sail.'), {
    user_id: 'none',
    properties,
    dry_run: true,
    delay: 3_600,
  })
  const open = await app.request<RunBody>('GET', `/v1/runs/${waiting}`)
  expect(await commit(open.body)).toMatchObject({ status: 409, body: { code: 'conflict' } })
})

test('a dry run that finds nothing is planned too, and its commit says what it came to', async () => {
  await add(items('Mara keeps bees.'), 'empty')
  const nothing = await dryRun({ string: { content: ['Hello!'] } }, 'empty')
  expect(nothing).toMatchObject({ outcome: 'planned', result: { operation_count: 0 } })
  expect((await commit(nothing)).body).toMatchObject({ outcome: 'no_facts' })
  const known = await dryRun(items('Mara keeps bees.'), 'empty')
  expect((await commit(known)).body).toMatchObject({ outcome: 'unchanged', counts: { unchanged: 1 } })
})

test('a bounded topic is planned as it would be', async () => {
  const input = { pre_extracted: { items: [{ content: 'About bees.', topic: 'ConversationSummary' }] } }
  const run = await dryRun(input, 'brief')
  expect(run.result).toMatchObject({ operations: [{ topic: 'ConversationSummary', content: 'About bees.' }] })
  expect((await commit(run)).body).toMatchObject({ outcome: 'committed', counts: { created: 1 } })
  expect(await contents('brief')).toEqual(['About bees.'])
})

test('a planned undo is committed as a planned add is', async () => {
  const run = await add(items('Mara rows.'), 'undone')
  const { body } = await app.request<RunBody>('POST', `/v1/runs/${run.run_id}/undo`, { dry_run: true })
  const planned = await app.finished(body.run_id)
  expect(await contents('undone')).toHaveLength(1)
  expect((await commit(planned)).body).toMatchObject({ outcome: 'committed', counts: { deleted: 1 } })
  expect(await contents('undone')).toEqual([])
  expect(await app.finished(run.run_id)).toMatchObject({ undone_by: planned.run_id })
})

test('what is shown is bounded, what is committed is not', async () => {
  const long = `Mara wrote ${'and wrote '.repeat(100)}.`
  const many = Array.from(
    { length: RESULT_COUNT_MAX + 20 },
    (_, n) => `Mara owns the book number ${n * 7919} of her shelf.`,
  )
  const run = await dryRun(items(long, ...many), 'many')
  const { operations, operation_count } = run.result as {
    operations: { content: string }[]
    operation_count: number
  }
  expect([operations.length, operation_count]).toEqual([RESULT_COUNT_MAX, many.length + 1])
  expect(operations[0]?.content).toHaveLength(RESULT_TEXT_LENGTH_MAX)
  expect((await commit(run)).body).toMatchObject({ counts: { created: many.length + 1 } })
  const body = { query: 'wrote', user_id: 'many', retrieval_config: { retrieval_type: 'bm25' } }
  const found = await app.request('POST', '/v1/memories/search', body)
  expect(found.body).toMatchObject({ memories: [{ content: long }] })
})
