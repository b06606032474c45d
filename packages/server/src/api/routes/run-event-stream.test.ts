/** Events of a run as they happen: GET /v1/runs/{run_id}/events as a stream. */
import { afterAll, describe, expect, test } from 'vitest'
import { openEvents } from '../../testing/event-reader.ts'
import { fakeExtractor } from '../../testing/fake-extractor.ts'
import { movableClock } from '../../testing/movable-clock.ts'
import { startTestApp } from '../../testing/test-app.ts'

const gates = new Map<string, PromiseWithResolvers<void>>()
const gate = (text: string) => {
  const opening = gates.get(text) ?? Promise.withResolvers<void>()
  gates.set(text, opening)
  return opening
}
const extractor = fakeExtractor(async (text) => {
  if (text.startsWith('held')) await gate(text).promise
  if (text.startsWith('failing')) throw new Error('out of order')
  return [text]
})
const clock = movableClock()
const app = await startTestApp({
  extractor,
  clock,
  limits: { runFailureCountMax: 1, runConcurrencyMax: 64 },
})
afterAll(app.stop)

type Listed = {
  readonly events: readonly { seq: number; type: string; project_seq: number }[]
  readonly next: number
}
const listed = async (path: string) => (await app.request<Listed>('GET', path)).body

describe('the stream of a run', () => {
  test('tells each event as it happens, in the form of the page, and ends with the run', async () => {
    const runId = await app.add('held a', { user_id: 'a' })
    const stream = await openEvents(app, `/v1/runs/${runId}/events`)
    expect(stream.response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
    expect(Number((await stream.nextBlock())?.retry)).toBeGreaterThan(0)
    const first = await stream.next()
    expect(first).toMatchObject({ id: '1', event: 'run.accepted', data: { seq: 1, run_id: runId } })
    expect(await stream.next()).toMatchObject({ id: '2', event: 'run.started' })
    gate('held a').resolve()
    const rest = await stream.rest()
    const { events } = await listed(`/v1/runs/${runId}/events`)
    expect([first?.data, ...rest.map(({ data }) => data)]).toEqual(events.filter(({ seq }) => seq !== 2))
    expect(rest.map(({ id, event }) => [id, event])).toEqual(
      events.slice(2).map(({ seq, type }) => [`${seq}`, type]),
    )
    expect(events.map(({ type }) => type)).toContain('run.completed')
  })

  test('of a run that has ended gives what comes after, by header or query, and ends', async () => {
    const { run_id, event_seq } = await app.finished(await app.add('ended'))
    const path = `/v1/runs/${run_id}/events`
    const ids = async (query: string, headers = {}) =>
      (await (await openEvents(app, `${path}${query}`, headers)).rest()).map(({ id }) => Number(id))
    const all = Array.from({ length: event_seq }, (_, index) => index + 1)
    expect(await ids('')).toEqual(all)
    expect(await ids('?after=3')).toEqual(all.slice(3))
    expect(await ids('', { 'last-event-id': '4' })).toEqual(all.slice(4))
    expect(await ids('?after=1', { 'last-event-id': '4' })).toEqual(all.slice(4))
    expect(await ids(`?after=${event_seq}`)).toEqual([])
  })

  test('many readers of one run all read the same', async () => {
    const runId = await app.add('held many', { user_id: 'many' })
    const streams = await Promise.all(
      Array.from({ length: 20 }, () => openEvents(app, `/v1/runs/${runId}/events`)),
    )
    gate('held many').resolve()
    const read = await Promise.all(streams.map((stream) => stream.rest()))
    const { events } = await listed(`/v1/runs/${runId}/events`)
    for (const blocks of read) expect(blocks.map(({ data }) => data)).toEqual(events)
  })

  test('of a run that is tried again goes on, and ends with its new end', async () => {
    const runId = await app.add('failing', { user_id: 'again' })
    const failed = await app.finished(runId)
    expect(failed.state).toBe('failed')
    const retried = await app.request('POST', `/v1/runs/${runId}/retry`, {})
    expect(retried.status).toBe(200)
    const stream = await openEvents(app, `/v1/runs/${runId}/events?after=${failed.event_seq}`)
    const types = (await stream.rest()).map(({ event }) => event)
    expect(types[0]).toBe('run.requeued')
    expect(types.at(-1)).toBe('run.failed')
  })

  test('says now and then that it is alive, and where it stands', async () => {
    const runId = await app.add('held alive', { user_id: 'alive' })
    const stream = await openEvents(app, `/v1/runs/${runId}/events`)
    expect((await stream.next())?.id).toBe('1')
    expect((await stream.next())?.id).toBe('2')
    clock.advance(15_000)
    expect(await stream.nextBlock()).toMatchObject({ id: '2', data: null, comment: 'alive' })
    gate('held alive').resolve()
    await stream.rest()
  })

  test.each([
    ['text/event-stream;q=0.4, application/json', 'application/json'],
    ['application/json, text/event-stream', 'application/json'],
    ['*/*', 'application/json'],
    ['text/event-stream;q=0', 'application/json'],
    ['application/json;q=0.9, text/event-stream', 'text/event-stream'],
    ['text/event-stream, */*', 'text/event-stream'],
  ])('Accept: %s is answered with %s', async (accept, type) => {
    const { run_id } = await app.finished(await app.add('negotiated'))
    const { response, leave } = await openEvents(app, `/v1/runs/${run_id}/events`, { accept })
    expect(response.headers.get('content-type')).toContain(type)
    leave()
  })

  test('refuses what is no number, before it begins', async () => {
    const { run_id } = await app.finished(await app.add('refused'))
    for (const [query, headers] of [
      ['?after=x', {}],
      ['', { 'last-event-id': 'x' }],
      ['', { 'last-event-id': '-1' }],
    ] as const) {
      const { response } = await openEvents(app, `/v1/runs/${run_id}/events${query}`, headers)
      expect([response.status, await response.json()]).toMatchObject([422, { code: 'invalid_body' }])
    }
    const { response } = await openEvents(app, '/v1/runs/0199c2f1-6d3a-7c41-9c55-2f0d3b6c8e10/events')
    expect(response.status).toBe(404)
    const head = await fetch(`${app.url}/v1/runs/${run_id}/events`, {
      method: 'HEAD',
      headers: { accept: 'text/event-stream', authorization: `Bearer ${app.key}` },
    })
    expect(head.status).toBe(200)
  })
})
