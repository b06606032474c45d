/** Events of all runs of a project: GET /v1/events, as pages and as a stream. */
import { afterAll, describe, expect, test } from 'vitest'
import { openEvents } from '../../testing/event-reader.ts'
import { createProject } from '../../testing/factories.ts'
import { movableClock } from '../../testing/movable-clock.ts'
import { startTestApp } from '../../testing/test-app.ts'

let strangerKey = ''
const clock = movableClock()
const app = await startTestApp({
  clock,
  prepare: async (storage) => {
    strangerKey = (await createProject(storage, 'strangers')).key
  },
})
afterAll(app.stop)

type Listed = {
  readonly events: readonly { seq: number; type: string; project_seq: number }[]
  readonly next: number
}
const listed = async (path: string) => (await app.request<Listed>('GET', path)).body

describe('the stream of a project', () => {
  test('begins with what is new, and its first block says where that is', async () => {
    const earlier = await app.finished(await app.add('earlier'))
    const { next } = await listed(`/v1/events?after=0&run_id=${earlier.run_id}`)
    const stream = await openEvents(app, '/v1/events')
    await stream.nextBlock()
    expect(Number((await stream.nextBlock())?.id)).toBeGreaterThanOrEqual(next)
    const runId = await app.add('new')
    const block = await stream.next()
    expect(block).toMatchObject({ event: 'run.accepted', data: { run_id: runId, user_id: 'mara', seq: 1 } })
    expect(Number(block?.id)).toBe(block?.data?.project_seq)
    stream.leave()
  })

  test('goes on from where a reader stands without gap or repeat, while others write', async () => {
    const start = await app.finished(await app.add('start'))
    const all: number[] = []
    let place = (await listed(`/v1/events?run_id=${start.run_id}`)).events.at(-1)?.project_seq ?? 0
    const from = place
    const runs = Array.from({ length: 30 }, (_, n) => app.add(`written ${n}`, { user_id: `writer ${n % 5}` }))
    for (let visit = 0; visit < 12; visit++) {
      const stream = await openEvents(app, '/v1/events', { 'last-event-id': String(place) })
      for (let n = 0; n < 15; n++) {
        const block = await stream.next()
        place = Number(block?.id)
        all.push(place)
      }
      stream.leave()
    }
    expect(all).toEqual(Array.from({ length: 180 }, (_, n) => from + n + 1))
    for (const runId of await Promise.all(runs)) await app.finished(runId)
  })

  test('narrows by user, run, tag and types, together too', async () => {
    const after = (await listed('/v1/events')).next
    const streams = await Promise.all(
      [
        'user_id=FILTERED',
        'tag=red',
        'type=run.completed&type=run.failed&user_id=filtered',
        'tag=red&type=run.started',
        'user_id=nobody',
      ].map((query) => openEvents(app, `/v1/events?after=0&${query}`)),
    )
    const red = await app.finished(await app.add('red one', { user_id: 'filtered', tags: ['red', 'blue'] }))
    const plain = await app.finished(await app.add('plain one', { user_id: 'filtered' }))
    const last = await app.finished(await app.add('red two', { user_id: 'other', tags: ['red'] }))
    const read = async (index: number, count: number) => {
      const blocks = []
      for (let n = 0; n < count; n++) blocks.push(await streams[index]?.next())
      return blocks.map((block) => [block?.data?.run_id, block?.event])
    }
    const ofRun = async (runId: string, types?: readonly string[]) =>
      (await listed(`/v1/runs/${runId}/events`)).events
        .filter(({ type }) => types?.includes(type) ?? true)
        .map(({ type }) => [runId, type])
    const [reds, plains, lasts] = [
      await ofRun(red.run_id),
      await ofRun(plain.run_id),
      await ofRun(last.run_id),
    ]
    expect(await read(0, reds.length + plains.length)).toEqual([...reds, ...plains])
    expect(await read(1, reds.length + lasts.length)).toEqual([...reds, ...lasts])
    expect(await read(2, 2)).toEqual([
      [red.run_id, 'run.completed'],
      [plain.run_id, 'run.completed'],
    ])
    expect(await read(3, 2)).toEqual([
      [red.run_id, 'run.started'],
      [last.run_id, 'run.started'],
    ])
    for (const stream of streams) stream.leave()
    const page = await listed(`/v1/events?after=${after}&tag=red&type=run.completed&limit=1`)
    expect(page.events).toMatchObject([{ type: 'run.completed' }])
    const rest = await listed(`/v1/events?after=${page.next}&tag=red&type=run.completed`)
    expect(rest.events).toHaveLength(1)
    expect(await listed(`/v1/events?after=${rest.next}`)).toEqual({ events: [], next: rest.next })
  })

  test("never shows another project's events", async () => {
    const strangers = await openEvents({ ...app, key: strangerKey }, '/v1/events?after=0')
    const own = await openEvents(app, '/v1/events')
    const runId = await app.add('ours')
    await app.finished(runId)
    const theirs = await app.add('theirs', {}, { key: strangerKey })
    for (let block = await strangers.next(); ; block = await strangers.next()) {
      expect(block?.data?.run_id).toBe(theirs)
      if (block?.event === 'run.completed') break
    }
    for (let block = await own.next(); block?.event !== 'run.completed'; block = await own.next())
      expect(block?.data?.run_id).not.toBe(theirs)
    for (const stream of [strangers, own]) stream.leave()
    const foreign = await openEvents({ ...app, key: strangerKey }, `/v1/runs/${runId}/events`)
    expect(foreign.response.status).toBe(403)
  })

  test.each(['?type=run.exploded', '?limit=0', '?after=-1', '?user_id=', '?tag=', '?run_id=7', '?nope=1'])(
    '%s is refused',
    async (query) => {
      expect((await app.request('GET', `/v1/events${query}`)).status).toBe(422)
    },
  )

  test('ends when its key is revoked', async () => {
    const { body } = await app.request<{ key: string; key_id: string }>('POST', '/v1/keys', {
      name: 'short-lived',
      scopes: ['read'],
    })
    const stream = await openEvents({ ...app, key: body.key }, '/v1/events')
    await app.request('DELETE', `/v1/keys/${body.key_id}`)
    clock.advance(15_000)
    expect(await stream.rest()).toMatchObject([{ event: 'error', data: { code: 'unauthorized' } }])
  })
})
