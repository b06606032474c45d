import { expect, test } from 'vitest'
import { NotFoundError, Remanence, ServerError } from '../index.ts'
import { type PeerAnswer, startPeer } from '../testing/peer.ts'

const made: PeerAnswer = { status: 201, body: { key_id: 'k2', replaced_by: null, key: 'rem_secret' } }

test('a key is made with an end, given as an instant or a Date', async () => {
  await using peer = await startPeer(() => made)
  const { keys } = new Remanence({ baseUrl: peer.url })
  const answer = await keys.create({ name: 'bot', scopes: ['read'], expiresAt: new Date(0) })
  expect(answer).toEqual({ keyId: 'k2', replacedBy: null, key: 'rem_secret' })
  expect(peer.received[0]?.body).toEqual({
    name: 'bot',
    scopes: ['read'],
    expires_at: '1970-01-01T00:00:00.000Z',
  })
})

test('a change names what changes, and is repeated after a passing failure', async () => {
  await using peer = await startPeer((_, index) =>
    index === 0 ? { status: 503 } : { body: { key_id: 'k1', name: 'new' } },
  )
  const answer = await new Remanence({ baseUrl: peer.url }).keys.change('k1', { name: 'new' })
  expect(answer.name).toBe('new')
  expect(peer.received).toHaveLength(2)
  expect(peer.received[1]).toMatchObject({ method: 'PATCH', url: '/v1/keys/k1', body: { name: 'new' } })
})

test('a rotation is sent once, whatever comes of it', async () => {
  await using peer = await startPeer((_, index) => (index === 0 ? made : { status: 503 }))
  const { keys } = new Remanence({ baseUrl: peer.url })
  expect(await keys.rotate('k1', { graceSeconds: 60 })).toMatchObject({ keyId: 'k2', key: 'rem_secret' })
  await expect(keys.rotate('k1')).rejects.toThrow(ServerError)
  expect(peer.received.map(({ url, body }) => [url, body])).toEqual([
    ['/v1/keys/k1/rotate', { grace_seconds: 60 }],
    ['/v1/keys/k1/rotate', {}],
  ])
})

test('an unknown key is an error of its kind', async () => {
  await using peer = await startPeer(() => ({ status: 404, body: { code: 'not_found', detail: 'no' } }))
  await expect(new Remanence({ baseUrl: peer.url }).keys.revoke('k1')).rejects.toThrow(NotFoundError)
})
