import { expect, test } from 'vitest'
import { ConflictError, Remanence } from '../index.ts'
import { startPeer } from '../testing/peer.ts'

test('a topic is put without its name in the body, and deleted by its name', async () => {
  await using peer = await startPeer(({ method }) =>
    method === 'PUT' ? { body: { name: 'a/b', version: 2 } } : { status: 204 },
  )
  const { groups } = new Remanence({ baseUrl: peer.url })
  const scoping = { userScoped: true, scopeProperties: ['shop'] }
  const topic = { topicName: 'My orders', description: 'What was ordered.', isBounded: false, scoping }
  expect(await groups.putTopic('a/b', topic)).toEqual({ name: 'a/b', version: 2 })
  await groups.deleteTopic('a/b', 'My orders')
  await groups.delete('a/b')
  expect(peer.received.map(({ method, url, body }) => [method, url, body])).toEqual([
    [
      'PUT',
      '/v1/groups/a%2Fb/topics/My%20orders',
      {
        description: 'What was ordered.',
        is_bounded: false,
        scoping: { user_scoped: true, scope_properties: ['shop'] },
      },
    ],
    ['DELETE', '/v1/groups/a%2Fb/topics/My%20orders', undefined],
    ['DELETE', '/v1/groups/a%2Fb', undefined],
  ])
})

test('what holds memories is a conflict', async () => {
  await using peer = await startPeer(() => ({ status: 409, body: { code: 'conflict', detail: 'no' } }))
  await expect(new Remanence({ baseUrl: peer.url }).groups.delete('g')).rejects.toThrow(ConflictError)
})
