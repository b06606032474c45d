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
