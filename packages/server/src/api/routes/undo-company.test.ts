/** Undo of runs that went on together behind a buffer: what is theirs together is not one's to take back. */
import { afterAll, expect, test } from 'vitest'
import { type RunBody, startTestApp } from '../../testing/test-app.ts'

const app = await startTestApp()
afterAll(app.stop)
await app.request('PUT', '/v1/groups/pairs', {
  topics: [{ topic_name: 'Facts', description: '', is_bounded: false, scoping: { user_scoped: true } }],
  pipeline: {
    steps: [
      { name: 'extract', type: 'extract' },
      { name: 'gather', type: 'buffer', trigger: { count: 2 } },
      { name: 'transform', type: 'transform' },
      { name: 'commit', type: 'commit' },
    ],
  },
})

const pair = async (user_id: string, ...contents: readonly (readonly string[])[]) => {
  const members = { user_id, group: 'pairs' }
  const runIds: string[] = []
  for (const texts of contents) runIds.push(await app.add({ string: { content: texts } }, members))
  return Promise.all(runIds.map((runId) => app.finished(runId)))
}
const undo = async (run: RunBody | undefined, body: object = {}) => {
  const answer = await app.request<RunBody>('POST', `/v1/runs/${run?.run_id}/undo`, body)
  expect(answer.status, answer.text).toBe(200)
  return app.finished(answer.body.run_id)
}
const contents = async (user_id: string) =>
  (await app.list({ user_id, group: 'pairs' })).map(({ content }) => content).sort()

test('each takes back its own; what both have said stays, unless by force', async () => {
  const user_id = 'mara'
  const [first, second] = await pair(
    user_id,
    ['Mara keeps four hives.', 'Mara sails on Sundays.'],
    ['Mara keeps four hives.', 'Mara plays the cello.'],
  )
  expect(await contents(user_id)).toHaveLength(3)
  const taken = await undo(first)
  expect(taken.result).toMatchObject({ operation_count: 1, conflicts: [{ reason: 'shared', forced: false }] })
  expect(await contents(user_id)).toEqual(['Mara keeps four hives.', 'Mara plays the cello.'])
  expect((await undo(second, { force: true })).result).toMatchObject({
    conflicts: [{ reason: 'shared', forced: true }],
  })
  expect(await contents(user_id)).toEqual([])
})

test('a source of one goes with it alone', async () => {
  const user_id = 'jonas'
  await pair(user_id, ['Jonas rows.'], ['Jonas is allergic to honey.'])
  const [first, second] = await pair(user_id, ['Jonas rows.'], ['Jonas rows.'])
  const sources = async () => {
    const memories = await app.list({ user_id, group: 'pairs' })
    return (
      memories.find(({ content }) => content === 'Jonas rows.')?.sources.map(({ run_id }) => run_id) ?? []
    )
  }
  expect(await sources()).toHaveLength(3)
  expect((await undo(second)).result).toMatchObject({ sources_removed: 1, operation_count: 0 })
  expect(await sources()).not.toContain(second?.run_id)
  expect(await sources()).toContain(first?.run_id)
  await undo(first)
  expect(await sources()).toHaveLength(1)
})
