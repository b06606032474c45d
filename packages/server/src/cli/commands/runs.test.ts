import { expect, test } from 'vitest'
import { startPeer } from '../../../../sdk/src/testing/peer.ts'
import { useCommandLine } from '../testing/command-line.ts'
import { ended } from '../testing/runs.ts'

const { run } = useCommandLine()

test('runs lists as many as asked for, in aligned columns', async () => {
  await using peer = await startPeer(() => ({
    body: { runs: [ended('completed'), ended('failed', 'x failed: y')], next_cursor: 'c' },
  }))
  const { out } = await run(['runs', '--limit', '3'], { peer })
  const lines = out.trimEnd().split('\n')
  expect(lines).toHaveLength(4)
  expect(lines[1]).toMatch(/^r1 {3}completed {2}string {2}mara {2}1 h ago {3}12 ms {2}\+1$/)
  expect(lines[2]).toMatch(/x failed: y$/)
})

test('runs passes every filter on, times counted back from now too', async () => {
  await using peer = await startPeer(() => ({ body: { runs: [], next_cursor: null } }))
  const flags = [
    '--state',
    'failed',
    '--group',
    'g',
    '--input-type',
    'string',
    '--error',
    'x',
    '--tag',
    't',
    '--no-dismissed',
  ]
  const times = [
    '--since',
    '2h',
    '--until',
    '2026-11-01T07:00:00Z',
    '--ended-since',
    '1d',
    '--ended-until',
    '5m',
  ]
  expect((await run(['runs', ...flags, ...times], { peer })).exitCode).toBe(0)
  const query = new URL(peer.received[0]?.url ?? '', 'http://peer').searchParams
  expect(Object.fromEntries(query)).toMatchObject({
    state: 'failed',
    group: 'g',
    input_type: 'string',
    error: 'x',
    tag: 't',
    dismissed: 'false',
    created_before: '2026-11-01T07:00:00.000Z',
  })
  const [from, to] = ['created_after', 'completed_before'].map((name) => Date.parse(query.get(name) ?? ''))
  expect((to ?? 0) - (from ?? 0)).toBe(2 * 3_600_000 - 5 * 60_000)
  for (const wrong of ['2 hours', '5', '2026', ''])
    expect((await run(['runs', '--since', wrong], { peer })).exitCode).toBe(2)
})

test('runs get says what a buffered run waits for', async () => {
  const waiting = {
    ...{ reason: 'buffer', step: 'gather', count: 2, trigger: { count: 5 } },
    flush_at: '2026-11-01T11:00:00.000Z',
  }
  await using peer = await startPeer(() => ({ body: { ...ended('buffered'), completed_at: null, waiting } }))
  const { out } = await run(['runs', 'get', 'r1'], { peer })
  expect(out).toMatch(/^waiting +in the buffer gather, 2 of 5 runs, goes on in 2 h$/m)
})
