import { expect, test } from 'vitest'
import { startPeer } from '../../../../sdk/src/testing/peer.ts'
import { useCommandLine } from '../testing/command-line.ts'

const { run } = useCommandLine()

const key = {
  key_id: 'k1',
  name: 'dash',
  prefix: 'rem_ab',
  scopes: ['read'],
  created_at: '2026-11-01T08:00:00Z',
}

test('keys create prints the key alone on standard output', async () => {
  await using peer = await startPeer(() => ({ status: 201, body: { ...key, key: 'rem_abcdef' } }))
  const { out, err } = await run(['keys', 'create', 'dash', '--scopes', 'read', 'write'], { peer })
  expect(out).toBe('rem_abcdef\n')
  expect(err).toContain('k1 may read')
  expect(peer.received[0]?.body).toEqual({ name: 'dash', scopes: ['read', 'write'] })
})

test('keys lists keys with their age and use', async () => {
  await using peer = await startPeer(() => ({
    body: { keys: [{ ...key, last_used_at: null, revoked_at: '2026-11-01T08:58:00Z' }] },
  }))
  const [, line] = (await run(['keys'], { peer })).out.split('\n')
  expect(line).toMatch(/^k1 +dash +rem_ab… +read +1 h ago +never +2 min ago$/)
})

test('keys revoke revokes the key named', async () => {
  await using peer = await startPeer(() => ({ status: 204 }))
  const { exitCode, out } = await run(['keys', 'revoke', 'k1'], { peer })
  expect([exitCode, out]).toEqual([0, 'key k1 is revoked\n'])
  expect(peer.received[0]).toMatchObject({ method: 'DELETE', url: '/v1/keys/k1' })
})
