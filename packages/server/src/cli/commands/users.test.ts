import { expect, test } from 'vitest'
import { startPeer } from '../../../../sdk/src/testing/peer.ts'
import { useCommandLine } from '../testing/command-line.ts'

const { run } = useCommandLine()

const user = {
  user_id: 'ma\u001b[2Jra',
  created_at: '2026-11-01T08:00:00Z',
  active_at: '2026-11-01T08:58:00Z',
  memory_count: 12,
  run_count: 3,
  open_run_count: 1,
}

test('users lists users with their counts, over the pages and no further than asked', async () => {
  await using peer = await startPeer(() => ({ body: { users: [user, user], next_cursor: 'more' } }))
  const { out } = await run(['users', '--prefix', 'ma', '--limit', '3'], { peer })
  const lines = out.trimEnd().split('\n')
  expect(lines[1]?.split(/ {2,}/)).toEqual(['mara', '12', '3', '1', '1 h ago', '2 min ago'])
  expect(lines).toHaveLength(4)
  expect(peer.received.map(({ url }) => url)).toEqual([
    '/v1/users?prefix=ma&limit=3',
    '/v1/users?prefix=ma&limit=3&cursor=more',
  ])
})

test('users show shows one, with --json as it is', async () => {
  await using peer = await startPeer(() => ({ body: user }))
  expect((await run(['users', 'show', 'a/b'], { peer })).out).toContain('runs          3, 1 of them open\n')
  expect(peer.received[0]?.url).toBe('/v1/users/a%2Fb')
  expect(JSON.parse((await run(['users', 'show', 'x', '--json'], { peer })).out)).toMatchObject({
    memoryCount: 12,
  })
})

test('no users are said to be none', async () => {
  await using peer = await startPeer(() => ({ body: { users: [], next_cursor: null } }))
  expect(await run(['users'], { peer })).toEqual({ exitCode: 0, out: '', err: 'no users\n' })
  expect((await run(['users', '--json'], { peer })).out).toBe('{"users":[]}\n')
})
