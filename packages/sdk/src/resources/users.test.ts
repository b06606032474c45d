import { expect, test } from 'vitest'
import { Remanence } from '../index.ts'
import { startPeer } from '../testing/peer.ts'

test('users are listed by the beginning of their ids over all pages, and read one by one', async () => {
  await using peer = await startPeer(({ url }) =>
    url.startsWith('/v1/users?')
      ? { body: { users: [{ user_id: 'mara' }], next_cursor: url.includes('cursor') ? null : 'c' } }
      : { body: { user_id: 'a/b', open_run_count: 1 } },
  )
  const { users } = new Remanence({ baseUrl: peer.url })
  const ids: string[] = []
  for await (const { userId } of users.list({ prefix: 'Ma' })) ids.push(userId)
  expect(ids).toEqual(['mara', 'mara'])
  expect(await users.get('a/b')).toEqual({ userId: 'a/b', openRunCount: 1 })
  expect(peer.received.map(({ url }) => url)).toEqual([
    '/v1/users?prefix=Ma',
    '/v1/users?prefix=Ma&cursor=c',
    '/v1/users/a%2Fb',
  ])
})

test('usage is asked for by days, one’s own or that of all projects', async () => {
  await using peer = await startPeer(({ url }) => ({
    body: { days: [{ day: '2026-11-01', searches: 2 }], next_cursor: url.includes('cursor') ? null : 'c' },
  }))
  const { usage } = new Remanence({ baseUrl: peer.url })
  expect(await usage.get({ from: '2026-11-01', to: '2026-11-02' })).toEqual([
    { day: '2026-11-01', searches: 2 },
  ])
  expect(await Array.fromAsync(usage.ofAllProjects({ from: '2026-11-01' }))).toHaveLength(2)
  expect(peer.received.map(({ url }) => url)).toEqual([
    '/v1/usage?from=2026-11-01&to=2026-11-02',
    '/v1/projects/usage?from=2026-11-01',
    '/v1/projects/usage?from=2026-11-01&cursor=c',
  ])
})
