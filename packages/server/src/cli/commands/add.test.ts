import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { startPeer } from '../../../../sdk/src/testing/peer.ts'
import { useCommandLine } from '../testing/command-line.ts'
import { accepted, peerWithRun } from '../testing/runs.ts'

const { folder, run } = useCommandLine()

test('add without waiting prints the run id, and as JSON the answer', async () => {
  await using peer = await startPeer(() => accepted)
  const args = ['add', 'one', 'two', '--user', 'mara', '--property', 'repo=a=b']
  expect(await run(args, { peer })).toEqual({ exitCode: 0, out: 'r1\n', err: '' })
  expect(JSON.parse((await run([...args, '--json'], { peer })).out)).toMatchObject({ runId: 'r1' })
  expect(peer.received[0]?.body).toEqual({
    input: { string: { content: ['one', 'two'] } },
    user_id: 'mara',
    properties: { repo: 'a=b' },
  })
})

test('add splits text into paragraphs and hands a conversation in as it is', async () => {
  await using peer = await startPeer(() => accepted)
  const messages = [{ role: 'user', content: 'Hi', tool_call_id: 'a' }]
  writeFileSync(join(folder(), 'talk.json'), JSON.stringify({ messages, metadata: { my_key: 1 } }))
  const { out } = await run(['add', '-', '--file', 'talk.json'], { peer, input: 'one\nmore\n\n\ntwo\n' })
  expect(out).toBe('r1\nr1\n')
  expect(peer.received.map((request) => request.body)).toEqual([
    { input: { string: { content: ['one\nmore', 'two'] } } },
    { input: { conversation: { messages, metadata: { my_key: 1 } } } },
  ])
})

test('add --wait shows the progress on standard error and what is remembered on standard output', async () => {
  await using peer = await startPeer(peerWithRun('completed'))
  const { exitCode, out, err } = await run(['add', 'x', '--wait'], { peer })
  expect([exitCode, out]).toEqual([0, 'completed in 12 ms: +1  r1\n  + Mara keeps bees.\n'])
  expect(err).toBe('r1  run.accepted\nr1  run.completed  step extract, attempt 2\n')
})

test('on a terminal add waits by itself, on one line that is wiped at last', async () => {
  await using peer = await startPeer(peerWithRun('completed'))
  const { out, err } = await run(['add', 'x'], { peer, isTerminal: true, env: { NO_COLOR: '1' } })
  expect(out).toContain('completed in 12 ms')
  expect(out).not.toContain('\u001b')
  expect(err.split('\r\u001b[K')).toEqual(['', 'run.accepted', 'run.completed  step extract, attempt 2', ''])
})

test('a run that failed makes add --wait and watch exit with 1 and name the reason', async () => {
  await using peer = await startPeer(peerWithRun('failed', 'extraction failed: timeout'))
  for (const args of [
    ['add', 'x', '--wait'],
    ['watch', 'r1'],
  ]) {
    const { exitCode, err } = await run(args, { peer })
    expect([exitCode, err]).toEqual([
      1,
      expect.stringContaining('run r1 ended failed: extraction failed: timeout'),
    ])
  }
})
