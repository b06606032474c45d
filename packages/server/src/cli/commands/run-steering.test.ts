import { expect, test } from 'vitest'
import { startPeer } from '../../../../sdk/src/testing/peer.ts'
import { useCommandLine } from '../testing/command-line.ts'
import { ended } from '../testing/runs.ts'

const { run } = useCommandLine()

test.each([
  [['cancel', 'r1', 'r2', '--reason', 'enough'], 'cancel', { reason: 'enough' }],
  [['retry', 'r1', 'r2', '--from', 'transform'], 'retry', { starting_step: 'transform' }],
  [['replay', 'r1', 'r2'], 'replay', {}],
  [['flush', 'r1', 'r2'], 'flush', {}],
  [['dismiss', 'r1', 'r2'], 'dismiss', {}],
])('runs %j asks for it, run by run, and shows what became of each', async (args, verb, body) => {
  await using peer = await startPeer(() => ({ body: ended('cancelled', 'processing failed: cancelled') }))
  const { out, exitCode } = await run(['runs', ...args], { peer })
  expect(exitCode).toBe(0)
  expect(peer.received.map(({ method, url, body: sent }) => [method, url, sent])).toEqual([
    ['POST', `/v1/runs/r1/${verb}`, body],
    ['POST', `/v1/runs/r2/${verb}`, body],
  ])
  expect(out.trimEnd().split('\n')).toEqual(Array(2).fill('r1  cancelled  processing failed: cancelled'))
})

test('runs cancel with a filter cancels all that are meant, and shows the counts', async () => {
  const result = { action: 'cancel', matched: 3, done: 2, unchanged: 1, refused: 0 }
  await using peer = await startPeer(() => ({ body: { ...ended('completed'), result } }))
  const shown = await run(['runs', 'cancel', '--user', 'mara', '--state', 'queued'], { peer })
  expect(shown).toMatchObject({ exitCode: 0, out: 'matched 3, done 2, unchanged 1, refused 0\n' })
  expect(peer.received[0]).toMatchObject({
    url: '/v1/runs/cancel',
    body: { filter: { user_id: 'mara', state: 'queued' } },
  })
})

test('a run that cannot be steered is told of, with code 1', async () => {
  const problem = { status: 409, title: 'x', detail: 'Run r1 is completed.', code: 'conflict' }
  await using peer = await startPeer(() => ({ status: 409, body: problem }))
  expect(await run(['runs', 'retry', 'r1'], { peer })).toMatchObject({
    exitCode: 1,
    err: expect.stringContaining('Run r1 is completed.'),
  })
  expect((await run(['runs', 'dismiss'], { peer })).exitCode).toBe(2)
})
