import { expect, test } from 'vitest'
import { startPeer } from '../../../../sdk/src/testing/peer.ts'
import { useCommandLine } from '../testing/command-line.ts'

const { run } = useCommandLine()

test('search shows score, statement, topic and age', async () => {
  const memory = {
    id: 'm1',
    content: 'Mara keeps bees.',
    topic: 'UserKnowledge',
    score: 0.917,
    sources: [{ said_at: '2026-11-01T08:55:00Z' }],
  }
  await using peer = await startPeer(() => ({
    body: {
      memories: [memory],
      total: 1,
      retrieval: { requested: 'vector', used: 'bm25', note: 'no model' },
    },
  }))
  const { out, err } = await run(['search', 'bees', '--topic', 'a', '--topic', 'b', '--type', 'vector'], {
    peer,
  })
  expect(out).toBe('0.92  Mara keeps bees.\n      UserKnowledge · 5 min ago · m1\n')
  expect(err).toBe('note: no model\n')
  expect((await run(['search', 'bees'], { peer })).err).toBe('')
  expect(peer.received[0]?.body).toMatchObject({
    topics: ['a', 'b'],
    retrieval_config: { retrieval_type: 'vector' },
  })
})
