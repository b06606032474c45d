import { expect, test } from 'vitest'
import { Remanence } from '../client.ts'
import { startPeer } from '../testing/peer.ts'

test('the history of a memory comes page by page', async () => {
  await using peer = await startPeer(({ url }) => {
    const isFirst = !url.includes('cursor')
    const versions = [{ version: isFirst ? 2 : 1, run_id: 'r', undone_by: null, input_type: 'edit' }]
    return { body: { versions, next_cursor: isFirst ? 'c' : null } }
  })
  const { memories } = new Remanence({ baseUrl: peer.url })
  const seen = []
  for await (const version of memories.history('m 1', { userId: 'mara', group: 'g', limit: 1 }))
    seen.push(version)
  expect(seen).toEqual([2, 1].map((version) => ({ version, runId: 'r', undoneBy: null, inputType: 'edit' })))
  expect(peer.received.map(({ url }) => url)).toEqual([
    '/v1/memories/m%201/history?user_id=mara&group=g&limit=1',
    '/v1/memories/m%201/history?user_id=mara&group=g&limit=1&cursor=c',
  ])
})

test('an edit sends the text, the version it is about and a key', async () => {
  await using peer = await startPeer(() => ({ body: { id: 'm', content: 'x', version: 3 } }))
  const { memories } = new Remanence({ baseUrl: peer.url })
  expect(await memories.edit('m', 'x', { userId: 'mara', expectedVersion: 2 })).toMatchObject({ version: 3 })
  await memories.edit('m', 'x', { idempotencyKey: 'k' })
  expect(peer.received[0]).toMatchObject({
    ...{ method: 'PATCH', url: '/v1/memories/m?user_id=mara' },
    body: { content: 'x', expected_version: 2 },
  })
  expect(peer.received[1]).toMatchObject({ url: '/v1/memories/m', headers: { 'idempotency-key': 'k' } })
})

test('the past is named in all that reads', async () => {
  await using peer = await startPeer(() => ({ body: { memories: [], next_cursor: null } }))
  const { memories } = new Remanence({ baseUrl: peer.url })
  const asOf = new Date('2026-11-01T08:00:00Z')
  await memories.search('x', { asOf })
  await memories.list({ asOf: '2026-11-01T08:00:00Z' })
  await memories.get('m', { asOf })
  expect(
    peer.received.map(({ url, body }) => [url, (body as { as_of?: string } | undefined)?.as_of]),
  ).toEqual([
    ['/v1/memories/search', '2026-11-01T08:00:00.000Z'],
    ['/v1/memories/list', '2026-11-01T08:00:00Z'],
    ['/v1/memories/m?as_of=2026-11-01T08%3A00%3A00.000Z', undefined],
  ])
})
