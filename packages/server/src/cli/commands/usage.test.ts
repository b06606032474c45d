import { expect, test } from 'vitest'
import { startPeer } from '../../../../sdk/src/testing/peer.ts'
import { useCommandLine } from '../testing/command-line.ts'

const { run } = useCommandLine()

const day = (name: string, accepted: number) => ({
  day: name,
  runs: { accepted, completed: accepted, partial: 0, failed: 0, cancelled: 0 },
  operations: { created: 2 * accepted, updated: 0, deleted: 0 },
  searches: 0,
  tokens: { input: 3 * accepted, output: 4 * accepted },
  cost: 0,
})

test('usage shows the days on which something was done', async () => {
  await using peer = await startPeer(() => ({ body: { days: [day('2026-10-31', 0), day('2026-11-01', 5)] } }))
  const lines = (await run(['usage', '--from', '2026-10-31'], { peer })).out.trimEnd().split('\n')
  expect(lines.slice(1).map((line) => line.split(/ {2,}/))).toEqual([
    ['2026-11-01', '5', '5', '0', '0', '0', '10', '0', '0', '0', '35'],
  ])
  expect(peer.received[0]?.url).toBe('/v1/usage?from=2026-10-31')
})

test('usage --json has every day', async () => {
  await using peer = await startPeer(() => ({ body: { days: [day('2026-10-31', 0)] } }))
  expect(JSON.parse((await run(['usage', '--json'], { peer })).out)).toMatchObject({
    days: [{ day: '2026-10-31' }],
  })
  expect((await run(['usage'], { peer })).err).toBe('nothing was done\n')
})

test('usage --all-projects names the projects', async () => {
  const days = [{ ...day('2026-11-01', 1), project_id: 'p1' }]
  await using peer = await startPeer(({ url }) => ({
    body: { days, next_cursor: url.includes('cursor') ? null : 'c' },
  }))
  const lines = (await run(['usage', '--all-projects'], { peer })).out.trimEnd().split('\n')
  expect(lines.slice(1)).toEqual(Array(2).fill(expect.stringMatching(/^2026-11-01 {2}p1 {2}1 /)))
})
