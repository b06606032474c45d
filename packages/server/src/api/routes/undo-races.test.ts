/**
 * Undos against everything else at the same time: adds, edits, deletions and other undos, of one user and of many, in topics of users
 * and in one that all users share. Nothing fails, nothing is lost, and what could not be taken back is told of, one by one.
 */
import { afterAll, expect, test } from 'vitest'
import { seededRandom } from '../../testing/seeded-random.ts'
import { type MemoryBody, type RunBody, startTestApp } from '../../testing/test-app.ts'

const app = await startTestApp()
afterAll(app.stop)

const topic = (topic_name: string, user_scoped: boolean) => ({
  ...{ topic_name, description: '', is_bounded: false },
  scoping: { user_scoped },
})
await app.request('PUT', '/v1/groups/house', { topics: [topic('Own', true), topic('Shared', false)] })

type Result = {
  readonly operations: readonly { readonly memory_id: string; readonly kind: string }[]
  readonly conflicts: readonly { readonly memory_id: string; readonly forced: boolean }[]
  readonly conflict_count: number
  readonly operation_count: number
}
type Version = {
  readonly version: number
  readonly kind: string
  readonly content: string | null
  readonly run_id: string
  readonly restores: number | null
}

const statements = Array.from({ length: 8 }, (_, n) => [
  `The key number ${n} hangs at the door.`,
  `The key number ${n} hangs at the door of the cellar.`,
  `The key number ${n} hangs at the door of the cellar under the stairs.`,
]).flat()

const race = async (users: readonly string[], seed: number) => {
  const runIds: string[] = []
  const undoIds: string[] = []
  const ended: RunBody[] = []
  const client = async (user_id: string, random: () => number): Promise<void> => {
    const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(random() * items.length)] as Item // safety: never empty
    const members = { user_id, group: 'house' }
    for (let step = 0; step < 14; step++) {
      const roll = random()
      if (roll < 0.5 || ended.length === 0) {
        const items = Array.from({ length: 4 }, () => ({
          content: pick(statements),
          topic: pick(['Own', 'Shared']),
        }))
        const runId = await app.add({ pre_extracted: { items } }, members)
        runIds.push(runId)
        if (random() < 0.6) ended.push(await app.finished(runId))
      } else if (roll < 0.8) {
        const body = { force: random() < 0.3 }
        const answer = await app.request<RunBody>('POST', `/v1/runs/${pick(ended).run_id}/undo`, body)
        if (answer.status === 409) continue // it had committed nothing
        expect(answer.status, answer.text).toBe(200)
        undoIds.push(answer.body.run_id)
        if (random() < 0.5) ended.push(await app.finished(answer.body.run_id))
      } else {
        const memories = await app.list(members)
        if (memories.length === 0) continue
        const { id } = pick(memories)
        const path = `/v1/memories/${id}?user_id=${user_id}&group=house`
        const answer =
          random() < 0.5
            ? await app.request('DELETE', path)
            : await app.request('PATCH', path, { content: pick(statements) })
        expect([200, 204, 404, 409]).toContain(answer.status)
      }
    }
  }
  await Promise.all(users.map((user_id, index) => client(user_id, seededRandom(seed * 100 + index))))
  const runs = await Promise.all([...runIds, ...undoIds].map((runId) => app.finished(runId)))
  return { runs: new Map(runs.map((run) => [run.run_id, run])), undoIds }
}

const touched = ({ committed_operations }: RunBody): readonly string[] => {
  const { created = [], updated = [], deleted = [] } = committed_operations ?? {}
  return [...new Set([...created, ...updated, ...deleted].map(({ memory_id }) => memory_id))].sort()
}

test.each([
  ['one user, many clients', Array(8).fill('mara')],
  ['many users, one client each', Array.from({ length: 12 }, (_, n) => `user-${n}`)],
  ['some users, some clients each', Array.from({ length: 12 }, (_, n) => `pair-${n % 4}`)],
])('%s', async (_what, users) => {
  const { runs, undoIds } = await race(users, users.length)
  expect([...runs.values()].filter(({ state }) => state !== 'completed')).toEqual([])
  expect(undoIds.length).toBeGreaterThan(10)
  let conflictCount = 0
  for (const undoId of undoIds) {
    const undo = await app.finished(undoId)
    const { operations, conflicts, operation_count, conflict_count } = undo.result as Result
    const done = operations.map(({ memory_id }) => memory_id).sort()
    const told = conflicts.map(({ memory_id }) => memory_id)
    const forced = conflicts.filter((one) => one.forced).map(({ memory_id }) => memory_id)
    expect([operation_count, conflict_count]).toEqual([done.length, told.length])
    expect(done, 'it did what it tells').toEqual(touched(undo))
    expect(new Set(told).size, 'each conflict once').toBe(told.length)
    const target = await app.finished(undo.undo_of ?? '')
    expect([...done, ...told.filter((id) => !forced.includes(id))].sort(), 'nothing in silence').toEqual(
      touched(target),
    )
    conflictCount += told.length
  }
  expect(conflictCount).toBeGreaterThan(0)
})

test('every version that an undo made is the one it brought back', async () => {
  const { body } = await app.request<{ runs: RunBody[] }>('GET', '/v1/runs?input_type=undo&limit=100')
  let seenCount = 0
  for (const undo of body.runs)
    for (const id of touched(undo)) {
      const query = `group=house&user_id=${undo.user_id}&limit=100`
      const history = await app.request<{ versions: Version[] }>('GET', `/v1/memories/${id}/history?${query}`)
      if (history.status !== 200) continue // of another user: a shared undo has shared memories only
      const versions = history.body.versions
      const made = versions.find(({ run_id }) => run_id === undo.run_id)
      const before = versions.find(({ version }) => version === made?.restores)
      if (made?.kind === 'delete') expect(before?.kind ?? 'delete').toBe('delete')
      else expect(made?.content).toBe(before?.content)
      seenCount++
    }
  expect(seenCount).toBeGreaterThan(20)
})

test('the store is healthy, and its index finds what is there and nothing else', async () => {
  expect((await app.request('GET', '/v1/doctor')).body).toMatchObject({ healthy: true })
  const members = { user_id: 'mara', group: 'house' }
  const retrieval_config = { retrieval_type: 'bm25', limit: 100 }
  const body = { query: 'key hangs at the door', ...members, retrieval_config }
  const found = await app.request<{ memories: MemoryBody[] }>('POST', '/v1/memories/search', body)
  const ids = (memories: readonly MemoryBody[]) => memories.map(({ id }) => id).sort()
  const there = (await app.list(members)).filter(({ content }) => content.includes('key'))
  expect(ids(found.body.memories)).toEqual(ids(there))
})
