/** POST /v1/runs/{id}/undo: a run that reverses exactly what another one committed, and tells what it could not. */
import { afterAll, expect, test } from 'vitest'
import { type Members, type MemoryBody, type RunBody, startTestApp } from '../../testing/test-app.ts'

const app = await startTestApp({ template: 'personalization-with-summary' })
afterAll(app.stop)

type Told = RunBody & { readonly code?: string }

const properties = { conversation_id: 'c-1' }
const items = (...contents: string[]) => ({
  pre_extracted: { items: contents.map((content) => ({ content, topic: 'UserKnowledge' })) },
})
const summary = (content: string) => ({
  pre_extracted: { items: [{ content, topic: 'ConversationSummary' }] },
})
const add = async (input: object, user_id: string, members: Members = {}) =>
  app.finished(await app.add(input, { user_id, properties, ...members }))
const requestUndo = (run: RunBody, body: object = {}, headers: Record<string, string> = {}) =>
  app.request<Told>('POST', `/v1/runs/${run.run_id}/undo`, body, { headers })
const undo = async (run: RunBody, body: object = {}) => {
  const answer = await requestUndo(run, body)
  expect(answer).toMatchObject({
    status: 200,
    body: { undo_of: run.run_id, input_type: 'undo', starting_step: 3 },
  })
  return app.finished(answer.body.run_id)
}
/** All that people see of a user's memories, less what an undo honestly changes: the number of the version and its time. */
const visible = async (user_id: string) => {
  const hide = ({ version: _, updated_at: __, ...shown }: MemoryBody) => shown
  const memories = (await app.list({ user_id })).map(hide)
  const found = await Promise.all(
    ['bees', 'Graz', 'Mara'].map(async (query) => {
      const answer = await app.request<{ memories: MemoryBody[] }>('POST', '/v1/memories/search', {
        query,
        user_id,
      })
      return answer.body.memories.map(hide)
    }),
  )
  return { memories, found }
}
const idOf = (run: RunBody) =>
  [...(run.committed_operations?.created ?? []), ...(run.committed_operations?.updated ?? [])][0]
    ?.memory_id ?? ''
const edit = async (id: string, user_id: string, content: string) => {
  const { headers, status } = await app.request('PATCH', `/v1/memories/${id}?user_id=${user_id}`, { content })
  expect(status).toBe(200)
  return app.finished(headers.get('remanence-run-id') ?? '')
}
const remove = async (id: string, user_id: string) => {
  const { headers } = await app.request('DELETE', `/v1/memories/${id}?user_id=${user_id}`)
  return app.finished(headers.get('remanence-run-id') ?? '')
}

test('what a run created, changed, said again and summed up is as before, and the undo can be undone', async () => {
  const user_id = 'whole'
  await add(items('Mara keeps bees.', 'Mara lives in Graz.'), user_id)
  await add(summary('About bees.'), user_id)
  const before = await visible(user_id)
  const run = await add(
    {
      pre_extracted: {
        items: [
          { content: 'Mara keeps bees.', topic: 'UserKnowledge' },
          { content: 'Mara lives in Graz near the river.', topic: 'UserKnowledge' },
          { content: 'Mara sails.', topic: 'UserKnowledge' },
          { content: 'About boats.', topic: 'ConversationSummary' },
        ],
      },
    },
    user_id,
  )
  expect(run.counts).toMatchObject({ created: 1, updated: 2, unchanged: 1 })
  const after = await visible(user_id)
  const taken = await undo(run)
  expect(taken).toMatchObject({
    ...{ state: 'completed', outcome: 'committed', user_id, counts: { created: 0, updated: 2, deleted: 1 } },
    result: { undo_of: run.run_id, conflicts: [], conflict_count: 0, operation_count: 3, sources_removed: 1 },
  })
  expect(await visible(user_id)).toEqual(before)
  expect(await app.finished(run.run_id)).toMatchObject({ undone_by: taken.run_id })
  const again = await undo(taken)
  expect(await visible(user_id)).toEqual(after)
  expect(await app.finished(run.run_id), 'it is in force again').toMatchObject({ undone_by: null })
  await undo(again)
  expect(await visible(user_id)).toEqual(before)
})

test('an edit and a deletion are taken back too, the deleted memory to its place', async () => {
  const user_id = 'hand'
  const run = await add(items('Mara keeps bees.', 'Mara lives in Graz.', 'Mara sails.'), user_id)
  const id = idOf(run)
  const before = await visible(user_id)
  const edited = await edit(id, user_id, 'Mara keeps geese.')
  const deleted = await remove(id, user_id)
  await undo(deleted)
  expect(await app.list({ user_id })).toHaveLength(3)
  await undo(edited)
  expect(await visible(user_id)).toEqual(before)
  expect((await undo(run)).counts).toMatchObject({ deleted: 3 })
  expect(await app.list({ user_id })).toEqual([])
})

