/** GET /v1/runs, /v1/runs/{run_id} and its events: what a run tells of itself, before, while and after it works. */
import { randomUUID } from 'node:crypto'
import { afterAll, describe, expect, test } from 'vitest'
import { fakeExtractor } from '../../testing/fake-extractor.ts'
import { type RunBody, startTestApp } from '../../testing/test-app.ts'

const gates = new Map<string, PromiseWithResolvers<void>>()
const gate = (text: string) => {
  const opening = gates.get(text) ?? Promise.withResolvers<void>()
  gates.set(text, opening)
  return opening
}
const app = await startTestApp({
  extractor: fakeExtractor(async (text) => {
    if (text.startsWith('wait')) await gate(text).promise
    return text.startsWith('nothing') ? [] : [text]
  }),
})
afterAll(app.stop)

const read = async (runId: string) => (await app.request<RunBody>('GET', `/v1/runs/${runId}`)).body
const uuid = expect.stringMatching(/^[0-9a-f-]{36}$/)
const instant = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
const noCounts = { failed_inputs: 0, candidates: 0, created: 0, updated: 0, deleted: 0, unchanged: 0 }

test('a completed run has exactly these members', async () => {
  const runId = await app.add(['Mara keeps bees.', 'Mara lives in Graz.'])
  const run = await app.finished(runId)
  expect(run).toEqual({
    run_id: runId,
    status: 'completed',
    state: 'completed',
    waiting: null,
    attempt: 1,
    group_id: uuid,
    user_id: 'mara',
    starting_step: 1,
    input_type: 'string',
    event_seq: 8,
    outcome: 'committed',
    error: null,
    counts: { ...noCounts, inputs: 2, candidates: 2, created: 2 },
    committed_operations: {
      created: [
        { memory_id: uuid, committed_at: instant },
        { memory_id: uuid, committed_at: instant },
      ],
      updated: [],
      deleted: [],
    },
    priority: 0,
    tags: [],
    metadata: null,
    dry_run: false,
    wire: 'native',
    traceparent: null,
    replay_of: null,
    undo_of: null,
    parent_run_id: null,
    subject_id: null,
    conversation_id: null,
    undone_by: null,
    expires_at: null,
    deadline_at: null,
    cancel_requested_at: null,
    dismissed_at: null,
    result: null,
    created_at: instant,
    updated_at: instant,
    started_at: instant,
    completed_at: instant,
  })
})

test('while a run works the next of its user waits in the queue, and other users go on', async () => {
  const [first, second] = [
    await app.add('wait for me', { user_id: 'slow' }),
    await app.add('later', { user_id: 'slow' }),
  ]
  expect((await app.finished(await app.add('at once', { user_id: 'quick' }))).status).toBe('completed')
  expect(await read(first)).toMatchObject({ status: 'running', state: 'running', waiting: null, attempt: 1 })
  expect(await read(second)).toMatchObject({
    status: 'in_buffer',
    state: 'queued',
    waiting: { reason: 'queue' },
    attempt: 0,
    outcome: null,
    error: null,
    committed_operations: { created: [], updated: [], deleted: [] },
    started_at: null,
    completed_at: null,
  })
  gate('wait for me').resolve()
  const ended = [await app.finished(first), await app.finished(second)]
  expect(ended.map(({ status }) => status)).toEqual(['completed', 'completed'])
  const [one, two] = ended.map((run) => run.completed_at ?? '')
  expect(one && two && one <= two).toBe(true)
})

test('a run that finds nothing completes with three empty lists', async () => {
  const run = await app.finished(await app.add('nothing here'))
  expect(run).toMatchObject({
    status: 'completed',
    outcome: 'no_facts',
    counts: { ...noCounts, inputs: 1 },
    committed_operations: { created: [], updated: [], deleted: [] },
  })
})

test('a run that finds only what is known completes unchanged, and the memory gains a source', async () => {
  const user_id = 'twice'
  const runs = [
    await app.finished(await app.add('Twice told.', { user_id })),
    await app.finished(await app.add('Twice told.', { user_id })),
  ]
  expect(runs[1]).toMatchObject({
    outcome: 'unchanged',
    counts: { ...noCounts, inputs: 1, candidates: 1, unchanged: 1 },
  })
  const [memory] = await app.list({ user_id })
  expect(memory?.sources.map(({ run_id }) => run_id)).toEqual(runs.map(({ run_id }) => run_id))
})

test('a run of project-wide topics has no user', async () => {
  const topics = [
    { topic_name: 'Facts', description: '', is_bounded: false, scoping: { user_scoped: false } },
  ]
  await app.request('PUT', '/v1/groups/shared', { topics })
  const run = await app.finished(await app.add('Shared.', { user_id: undefined, group: 'shared' }))
  expect(run).not.toHaveProperty('user_id')
})

test('the user is echoed as first given', async () => {
  for (const user_id of ['Ada@Example.org', 'ADA@example.ORG'])
    await app.finished(await app.add(`As ${user_id}.`, { user_id }))
  const users = (await app.list({ user_id: 'ada@example.org' })).map((memory) => memory.user_id)
  expect(users).toEqual(['Ada@Example.org', 'Ada@Example.org'])
})

test('unknown runs are 404, what is no id is 422', async () => {
  for (const tail of ['', '/events']) {
    expect(await app.request('GET', `/v1/runs/${randomUUID()}${tail}`)).toMatchObject({
      status: 404,
      body: { code: 'not_found' },
    })
    expect(await app.request('GET', `/v1/runs/7${tail}`)).toMatchObject({
      status: 422,
      body: { code: 'invalid_body', errors: [{ location: 'path.run_id' }] },
    })
  }
})

describe('events', () => {
  type Events = { readonly events: readonly { seq: number; type: string; at: string; data: object }[] }
  const events = (runId: string, query = '') => app.request<Events>('GET', `/v1/runs/${runId}/events${query}`)

  test('tell the life of a run in order, numbered from 1', async () => {
    const { run_id } = await app.finished(await app.add('Eventful.'))
    const { body } = await events(run_id)
    expect(body.events.map(({ type }) => type)).toEqual([
      'run.accepted',
      'run.started',
      'step.completed',
      'step.completed',
      'memory.created',
      'step.completed',
      'run.completed',
    ])
    expect(body.events.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6, 7])
    expect(body.events.map(({ data }) => data)).toMatchObject([
      { inputs: 1 },
      { attempt: 1 },
      { step: 'extract' },
      { step: 'transform' },
      { version: 1 },
      { step: 'commit' },
      { outcome: 'committed', created: 1 },
    ])
  })

  test('are read on from where a reader stands, as many as it wants', async () => {
    const { run_id } = await app.finished(await app.add('Read on.'))
    const numbers = async (query: string) => (await events(run_id, query)).body.events.map(({ seq }) => seq)
    expect(await numbers('?after=4')).toEqual([5, 6, 7])
    expect(await numbers('?after=1&limit=2')).toEqual([2, 3])
    expect(await numbers('?after=7')).toEqual([])
  })

  test.each(['?after=-1', '?after=x', '?limit=0', '?limit=101', '?limit=1.5', '?limit=', '?nope=1'])(
    '%s is refused',
    async (query) => {
      const { run_id } = await app.finished(await app.add('Refused.'))
      expect(await events(run_id, query)).toMatchObject({ status: 422, body: { code: 'invalid_body' } })
    },
  )
})
