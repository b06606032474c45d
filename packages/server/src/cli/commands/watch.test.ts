import { expect, test } from 'vitest'
import { startPeer } from '../../../../sdk/src/testing/peer.ts'
import { startTestApp } from '../../testing/test-app.ts'
import { useCommandLine } from '../testing/command-line.ts'
import { peerWithRun } from '../testing/runs.ts'

const { run } = useCommandLine()

test('watch prints the events, as JSON one a line', async () => {
  await using peer = await startPeer(peerWithRun('completed'))
  const { exitCode, out } = await run(['watch', 'r1'], { peer })
  expect([exitCode, out]).toEqual([
    0,
    '    0 ms  run.accepted\n    1 ms  run.completed   step extract, attempt 2\n',
  ])
  const lines = (await run(['watch', 'r1', '--json'], { peer })).out.trim().split('\n')
  expect(lines.map((line) => JSON.parse(line).seq)).toEqual([1, 2])
})

test('watch --all shows whose events they are, filtered, until it is stopped', async () => {
  await using app = await startTestApp()
  const peer = { url: app.url, received: [], [Symbol.asyncDispose]: async () => {} }
  for (const user_id of ['mara', 'jon']) await app.finished(await app.add(`As ${user_id}.`, { user_id }))
  const env = { REMANENCE_API_KEY: app.key }
  const stopAt = (out: string) => out.includes('run.completed')
  const flags = ['--all', '--after', '0', '--user', 'jon', '--type', 'run.completed']
  const { exitCode, out } = await run(['watch', ...flags], { peer, env, stopAt })
  expect(exitCode).toBe(0)
  expect(out).toMatch(/^\S+Z {2}[\w-]{36} {2}jon {11}run\.completed {3}outcome committed, created 1.*\n$/)
})

test.each([
  [['watch']],
  [['watch', 'r1', '--all']],
  [['watch', 'r1', '--user', 'mara']],
  [['watch', '--all', '--after', 'x']],
])('%j is misused', async (args) => {
  expect((await run(args)).exitCode).toBe(2)
})