test('what has changed since is a conflict each, stays as it is, and is passed over by force', async () => {
  const user_id = 'changed'
  const run = await add(
    items('Mara keeps bees.', 'Mara lives in Graz.', 'Mara sails.', 'Mara rows.'),
    user_id,
  )
  const ids = new Map((await app.list({ user_id })).map(({ content, id }) => [content, id]))
  const [bees, graz, sails] = ['Mara keeps bees.', 'Mara lives in Graz.', 'Mara sails.'].map(
    (content) => ids.get(content) ?? '',
  )
  await edit(bees ?? '', user_id, 'Mara keeps geese.')
  await remove(graz ?? '', user_id)
  const later = await add(items('Mara sails.'), user_id)
  const taken = await undo(run)
  const conflicts = [
    {
      memory_id: sails,
      kind: 'delete',
      reason: 'said_again',
      expected_version: 1,
      version: 1,
      forced: false,
    },
    { memory_id: graz, kind: 'delete', reason: 'deleted', expected_version: 1, version: 2, forced: false },
    { memory_id: bees, kind: 'delete', reason: 'changed', expected_version: 1, version: 2, forced: false },
  ]
  expect(taken.result).toMatchObject({ conflicts, conflict_count: 3, operation_count: 1 })
  expect((await app.list({ user_id })).map(({ content }) => content)).toEqual([
    'Mara sails.',
    'Mara keeps geese.',
  ])
  const forced = await undo(run, { force: true })
  expect(forced.result).toMatchObject({
    conflicts: [
      { reason: 'undone', forced: false },
      { memory_id: sails, forced: true },
      { memory_id: graz, forced: false },
      { memory_id: bees, forced: true },
    ],
    operation_count: 2,
  })
  expect(await app.list({ user_id })).toEqual([])
  await undo(forced)
  expect((await app.list({ user_id })).map(({ content }) => content).sort()).toEqual([
    'Mara keeps geese.',
    'Mara sails.',
  ])
  expect((await undo(later)).result, 'a source alone').toMatchObject({
    sources_removed: 1,
    operation_count: 0,
  })
})

test('what a filter deleted is all there again', async () => {
  const user_id = 'filtered'
  const contents = Array.from({ length: 120 }, (_, n) => `Mara owns the book number ${n * 7919}.`)
  await add(items(...contents), user_id)
  const before = await visible(user_id)
  const { body } = await app.request<RunBody>('POST', '/v1/memories/delete', { user_id })
  const deletion = await app.finished(body.run_id)
  expect(await app.list({ user_id })).toEqual([])
  expect((await undo(deletion)).result).toMatchObject({ operation_count: 120, conflict_count: 0 })
  expect(await visible(user_id)).toEqual(before)
})

test('a statement that stands elsewhere by now does not come back, force or not', async () => {
  const user_id = 'twin'
  const deleted = await remove(idOf(await add(items('Mara sails.'), user_id)), user_id)
  const twin = idOf(await add(items('Mara sails.'), user_id))
  for (const force of [false, true]) {
    const { result } = await undo(deleted, { force })
    expect(result).toMatchObject({
      conflicts: [{ kind: 'create', reason: 'said_elsewhere' }],
      operation_count: 0,
    })
  }
  expect((await app.list({ user_id })).map(({ id }) => id)).toEqual([twin])
})

test('a dry run shows what would be done, and does nothing', async () => {
  const user_id = 'dry'
  const run = await add(items('Mara keeps bees.'), user_id)
  const id = idOf(run)
  await edit(id, user_id, 'Mara keeps geese.')
  const shown = await undo(run, { dry_run: true, force: true })
  expect(shown).toMatchObject({
    ...{ outcome: 'planned', dry_run: true, counts: { deleted: 0 } },
    committed_operations: { deleted: [] },
    result: {
      operations: [
        {
          kind: 'delete',
          memory_id: id,
          topic: 'UserKnowledge',
          previous_content: 'Mara keeps geese.',
          version: 2,
        },
      ],
      conflicts: [{ memory_id: id, reason: 'changed', forced: true }],
    },
  })
  expect(await app.list({ user_id })).toHaveLength(1)
  expect(await app.finished(run.run_id)).toMatchObject({ undone_by: null })
  expect((await requestUndo(shown)).body).toMatchObject({ status: 409, code: 'conflict' })
})

test('the history names the undo, and what it took back', async () => {
  const user_id = 'told'
  const run = await add(items('Mara keeps bees.'), user_id)
  const id = idOf(run)
  const edited = await edit(id, user_id, 'Mara keeps geese.')
  const taken = await undo(edited)
  const { body } = await app.request('GET', `/v1/memories/${id}/history?user_id=${user_id}`)
  expect(body).toMatchObject({
    versions: [
      ...[{ version: 3, content: 'Mara keeps bees.', run_id: taken.run_id, input_type: 'undo', restores: 1 }],
      ...[{ version: 2, content: 'Mara keeps geese.', run_id: edited.run_id, undone_by: taken.run_id }],
      ...[{ version: 1, undone_by: null, restores: null }],
    ],
  })
})

test('nothing to take back is refused, and the same key is the same undo', async () => {
  const user_id = 'refused'
  await add(items('Mara keeps bees.'), user_id)
  const nothing = await add({ string: { content: ['Hello!'] } }, user_id)
  expect(nothing.outcome).toBe('no_facts')
  expect(await requestUndo(nothing)).toMatchObject({ status: 409, body: { code: 'conflict' } })
  const waiting = await app.add(items('Mara will sail.'), { user_id, properties, delay: 3_600 })
  const open = await app.request<RunBody>('GET', `/v1/runs/${waiting}`)
  expect(await requestUndo(open.body)).toMatchObject({ status: 409, body: { code: 'conflict' } })
  const run = await add(items('Mara rows.'), user_id)
  const key = { 'idempotency-key': 'undo-1' }
  const [first, second] = [await requestUndo(run, {}, key), await requestUndo(run, {}, key)]
  expect(second.body.run_id).toBe(first.body.run_id)
  expect(await requestUndo(run, { force: true }, key)).toMatchObject({ status: 422 })
})
