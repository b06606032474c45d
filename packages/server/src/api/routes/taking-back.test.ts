/**
 * Random histories of adds, edits, deletions, dry runs and undos by several users of a real server: what is told of any time in them
 * is what was there then, and an undo of the last run leaves what was there before it. The name of a failed test holds its seed.
 */
import { afterAll, expect, test } from 'vitest'
import { movableClock } from '../../testing/movable-clock.ts'
import { seededRandom } from '../../testing/seeded-random.ts'
import { type MemoryBody, type RunBody, startTestApp } from '../../testing/test-app.ts'

const clock = movableClock()
const app = await startTestApp({ template: 'personalization-with-summary', clock })
afterAll(app.stop)

const HISTORY_COUNT = 6
const STEP_COUNT = 25
const queries = ['bees in Graz', 'who sails?', 'Mara', 'the weather']
const statements = [
  'Mara keeps bees.',
  'Mara keeps bees in Graz.',
  'Mara keeps bees in Graz near the river.',
  'Mara sails on Sundays.',
  'Mara sails on Sundays with Jonas.',
  'Jonas is allergic to honey.',
  'Mara lives in Graz.',
  'The weather in Graz is mild.',
  'Jonas plays the cello.',
]

type Found = { readonly memories: readonly MemoryBody[] }
type Look = {
  readonly memories: readonly MemoryBody[]
  readonly found: readonly (readonly MemoryBody[])[]
}

const look = async (user_id: string, as_of?: string): Promise<Look> => {
  const when = as_of === undefined ? {} : { as_of }
  const found = queries.map(async (query, index) => {
    const retrieval_config = { retrieval_type: index % 2 === 0 ? 'hybrid' : 'bm25', limit: 10 }
    const body = { query, user_id, retrieval_config, ...when }
    const answer = await app.request<Found>('POST', '/v1/memories/search', body)
    return answer.body.memories
  })
  return { memories: await app.list({ user_id, ...when }), found: await Promise.all(found) }
}

/** Less what an undo honestly changes: the number of the version and its time. */
const shown = ({ memories, found }: Look): object => {
  const hide = ({ version: _, updated_at: __, ...rest }: MemoryBody) => rest
  return { memories: memories.map(hide), found: found.map((list) => list.map(hide)) }
}

const now = () => new Date(clock.now()).toISOString()
/** What happens next has another time than what was. */
const tick = () => clock.advance(1_000)

const createHistory = (user_id: string, random: () => number) => {
  const pick = <Item>(items: readonly Item[]): Item => {
    const item = items[Math.floor(random() * items.length)]
    if (item === undefined) throw new Error('there is nothing to pick from')
    return item
  }
  const properties = { conversation_id: `${user_id}-${Math.floor(random() * 2)}` }
  const input = (): object => {
    const item = (topic: string, content: string) => ({ topic, content })
    const roll = random()
    if (roll < 0.5)
      return {
        pre_extracted: {
          items: [pick(statements), pick(statements)].map((text) => item('UserKnowledge', text)),
        },
      }
    if (roll < 0.7)
      return { pre_extracted: { items: [item('ConversationSummary', `About: ${pick(statements)}`)] } }
    if (roll < 0.85) return { string: { content: [`${pick(statements)} ${pick(statements)}`] } }
    const message = (name: string) => ({ role: 'user', name, content: pick(statements) })
    return { conversation: { messages: [message('Mara'), message('Jonas'), message('Mara')] } }
  }
  const add = async (members: object = {}) =>
    app.finished(await app.add(input(), { user_id, properties, ...members }))
  const post = async (run: RunBody, verb: string, body: object = {}) => {
    const answer = await app.request<RunBody>('POST', `/v1/runs/${run.run_id}/${verb}`, body)
    expect(answer.status, answer.text).toBe(200)
    return app.finished(answer.body.run_id)
  }
  const byHand = async (method: string, memory: MemoryBody, body?: object) => {
    const path = `/v1/memories/${memory.id}?user_id=${user_id}`
    const { headers } = await app.request(method, path, body)
    const runId = headers.get('remanence-run-id')
    return runId === null ? null : app.finished(runId)
  }
  const undoable = (run: RunBody) => {
    const { created = [], updated = [], deleted = [] } = run.committed_operations ?? {}
    return created.length + updated.length + deleted.length > 0
  }
  const runs: RunBody[] = []
  /** Something that somebody does; null when it came to nothing. */
  const act = async (): Promise<RunBody | null> => {
    const roll = random()
    const memories = await app.list({ user_id })
    if (roll < 0.5 || memories.length === 0) return add()
    if (roll < 0.6) return post(await add({ dry_run: true }), 'commit')
    if (roll < 0.72) return byHand('PATCH', pick(memories), { content: pick(statements) })
    if (roll < 0.84) return byHand('DELETE', pick(memories))
    return runs.length === 0 ? null : post(pick(runs), 'undo', { force: random() < 0.3 })
  }
  return {
    post,
    step: async (): Promise<RunBody | null> => {
      const run = await act()
      if (run === null || !undoable(run)) return null
      runs.push(run)
      return run
    },
  }
}

test.each(Array.from({ length: HISTORY_COUNT }, (_, n) => n + 1))(
  'a history of seed %i is told as it was at every time, and every undo of a last run is exact',
  async (seed) => {
    const user_id = `user-${seed}`
    const random = seededRandom(seed)
    const history = createHistory(user_id, random)
    const past: { at: string; was: Look }[] = []
    const remember = async (): Promise<Look> => {
      const was = await look(user_id)
      const at = now()
      expect(await look(user_id, at), 'what is now is what is as of now').toEqual(was)
      past.push({ at, was })
      tick()
      return was
    }
    let before = await remember()
    for (let step = 0; step < STEP_COUNT; step++) {
      const run = await history.step()
      const after = await remember()
      if (run !== null && random() < 0.5) {
        const undo = await history.post(run, 'undo')
        expect(undo.result).toMatchObject({ conflicts: [] })
        expect(shown(await remember()), `${run.input_type} taken back`).toEqual(shown(before))
        const redo = await history.post(undo, 'undo')
        expect(redo.result).toMatchObject({ conflicts: [] })
        before = await remember()
        expect(shown(before), `${run.input_type} in force again`).toEqual(shown(after))
      } else before = after
    }
    expect(past.some(({ was }) => was.memories.length > 3)).toBe(true)
    for (const { at, was } of past) {
      expect(await look(user_id, at), at).toEqual(was)
      for (const memory of was.memories) {
        const path = `/v1/memories/${memory.id}?user_id=${user_id}&as_of=${at}`
        expect((await app.request('GET', path)).body).toEqual(memory)
      }
    }
  },
)

test('after all of it the store is healthy', async () => {
  const { body } = await app.request('GET', '/v1/doctor')
  expect(body).toMatchObject({ healthy: true })
})
