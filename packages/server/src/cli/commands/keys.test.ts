import { expect, test } from 'vitest'
import { startPeer } from '../../../../sdk/src/testing/peer.ts'
import { useCommandLine } from '../testing/command-line.ts'

const { run } = useCommandLine()

const key = {
  key_id: 'k1',
  name: 'dash',
  prefix: 'rem_ab',
  scopes: ['read'],
  state: 'active',
  created_at: '2026-11-01T08:00:00Z',
  expires_at: null as string | null,
  replaced_by: null,
  last_used_at: null,
  revoked_at: null as string | null,
}
const made = { ...key, key: 'rem_abcdef' }

test('keys create prints the key alone on standard output', async () => {
  await using peer = await startPeer(() => ({ status: 201, body: made }))
  const { out, err } = await run(['keys', 'create', 'dash', '--scopes', 'read', 'write'], { peer })
  expect(out).toBe('rem_abcdef\n')
  expect(err).toBe('key k1 may read; it is shown this once\n')
  expect(peer.received[0]?.body).toEqual({ name: 'dash', scopes: ['read', 'write'] })
})

test.each([
  ['90d', '2027-01-30T09:00:00.000Z'],
  ['30min', '2026-11-01T09:30:00.000Z'],
  ['2026-12-24', '2026-12-24T00:00:00.000Z'],
  ['2026-12-24T18:00:00+01:00', '2026-12-24T17:00:00.000Z'],
])('keys create --expires %s gives the instant', async (when, expires_at) => {
  await using peer = await startPeer(() => ({ status: 201, body: { ...made, expires_at } }))
  const { err } = await run(['keys', 'create', 'dash', '--expires', when], { peer })
  expect(peer.received[0]?.body).toMatchObject({ expires_at })
  expect(err).toMatch(/^key k1 may read and ends (in|2026|2027).*; it is shown this once\n$/)
})

test.each(['soon', '-1d', '1w', '2026-13-01', '2026-12-24T18:00:00', '999999999d', ''])(
  'keys create --expires "%s" is refused, and nothing is sent',
  async (when) => {
    await using peer = await startPeer(() => ({ status: 201, body: made }))
    const { exitCode, err } = await run(['keys', 'create', 'dash', `--expires=${when}`], { peer })
    expect(exitCode).toBe(2)
    expect(err).toContain('--expires')
    expect(peer.received).toEqual([])
  },
)

test.each([
  [{}, 'active'],
  [{ expires_at: '2026-11-04T09:00:00Z' }, 'active, ends in 3 d'],
  [{ state: 'expired', expires_at: '2026-11-01T07:00:00Z' }, 'expired 2 h ago'],
  [{ state: 'revoked', revoked_at: '2026-11-01T08:58:00Z' }, 'revoked 2 min ago'],
])('keys lists keys with their age, use and state: %j', async (members, state) => {
  await using peer = await startPeer(() => ({ body: { keys: [{ ...key, ...members }] } }))
  const [, line] = (await run(['keys'], { peer })).out.split('\n')
  expect(line?.split(/ {2,}/)).toEqual(['k1', 'dash', 'rem_ab…', 'read', '1 h ago', 'never', state])
})

test('keys rotate prints the new key, and asks for the grace in seconds', async () => {
  await using peer = await startPeer(() => ({ status: 201, body: { ...made, key_id: 'k2' } }))
  const { out, err } = await run(['keys', 'rotate', 'k1', '--grace', '2h'], { peer })
  expect([out, err]).toEqual(['rem_abcdef\n', 'key k2 may read; it is shown this once\n'])
  expect(peer.received[0]).toMatchObject({ url: '/v1/keys/k1/rotate', body: { grace_seconds: 7_200 } })
})

test('keys change renames the key named, and must be told what changes', async () => {
  await using peer = await startPeer(() => ({ body: { ...key, name: 'new\u001b[2J' } }))
  expect(await run(['keys', 'change', 'k1', '--name', 'new'], { peer })).toMatchObject({
    exitCode: 0,
    out: 'key k1 is now new, active\n',
  })
  expect(peer.received[0]).toMatchObject({ method: 'PATCH', url: '/v1/keys/k1', body: { name: 'new' } })
  expect(await run(['keys', 'change', 'k1'], { peer })).toMatchObject({ exitCode: 2 })
  expect(peer.received).toHaveLength(1)
})

test('keys prints JSON', async () => {
  await using peer = await startPeer(({ method }) =>
    method === 'GET' ? { body: { keys: [key] } } : { status: 201, body: made },
  )
  expect(JSON.parse((await run(['keys', '--json'], { peer })).out)).toMatchObject({ keys: [{ keyId: 'k1' }] })
  expect(JSON.parse((await run(['keys', 'rotate', 'k1', '--json'], { peer })).out)).toMatchObject({
    key: 'rem_abcdef',
    expiresAt: null,
  })
})

test('keys revoke revokes the key named', async () => {
  await using peer = await startPeer(() => ({ status: 204 }))
  const { exitCode, out } = await run(['keys', 'revoke', 'k1'], { peer })
  expect([exitCode, out]).toEqual([0, 'key k1 is revoked\n'])
  expect(peer.received[0]).toMatchObject({ method: 'DELETE', url: '/v1/keys/k1' })
})
