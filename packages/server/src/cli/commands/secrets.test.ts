import { expect, test } from 'vitest'
import { startPeer } from '../../../../sdk/src/testing/peer.ts'
import { useCommandLine } from '../testing/command-line.ts'

const { run } = useCommandLine()

test('a secret comes from standard input, and is shown nowhere', async () => {
  const secret = { name: 'SHOP_KEY', updated_at: '2026-11-01T08:00:00Z' }
  await using peer = await startPeer(({ method }) => ({
    body: method === 'GET' ? { secrets: [secret] } : secret,
  }))
  const set = await run(['secrets', 'set', 'SHOP_KEY'], { peer, input: 'value-4711\n' })
  expect(set).toEqual({ exitCode: 0, out: 'secret SHOP_KEY is set\n', err: '' })
  const listed = await run(['secrets'], { peer })
  expect(listed.out.split('\n')[1]).toMatch(/^SHOP_KEY +1 h ago$/)
  expect((await run(['secrets', 'remove', 'SHOP_KEY'], { peer })).out).toBe('secret SHOP_KEY is removed\n')
  expect(peer.received.map(({ method, url, body }) => [method, url, body])).toEqual([
    ['PUT', '/v1/secrets/SHOP_KEY', { value: 'value-4711' }],
    ['GET', '/v1/secrets', undefined],
    ['DELETE', '/v1/secrets/SHOP_KEY', undefined],
  ])
  expect(await run(['secrets', 'set', 'SHOP_KEY'], { peer, input: '\n' })).toMatchObject({ exitCode: 2 })
})

test('a trigger prints its token alone on standard output; what it runs must be said once', async () => {
  const trigger = {
    ...{ trigger_id: 'g1', name: 'bell', prefix: 'trg_abc', target: { type: 'agent', id: 'a1' } },
    ...{ signed: true, created_at: '2026-11-01T08:00:00Z', last_used_at: null },
  }
  await using peer = await startPeer(({ method }) => ({
    body: method === 'GET' ? { triggers: [trigger] } : { ...trigger, token: 'trg_abcdef' },
  }))
  const create = ['triggers', 'create', 'bell', '--agent', 'a1']
  const made = await run([...create, '--signed'], { peer, input: 'a secret of the shop\n' })
  expect([made.out, made.err]).toEqual(['trg_abcdef\n', 'trigger g1 is made; its token is shown this once\n'])
  expect(peer.received[0]?.body).toEqual({
    ...{ name: 'bell', target: { type: 'agent', id: 'a1' }, secret: 'a secret of the shop' },
  })
  expect((await run(['triggers'], { peer })).out.split('\n')[1]).toMatch(
    /^g1 +bell +trg_abc… +agent a1 +signed +never$/,
  )
  expect((await run(['triggers', 'delete', 'g1'], { peer })).out).toBe('trigger g1 is deleted\n')
  expect(await run([...create, '--tool', 't1'], { peer })).toMatchObject({ exitCode: 2 })
  expect(await run(['triggers', 'create', 'bell'], { peer })).toMatchObject({ exitCode: 2 })
})
