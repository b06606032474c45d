import { expect, test } from 'vitest'
import { ConnectionError, Remanence } from '../index.ts'
import { startPeer } from '../testing/peer.ts'

test('webhooks are made, read, changed, tried, rotated and deleted', async () => {
  await using peer = await startPeer(() => ({ body: { webhook_id: 'w1', disabled_reason: null } }))
  const { webhooks } = new Remanence({ baseUrl: peer.url })
  const url = 'https://a.example/'
  expect(await webhooks.create({ url, events: ['run.*'], userId: 'mara' })).toEqual({
    webhookId: 'w1',
    disabledReason: null,
  })
  await webhooks.get('w1')
  await webhooks.update('w1', { allUsers: true, enabled: false })
  await webhooks.test('w1')
  await webhooks.rotate('w1', { overlapSeconds: 2 })
  await webhooks.delete('w1')
  await webhooks.delivery('w1', 'd/1')
  await webhooks.replay('w1', 'd1')
  expect(peer.received.map(({ method, url, body }) => [method, url, body])).toEqual([
    ['POST', '/v1/webhooks', { url, events: ['run.*'], user_id: 'mara' }],
    ['GET', '/v1/webhooks/w1', undefined],
    ['PATCH', '/v1/webhooks/w1', { all_users: true, enabled: false }],
    ['POST', '/v1/webhooks/w1/test', undefined],
    ['POST', '/v1/webhooks/w1/rotate', { overlap_seconds: 2 }],
    ['DELETE', '/v1/webhooks/w1', undefined],
    ['GET', '/v1/webhooks/w1/deliveries/d%2F1', undefined],
    ['POST', '/v1/webhooks/w1/deliveries/d1/replay', undefined],
  ])
})

test('what shows a secret is sent once, though the answer is lost', async () => {
  await using peer = await startPeer(() => 'drop')
  const { webhooks } = new Remanence({ baseUrl: peer.url })
  await expect(webhooks.create({ url: 'https://a.example/' })).rejects.toThrow(ConnectionError)
  await expect(webhooks.rotate('w1')).rejects.toThrow(ConnectionError)
  expect(peer.received).toHaveLength(2)
})

test('deliveries are listed over all pages', async () => {
  await using peer = await startPeer((_, index) => ({
    body: { deliveries: [{ delivery_id: `d${index}` }], next_cursor: index === 0 ? 'c1' : null },
  }))
  const { webhooks } = new Remanence({ baseUrl: peer.url })
  const ids = await Array.fromAsync(webhooks.deliveries('w1', { state: 'dead' }), (one) => one.deliveryId)
  expect(ids).toEqual(['d0', 'd1'])
  expect(peer.received.map(({ url }) => url)).toEqual([
    '/v1/webhooks/w1/deliveries?state=dead',
    '/v1/webhooks/w1/deliveries?state=dead&cursor=c1',
  ])
})

test('all dead deliveries are made again, call by call', async () => {
  await using peer = await startPeer((_, index) => ({
    body: { replayed: index === 0 ? 1_000 : 5, has_more: index === 0 },
  }))
  expect(await new Remanence({ baseUrl: peer.url }).webhooks.replayDead('w1')).toBe(1_005)
})

test('webhooks are listed', async () => {
  await using peer = await startPeer(() => ({ body: { webhooks: [{ webhook_id: 'w1' }] } }))
  const { webhooks } = new Remanence({ baseUrl: peer.url })
  expect(await webhooks.list()).toEqual([{ webhookId: 'w1' }])
  expect(await webhooks.list({ runId: 'r1' })).toEqual([{ webhookId: 'w1' }])
  expect(peer.received.map(({ url }) => url)).toEqual(['/v1/webhooks', '/v1/webhooks?run_id=r1'])
})
