import { expect, test } from 'vitest'
import { Remanence } from '../index.ts'
import { startPeer } from '../testing/peer.ts'

test('a pipeline is put as the wire spells it, and read back', async () => {
  const wire = {
    steps: [
      { name: 'extract', type: 'extract', inputs: ['string'] },
      { name: 'gather', type: 'buffer', trigger: { count: 3, age_seconds: 60, idle_seconds: 5 } },
    ],
  }
  await using peer = await startPeer(() => ({
    body: { group_id: 'g', name: 'g', version: 2, pipeline: wire },
  }))
  const { groups } = new Remanence({ baseUrl: peer.url })
  const scoping = { userScoped: true, scopeProperties: [] }
  const topics = [{ topicName: 'T', description: '', isBounded: false, scoping }]
  const group = await groups.put('g', {
    topics,
    pipeline: {
      steps: [
        { name: 'extract', type: 'extract', inputs: ['string'] },
        { name: 'gather', type: 'buffer', trigger: { count: 3, ageSeconds: 60, idleSeconds: 5 } },
      ],
    },
  })
  expect(peer.received[0]?.body).toMatchObject({ pipeline: wire })
  expect(group).toMatchObject({ version: 2 })
  expect(group.pipeline.steps[1]?.trigger).toEqual({ count: 3, ageSeconds: 60, idleSeconds: 5 })
})

test('buffers are flushed by a run, and by a scope', async () => {
  await using peer = await startPeer(({ url }) => ({
    body: url.includes('groups') ? { buffers: 1, runs: 2 } : { run_id: 'r1', state: 'queued' },
  }))
  const client = new Remanence({ baseUrl: peer.url })
  expect(await client.runs.flush('r1')).toMatchObject({ runId: 'r1', state: 'queued' })
  const flushed = await client.groups.flush('a b', { userId: 'mara', properties: { book_name: 'Emma' } })
  expect(flushed).toEqual({ buffers: 1, runs: 2 })
  expect(peer.received.map(({ method, url, body }) => [method, url, body])).toEqual([
    ['POST', '/v1/runs/r1/flush', {}],
    ['POST', '/v1/groups/a%20b/flush', { user_id: 'mara', properties: { book_name: 'Emma' } }],
  ])
})
