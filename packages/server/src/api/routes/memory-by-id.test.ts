/** GET and DELETE /v1/memories/{id}: one memory, for who names its user and its group. */
import { randomUUID } from 'node:crypto'
import { afterAll, describe, expect, test } from 'vitest'
import { type Members, startTestApp } from '../../testing/test-app.ts'

const app = await startTestApp()
afterAll(app.stop)
await app.request('PUT', '/v1/groups/shared', {
  topics: [{ topic_name: 'Facts', description: '', is_bounded: false, scoping: { user_scoped: false } }],
})

const remember = async (content: string, members: Members = {}, topic = 'UserKnowledge'): Promise<string> => {
  const run = await app.finished(await app.add({ pre_extracted: { items: [{ content, topic }] } }, members))
  return run.committed_operations?.created[0]?.memory_id ?? 'none'
}
const at = (id: string, query: Record<string, string> = {}) =>
  `/v1/memories/${id}?${new URLSearchParams(query)}`

test('a memory is read by its id, whatever the case of id and user', async () => {
  const id = await remember('Mara keeps bees.')
  for (const path of [
    at(id, { user_id: 'mara' }),
    at(id.toUpperCase(), { user_id: 'MARA', group: 'default' }),
  ])
    expect(await app.request('GET', path)).toMatchObject({
      status: 200,
      body: { id, content: 'Mara keeps bees.' },
    })
})

test('a deleted memory is gone: from reading, listing, searching, and from deleting again', async () => {
  const user_id = 'oblivious'
  const id = await remember('Forget the oyster recipe.', { user_id })
  const deletion = await app.request('DELETE', at(id, { user_id }))
  expect([deletion.status, deletion.text]).toEqual([204, ''])
  expect((await app.request('GET', at(id, { user_id }))).status).toBe(404)
  expect((await app.request('DELETE', at(id, { user_id }))).status).toBe(404)
  expect(await app.list({ user_id })).toEqual([])
  const found = await app.request('POST', '/v1/memories/search', { query: 'oyster recipe', user_id })
  expect(found).toMatchObject({ body: { total: 0 } })
})

test('a deletion is a run of its own, named in a header', async () => {
  const user_id = 'orderly'
  const id = await remember('Delete me.', { user_id })
  const { headers } = await app.request('DELETE', at(id, { user_id }))
  const run = await app.finished(headers.get('remanence-run-id') ?? '')
  expect(run).toMatchObject({
    status: 'completed',
    input_type: 'delete',
    counts: { deleted: 1 },
    committed_operations: { created: [], updated: [], deleted: [{ memory_id: id }] },
  })
})

test('a project-wide memory is nobody’s: it needs no user, does not mind one, and does not tell its writer', async () => {
  const id = await remember('Bees stay outside.', { user_id: 'writer', group: 'shared' }, 'Facts')
  await remember('Known.', { user_id: 'known' })
  const answers = await Promise.all([
    app.request('GET', at(id, { group: 'shared' })),
    app.request('GET', at(id, { group: 'shared', user_id: 'known' })),
  ])
  expect(answers.map(({ status }) => status)).toEqual([200, 200])
  expect(answers[0]?.body).not.toHaveProperty('user_id')
})

describe.each(['GET', 'DELETE'])('%s refuses', (method) => {
  test.each([
    ['no user', {}, 400, 'missing_user'],
    ['a user nobody has written for', { user_id: 'stranger' }, 422, 'unknown_user'],
    ['the id of another user', { user_id: 'other' }, 404, 'not_found'],
    ['the wrong group', { user_id: 'owner', group: 'shared' }, 404, 'not_found'],
    ['a group that is none', { user_id: 'owner', group: 'nope' }, 422, 'unknown_group'],
    ['a parameter nobody knows', { user_id: 'owner', topic: 'UserKnowledge' }, 422, 'invalid_body'],
  ])('%s', async (name, query, status, code) => {
    const id = await remember(`Kept from ${method} by ${name}.`, { user_id: 'owner' })
    await remember('Another.', { user_id: 'other' })
    expect(await app.request(method, at(id, query))).toMatchObject({ status, body: { status, code } })
    expect((await app.request('GET', at(id, { user_id: 'owner' }))).status).toBe(200)
  })

  test('ids of nothing and ids that are none', async () => {
    await remember('Owned.', { user_id: 'owner' })
    const query = { user_id: 'owner' }
    expect(await app.request(method, at(randomUUID(), query))).toMatchObject({
      status: 404,
      body: { code: 'not_found' },
    })
    expect(await app.request(method, at('42', query))).toMatchObject({
      status: 422,
      body: { code: 'invalid_body', errors: [{ location: 'path.id' }] },
    })
  })
})
