import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type PeerAnswer, type ReceivedRequest, startPeer } from '../../../../sdk/src/testing/peer.ts'
import { useCommandLine } from '../testing/command-line.ts'
import { ended, peerWithRun } from '../testing/runs.ts'

const { folder, run } = useCommandLine()

const tool = {
  id: 't1',
  name: 'look up',
  description: 'Looks\u001b[2J it up.',
  parameters: { type: 'object', properties: { my_query: {} } },
  steps: [
    {
      name: 'search',
      action: { type: 'memory_search', name: 'search' },
      arguments: { q: '{{input.my_query}}' },
    },
  ],
  output: null,
  output_schema: null,
  group: 'default',
  status: 'inactive',
  version: 2,
  created_at: '2026-11-01T08:00:00Z',
  updated_at: '2026-11-01T08:00:00Z',
}
const answering = (state: string) => {
  const others = peerWithRun(state, state === 'completed' ? null : 'action failed: refused')
  return (request: ReceivedRequest): PeerAnswer => {
    if (request.method === 'GET' && request.url.startsWith('/v1/tools/t1/runs/'))
      return {
        body: {
          run: ended(state, state === 'completed' ? null : 'action failed: refused'),
          output: { my_n: 1 },
        },
      }
    if (!request.url.includes('/runs'))
      return { body: request.url.includes('?') ? { tools: [tool], next_cursor: null } : tool }
    return others(request)
  }
}

test('tools are listed and shown as JSON', async () => {
  await using peer = await startPeer(answering('completed'))
  const [, row] = (await run(['tools'], { peer })).out.split('\n')
  expect(row).toMatch(/^t1 +look up +inactive +search +1 h ago +Looks it up\.$/)
  expect(JSON.parse((await run(['tools', 'show', 't1'], { peer })).out)).toMatchObject({
    id: 't1',
    outputSchema: null,
  })
})

test('a tool is made and changed from a file, which may be what was shown', async () => {
  await using peer = await startPeer(answering('completed'))
  const shown = (await run(['tools', 'show', 't1'], { peer })).out
  expect((await run(['tools', 'create', 'copy', '--file', '-'], { peer, input: shown })).out).toBe('t1\n')
  writeFileSync(join(folder(), 'tool.json'), JSON.stringify({ description: 'new' }))
  expect((await run(['tools', 'update', 't1', '--file', 'tool.json'], { peer })).out).toBe(
    'tool t1 is at version 2\n',
  )
  expect((await run(['tools', 'archive', 't1'], { peer })).out).toBe('tool t1 is archived\n')
  const { id: _, version: __, created_at: ___, updated_at: ____, ...definition } = tool
  expect(peer.received.slice(1).map(({ method, body }) => [method, body])).toEqual([
    ['POST', { ...definition, name: 'copy' }],
    ['PATCH', { description: 'new' }],
    ['DELETE', undefined],
  ])
})

test('tools run prints the output, and exits with 1 when the run failed', async () => {
  await using peer = await startPeer(answering('completed'))
  const done = await run(['tools', 'run', 't1', '--input', '{"my_query": "hives"}', '--user', 'mara'], {
    peer,
  })
  expect([done.exitCode, JSON.parse(done.out)]).toEqual([0, { my_n: 1 }])
  expect(peer.received[0]?.body).toEqual({ user_id: 'mara', input: { my_query: 'hives' } })
  expect((await run(['tools', 'run', 't1', '--no-wait'], { peer })).out).toBe('r1\n')
  await using failing = await startPeer(answering('failed'))
  expect(await run(['tools', 'run', 't1'], { peer: failing })).toMatchObject({
    ...{ exitCode: 1, out: '', err: expect.stringContaining('ended failed: action failed: refused') },
  })
})

test.each([
  ['--input', '{'],
  ['--input', '[]'],
  ['--input', '{}', '--file', '-'],
])('the input %s %s is refused', async (...args) => {
  await using peer = await startPeer(answering('completed'))
  expect(await run(['tools', 'run', 't1', ...args], { peer, input: '{}' })).toMatchObject({ exitCode: 2 })
  expect(peer.received).toEqual([])
})
