import { expect, test } from 'vitest'
import { startPeer } from '../../../../sdk/src/testing/peer.ts'
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
