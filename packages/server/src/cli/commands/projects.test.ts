import { expect, test } from 'vitest'
import { startPeer } from '../../../../sdk/src/testing/peer.ts'
import { useCommandLine } from '../testing/command-line.ts'

const { run } = useCommandLine()

const listed = { project_id: 'p1', name: 'ten\u001b[2Jant', created_at: '2026-11-01T08:00:00.000Z' }
const project = {
  ...listed,
  state: 'active',
  depth: 2,
  counts: { groups: 1, users: 3, memories: 20 },
  counts_exact: true,
  limits: { queue_depth: 9, run_retention: 7_776_000, event_retention: 0 },
  own_limits: { run_retention: 7_776_000 },
}

test('projects lists every page of projects', async () => {
  await using peer = await startPeer((_, index) => ({
    body: { projects: [listed], next_cursor: index === 0 ? 'more' : null },
  }))
  const lines = (await run(['projects'], { peer })).out.trimEnd().split('\n')
  expect(lines.map((line) => line.split(/ {2,}/))).toEqual([
    ['PROJECT ID', 'NAME', 'MADE'],
    ['p1', 'tenant', '1 h ago'],
    ['p1', 'tenant', '1 h ago'],
  ])
})

test.each([
  [['show'], '/v1/project'],
  [['show', 'p1'], '/v1/projects/p1'],
])('projects %j shows one', async (args, url) => {
  await using peer = await startPeer(() => ({ body: project }))
  const { out } = await run(['projects', ...args], { peer })
  expect(peer.received[0]?.url).toBe(url)
  expect(out).toContain('open runs     2 of 9\n')
  expect(out).toContain('runs kept     kept for')
  expect(out).not.toContain('events')
  expect(out).toContain('memories      20\n')
})

test('counts that are bounds are told as such', async () => {
  await using peer = await startPeer(() => ({ body: { ...project, counts_exact: false } }))
  expect((await run(['projects', 'show'], { peer })).out).toContain('users         at least 3\n')
})

test('projects create prints the key alone on standard output', async () => {
  await using peer = await startPeer(() => ({ status: 201, body: { ...listed, key_id: 'k', key: 'rem_x' } }))
  const { out, err } = await run(['projects', 'create', 'tenant'], { peer })
  expect([out, err]).toEqual(['rem_x\n', 'project p1 is made; its key is shown this once\n'])
  expect(peer.received[0]?.body).toEqual({ name: 'tenant' })
})

test('projects rename renames the project named', async () => {
  await using peer = await startPeer(() => ({ body: project }))
  expect((await run(['projects', 'rename', 'p1', 'tenant'], { peer })).out).toBe('project p1 is now tenant\n')
  expect(peer.received[0]).toMatchObject({
    method: 'PATCH',
    url: '/v1/projects/p1',
    body: { name: 'tenant' },
  })
})

test('projects limit sends what is named, and takes back the rest', async () => {
  await using peer = await startPeer(() => ({ body: project }))
  const args = [
    'projects',
    'limit',
    'p1',
    '--queue-depth',
    '10',
    '--run-retention',
    '90d',
    '--event-retention',
    '0',
  ]
  expect((await run(args, { peer })).out).toBe('project p1 has runRetention of its own\n')
  await run(['projects', 'limit', 'p1'], { peer })
  expect(peer.received.map(({ body }) => body)).toEqual([
    { limits: { queue_depth: 10, run_retention: 7_776_000, event_retention: 0 } },
    { limits: {} },
  ])
  expect((await run(['projects', 'limit', 'p1', '--queue-depth', '0'], { peer })).exitCode).toBe(2)
})

test('projects delete needs the name', async () => {
  await using peer = await startPeer(() => ({ status: 202, body: { ...project, state: 'removing' } }))
  expect((await run(['projects', 'delete', 'p1'], { peer })).exitCode).toBe(2)
  expect(peer.received).toEqual([])
  const { out } = await run(['projects', 'delete', 'p1', '--confirm', 'tenant'], { peer })
  expect(out).toBe('project p1 is closed, and everything in it is being removed\n')
  expect(peer.received[0]).toMatchObject({ method: 'DELETE', body: { confirm: 'tenant' } })
})

test('projects prints JSON, and tells what a key may not do', async () => {
  await using peer = await startPeer((_, index) =>
    index === 0
      ? { body: project }
      : { status: 403, body: { code: 'forbidden', detail: 'This needs a key with the scope "operator".' } },
  )
  expect(JSON.parse((await run(['projects', 'show', '--json'], { peer })).out)).toMatchObject({
    projectId: 'p1',
    countsExact: true,
  })
  const { exitCode, err } = await run(['projects'], { peer })
  expect([exitCode, err]).toEqual([1, expect.stringContaining('operator')])
})
