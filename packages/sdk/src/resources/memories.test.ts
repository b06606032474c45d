import { expect, test } from 'vitest'
import { Remanence, RemanenceError } from '../index.ts'
import { startPeer } from '../testing/peer.ts'

const accepted = { body: { run_id: 'r1', status: 'running' } }

test.each([
  ['Mara keeps bees.', { string: { content: ['Mara keeps bees.'] } }],
  [['one', 'two'], { string: { content: ['one', 'two'] } }],
  [
    [{ role: 'user' as const, content: 'Hi', createdAt: new Date(0), toolCallId: 't' }],
    {
      conversation: {
        messages: [
          { role: 'user', content: 'Hi', created_at: '1970-01-01T00:00:00.000Z', tool_call_id: 't' },
        ],
      },
    },
  ],
  [
    { preExtracted: { items: [{ content: 'Keeps bees', topic: 'UserKnowledge' }] } },
    { pre_extracted: { items: [{ content: 'Keeps bees', topic: 'UserKnowledge' }] } },
  ],
  [
    { document: { file: 'QmVlcw==', filename: 'bees.txt', mediaType: 'text/plain', createdAt: new Date(0) } },
    {
      document: {
        file: 'QmVlcw==',
        filename: 'bees.txt',
        media_type: 'text/plain',
        created_at: '1970-01-01T00:00:00.000Z',
      },
    },
  ],
  [
    { conversation: { messages: [], metadata: { sourceSystem: 'web', nested_key: { aB: 1 } } } },
    { conversation: { messages: [], metadata: { sourceSystem: 'web', nested_key: { aB: 1 } } } },
  ],
])('an add sends %o as the wire has it', async (input, wire) => {
  await using peer = await startPeer(() => accepted)
  await new Remanence({ baseUrl: peer.url }).memories.add(input)
  expect(peer.received[0]).toMatchObject({ method: 'POST', url: '/v1/memories' })
  expect(peer.received[0]?.body).toEqual({ input: wire })
})

test('whose memory it is goes along, and keys of properties stay as they are', async () => {
  await using peer = await startPeer(() => ({ ...accepted, headers: { 'idempotency-replayed': 'true' } }))
  const options = {
    userId: 'mara',
    group: 'g',
    properties: { repoName: 'a', b_c: 'd' },
    idempotencyKey: 'k1',
  }
  const run = await new Remanence({ baseUrl: peer.url }).memories.add('text', options)
  expect(run.replayed).toBe(true)
  expect(peer.received[0]?.headers['idempotency-key']).toBe('k1')
  expect(peer.received[0]?.body).toMatchObject({
    user_id: 'mara',
    group: 'g',
    properties: { repoName: 'a', b_c: 'd' },
  })
})

test('an idempotency key that no header can carry is refused before anything is sent', async () => {
  await using peer = await startPeer(() => accepted)
  const call = new Remanence({ baseUrl: peer.url }).memories.add('text', { idempotencyKey: 'Schlüssel' })
  await expect(call).rejects.toThrow(RemanenceError)
  expect(peer.received).toHaveLength(0)
})

test('a search names its retrieval and reads the answer', async () => {
  const memory = { id: 'm1', project_id: 'p', content: 'c', score: 0.9, properties: { repo_name: 'x' } }
  const retrieval = { requested: 'vector', used: 'bm25', note: 'no embedding model' }
  await using peer = await startPeer(() => ({ body: { memories: [memory], total: 1, retrieval } }))
  const client = new Remanence({ baseUrl: peer.url })
  const result = await client.memories.search('bees?', { userId: 'mara', retrieval: 'vector', limit: 3 })
  expect(result.retrieval).toEqual(retrieval)
  expect(result.memories[0]).toMatchObject({ id: 'm1', projectId: 'p', properties: { repo_name: 'x' } })
  expect(peer.received[0]?.body).toEqual({
    query: 'bees?',
    user_id: 'mara',
    retrieval_config: { retrieval_type: 'vector', limit: 3 },
  })
})

const threePages = (request: { body: unknown }) => {
  const { cursor } = request.body as { cursor?: string } // safety: the list sends an object
  const page = cursor === undefined ? 0 : Number(cursor)
  const memories = [{ id: `m${page}a` }, { id: `m${page}b` }]
  return { body: { memories, total: 2, next_cursor: page === 2 ? null : String(page + 1) } }
}

test('a list iterates over the items of all pages', async () => {
  await using peer = await startPeer(threePages)
  const ids: string[] = []
  for await (const memory of new Remanence({ baseUrl: peer.url }).memories.list({ userId: 'mara' })) {
    ids.push(memory.id)
  }
  expect(ids).toEqual(['m0a', 'm0b', 'm1a', 'm1b', 'm2a', 'm2b'])
  expect(peer.received).toHaveLength(3)
})

test('an awaited list is its first page, and goes on page by page', async () => {
  await using peer = await startPeer(threePages)
  const first = await new Remanence({ baseUrl: peer.url }).memories.list({ limit: 2 })
  expect(first.items.map((memory) => memory.id)).toEqual(['m0a', 'm0b'])
  expect(peer.received).toHaveLength(1)
  const second = await first.nextPage()
  const third = await second?.nextPage()
  expect([second?.hasNextPage, third?.hasNextPage]).toEqual([true, false])
  expect(await third?.nextPage()).toBeNull()
})

test('an id is one segment of the path, whatever it holds', async () => {
  await using peer = await startPeer(() => ({ body: { id: 'x' } }))
  const { memories } = new Remanence({ baseUrl: peer.url })
  await memories.get('a/../b?c#d', { userId: 'm+m@x.org', group: 'g' })
  expect(peer.received[0]?.url).toBe('/v1/memories/a%2F..%2Fb%3Fc%23d?user_id=m%2Bm%40x.org&group=g')
  for (const id of ['', '.', '..']) await expect(memories.delete(id)).rejects.toThrow('cannot be an id')
  expect(peer.received).toHaveLength(1)
})

test('an add that waits asks for it, and brings the run if it has ended', async () => {
  const ended = { run_id: 'r1', status: 'completed', state: 'completed', event_seq: 7 }
  const acknowledged = { run_id: 'r1', status: 'running' }
  for (const [body, run] of [
    [ended, { runId: 'r1', status: 'completed', state: 'completed', eventSeq: 7 }],
    [acknowledged, undefined],
  ] as const) {
    await using peer = await startPeer(() => ({ body }))
    const client = new Remanence({ baseUrl: peer.url })
    const accepted = await client.memories.add('text', { wait: 1.5 })
    expect(accepted.run).toEqual(run)
    expect(peer.received[0]?.headers.prefer).toBe('wait=2')
    await client.memories.add('text')
    expect(peer.received[1]?.headers.prefer).toBeUndefined()
  }
})
