import { afterAll, expect, test } from 'vitest'
import { startTestApp } from '../../testing/test-app.ts'
import { useCommandLine } from '../testing/command-line.ts'

const { run } = useCommandLine()
const app = await startTestApp()
afterAll(app.stop)
const peer = { url: app.url, received: [], [Symbol.asyncDispose]: async () => {} }
const env = { REMANENCE_API_KEY: app.key }

test('runs steps shows a line per step, and JSON with outputs', async () => {
  const { run_id } = await app.finished(await app.add('Mara keeps bees.'))
  const { out } = await run(['runs', 'steps', run_id], { peer, env })
  const lines = out.trimEnd().split('\n')
  expect(lines[0]).toMatch(/^ATTEMPT +STEP +STATUS +STARTED +TOOK +IN +OUT/)
  expect(lines.slice(1).map((line) => line.split(/ +/).slice(0, 3))).toEqual([
    ['1', 'extract', 'completed'],
    ['1', 'transform', 'completed'],
    ['1', 'commit', 'completed'],
  ])
  const json = JSON.parse((await run(['runs', 'steps', run_id, '--json', '--output'], { peer, env })).out)
  expect(json.steps[1]).toMatchObject({ outputs: { count: 1 }, output: { decisions: [{}] } })
})

test('runs stats shows states and windows', async () => {
  const { out } = await run(['runs', 'stats'], { peer, env })
  expect(out).toMatch(/^completed +1$/m)
  expect(out).toMatch(/^oldest waiting +none$/m)
  expect(out).toMatch(/^hour +1 /m)
  const json = JSON.parse((await run(['runs', 'stats', '--window', 'day', '--json'], { peer, env })).out)
  expect(json).toMatchObject({ states: { completed: 1 }, windows: [{ window: 'day', ended: 1 }] })
})
