import { expect, test } from 'vitest'
import { startPeer } from '../../../../sdk/src/testing/peer.ts'
import { startTestApp } from '../../testing/test-app.ts'
import { useCommandLine } from '../testing/command-line.ts'

const { run } = useCommandLine()

test('erase removes a user and says how much it was', async () => {
  await using app = await startTestApp()
  await app.finished(await app.add('Mara keeps bees.'))
  const env = { REMANENCE_URL: app.url, REMANENCE_API_KEY: app.key }
  const { exitCode, out } = await run(['erase', 'mara', '--yes'], { env })
  expect([exitCode, out]).toEqual([0, 'mara is erased: 1 memories, 1 runs; nothing is left\n'])
  const again = await run(['erase', 'mara', '--yes'], { env })
  expect([again.exitCode, again.err]).toEqual([1, expect.stringContaining('user mara not found')])
})

test('delete takes what the filter admits, as JSON too', async () => {
  await using app = await startTestApp()
  const env = { REMANENCE_URL: app.url, REMANENCE_API_KEY: app.key }
  await app.finished(await app.add(['Mara keeps bees.', 'Mara sings.']))
  expect(await run(['delete', '--user', 'mara', '--topic', 'UserKnowledge'], { env })).toMatchObject({
    exitCode: 0,
    out: '2 memories deleted\n',
  })
  await app.finished(await app.add('Mara dances.'))
  expect(await run(['delete', '--user', 'mara', '--erase', '--yes'], { env })).toMatchObject({
    exitCode: 0,
    out: '1 memories erased\n',
  })
  const { out } = await run(['delete', '--user', 'mara', '--json'], { env })
  expect(JSON.parse(out)).toMatchObject({ inputType: 'delete', result: { deleted: 0 } })
})

test('nothing is erased without --yes, and nothing deleted without a filter', async () => {
  await using peer = await startPeer(() => ({ status: 500 }))
  for (const args of [
    ['erase', 'mara'],
    ['delete', '--user', 'mara', '--erase'],
  ]) {
    const { exitCode, err } = await run(args, { peer })
    expect([exitCode, err]).toEqual([2, expect.stringContaining('--yes')])
  }
  expect(peer.received).toEqual([])
  await using app = await startTestApp()
  const env = { REMANENCE_URL: app.url, REMANENCE_API_KEY: app.key }
  const { exitCode, err } = await run(['delete'], { env })
  expect([exitCode, err]).toEqual([1, expect.stringContaining('(empty_filter)')])
})
