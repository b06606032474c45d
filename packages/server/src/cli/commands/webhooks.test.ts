import { expect, test } from 'vitest'
import { startPeer } from '../../../../sdk/src/testing/peer.ts'
import { useCommandLine } from '../testing/command-line.ts'

const { run } = useCommandLine()

const webhook = {
  webhook_id: 'w1',
  url: 'https://a.example/',
  description: 'for the pager',
  events: ['run.failed'],
  user_id: null,
  enabled: true,
  disabled_at: null,
  disabled_reason: null,
  previous_secret_expires_at: '2026-11-02T08:00:00Z',
  created_at: '2026-11-01T08:00:00Z',
}
const delivery = {
  delivery_id: 'd1',
  webhook_id: 'w1',
  type: 'run.failed',
  run_id: 'r1',
  state: 'dead',
  attempts: 12,
  next_attempt_at: null,
  last_status: 500,
  last_error: 'the endpoint answered 500',
  last_response: 'no\u001b[2J',
  created_at: '2026-11-01T08:00:00Z',
}

test('webhooks create prints the secret alone on standard output', async () => {
  await using peer = await startPeer(() => ({ status: 201, body: { ...webhook, secret: 'whsec_x' } }))
  const args = [
    'webhooks',
    'create',
    webhook.url,
    '--events',
    'run.failed',
    'memory.*',
    '--user',
    'mara',
    '--tags',
    'x',
  ]
  const { out, err } = await run(args, { peer })
  expect(out).toBe('whsec_x\n')
  expect(err).toContain('webhook w1 is made')
  expect(peer.received[0]?.body).toEqual({
    url: webhook.url,
    events: ['run.failed', 'memory.*'],
    user_id: 'mara',
    tags: ['x'],
  })
})

test('webhooks lists them with their state', async () => {
  const disabled = { ...webhook, webhook_id: 'w2', enabled: false, disabled_reason: 'gone' }
  await using peer = await startPeer(() => ({ body: { webhooks: [webhook, disabled] } }))
  const [, one, two] = (await run(['webhooks'], { peer })).out.split('\n')
  expect(one).toMatch(/^w1 +enabled +run\.failed +1 h ago +https:\/\/a\.example\/; for the pager$/)
  expect(two).toMatch(/^w2 +disabled .*; gone$/)
  await run(['webhooks', '--run', 'r1'], { peer })
  expect(peer.received.at(-1)?.url).toBe('/v1/webhooks?run_id=r1')
})

test('a webhook is changed, disabled, enabled, rotated and deleted', async () => {
  await using peer = await startPeer(() => ({ body: { ...webhook, secret: 'whsec_y' } }))
  const call = async (...args: string[]) => (await run(['webhooks', ...args], { peer })).out
  expect(await call('update', 'w1', '--to', 'https://b.example/', '--all-users', '--all-tags')).toBe(
    'webhook w1 is changed\n',
  )
  await call('disable', 'w1')
  expect(await call('enable', 'w1')).toBe('webhook w1 is enabled\n')
  expect(await call('rotate', 'w1', '--overlap', '2h')).toBe('whsec_y\n')
  expect(await call('delete', 'w1')).toBe('webhook w1 is deleted\n')
  expect(peer.received.map(({ method, url, body }) => [method, url, body])).toEqual([
    ['PATCH', '/v1/webhooks/w1', { url: 'https://b.example/', all_users: true, tags: [] }],
    ['PATCH', '/v1/webhooks/w1', { enabled: false }],
    ['PATCH', '/v1/webhooks/w1', { enabled: true }],
    ['POST', '/v1/webhooks/w1/rotate', { overlap_seconds: 7_200 }],
    ['DELETE', '/v1/webhooks/w1', undefined],
  ])
})

test.each([
  ['delivered', 0, 'webhook w1 answered 204\n', ''],
  ['dead', 1, '', 'remanence: webhook w1 was not reached: refused\n'],
])('webhooks test waits until the delivery is %s', async (state, exitCode, out, err) => {
  await using peer = await startPeer(({ method }) => ({
    body: {
      ...delivery,
      state: method === 'POST' ? 'pending' : state,
      last_status: 204,
      last_error: state === 'dead' ? 'refused' : null,
    },
  }))
  expect(await run(['webhooks', 'test', 'w1'], { peer })).toEqual({ exitCode, out, err })
})

test('deliveries are listed and shown, and what an endpoint says cannot steer the terminal', async () => {
  await using peer = await startPeer(({ url }) => ({
    body: url.includes('/d1') ? { ...delivery, body: '{}' } : { deliveries: [delivery], next_cursor: null },
  }))
  const list = await run(['webhooks', 'deliveries', 'w1', '--state', 'dead'], { peer })
  expect(list.out.split('\n')[1]).toMatch(
    /^d1 +dead +run\.failed +r1 +1 h ago +12 +the endpoint answered 500$/,
  )
  expect(peer.received[0]?.url).toBe('/v1/webhooks/w1/deliveries?state=dead&limit=20')
  const { out } = await run(['webhooks', 'delivery', 'w1', 'd1'], { peer })
  expect(out).toMatch(/^last answer +no$/m)
  expect(out).toMatch(/^body +\{\}$/m)
})

test('one delivery or all dead ones are made again, and one of the two must be said', async () => {
  await using peer = await startPeer(({ url }) => ({
    body: url.includes('/d1/') ? delivery : { replayed: 3, has_more: false },
  }))
  expect((await run(['webhooks', 'replay', 'w1', 'd1'], { peer })).out).toBe('delivery d1 is made again\n')
  expect((await run(['webhooks', 'replay', 'w1', '--dead'], { peer })).out).toBe(
    '3 dead deliveries are made again\n',
  )
  expect((await run(['webhooks', 'replay', 'w1'], { peer })).exitCode).toBe(2)
  expect((await run(['webhooks', 'replay', 'w1', 'd1', '--dead'], { peer })).exitCode).toBe(2)
})

test('with --json every command prints one document', async () => {
  await using peer = await startPeer(({ url }) => ({
    body: url.endsWith('/webhooks')
      ? { webhooks: [webhook] }
      : url.includes('deliveries?')
        ? { deliveries: [delivery], next_cursor: null }
        : { ...webhook, ...delivery, body: '', replayed: 0, has_more: false },
  }))
  for (const args of [
    [],
    ['update', 'w1', '--description', 'x'],
    ['enable', 'w1'],
    ['rotate', 'w1'],
    ['delete', 'w1'],
    ['deliveries', 'w1'],
    ['delivery', 'w1', 'd1'],
    ['replay', 'w1', 'd1'],
    ['replay', 'w1', '--dead'],
  ]) {
    const { out } = await run(['--json', 'webhooks', ...args], { peer })
    expect(() => JSON.parse(out), args.join(' ')).not.toThrow()
    expect(out.trimEnd()).not.toContain('\n')
  }
})
