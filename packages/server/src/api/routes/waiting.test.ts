/** Waiting for a run: GET /v1/runs/{run_id}?wait=, ETags, and `Prefer: wait` on an add. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { fakeExtractor } from '../../testing/fake-extractor.ts'
import { movableClock } from '../../testing/movable-clock.ts'
import { type RunBody, startTestApp } from '../../testing/test-app.ts'

const gates = new Map<string, PromiseWithResolvers<void>>()
const gate = (text: string) => {
  const opening = gates.get(text) ?? Promise.withResolvers<void>()
  gates.set(text, opening)
  return opening
}
const extractor = fakeExtractor(async (text) => {
  if (text.startsWith('held')) await gate(text).promise
  return [text]
})
const clock = movableClock()
const app = await startTestApp({ extractor, clock })
afterAll(app.stop)

const read = (runId: string, query = '', headers: Record<string, string> = {}) =>
  app.request<RunBody>('GET', `/v1/runs/${runId}${query}`, undefined, { headers })

/** A run that is worked on until its gate opens. */
const begin = async (text: string) => {
  const runId = await app.add(text, { user_id: text })
  await expect.poll(async () => (await read(runId)).body.state).toBe('running')
  return runId
}

/** Lets the request arrive and wait, as nothing tells of that. */
const settled = async () => {
  for (let turn = 0; turn < 3; turn++) await app.request('GET', '/health')
}

describe('a wait', () => {
  test('is over when the run ends', async () => {
    const runId = await begin('held a')
    const answer = read(runId, '?wait=60')
    await settled()
    gate('held a').resolve()
    expect(await answer).toMatchObject({ status: 200, body: { run_id: runId, state: 'completed' } })
  })

  test('is not needed when the run has ended', async () => {
    const { run_id } = await app.finished(await app.add('ended'))
    expect(await read(run_id, '?wait=60')).toMatchObject({ status: 200, body: { state: 'completed' } })
    expect(await read(run_id, '?wait=60&since=999')).toMatchObject({ status: 200 })
  })

  test('is over with its time, and answers the run as it stands', async () => {
    const runId = await begin('held b')
    const answer = read(runId, '?wait=20')
    let isAnswered = false
    void answer.then(() => {
      isAnswered = true
    })
    await settled()
    clock.advance(19_000)
    await settled()
    expect(isAnswered).toBe(false)
    clock.advance(1_001)
    expect(await answer).toMatchObject({ status: 200, body: { state: 'running' } })
    gate('held b').resolve()
  })

  test('with since is over at any event after that one', async () => {
    const runId = await begin('held c')
    const { event_seq } = (await read(runId)).body
    expect(await read(runId, `?wait=60&since=${event_seq - 1}`)).toMatchObject({ body: { state: 'running' } })
    const answer = read(runId, `?wait=60&since=${event_seq}`)
    await settled()
    gate('held c').resolve()
    expect((await answer).body.event_seq).toBeGreaterThan(event_seq)
  })

  test.each(['?wait=61', '?wait=-1', '?wait=x', '?wait=1.5', '?since=-1', '?wait=', '?until=1'])(
    '%s is refused',
    async (query) => {
      const { run_id } = await app.finished(await app.add('refused'))
      expect(await read(run_id, query)).toMatchObject({ status: 422, body: { code: 'invalid_body' } })
    },
  )

  test('for a run that is not there is answered at once', async () => {
    expect(await read('0199c2f1-6d3a-7c41-9c55-2f0d3b6c8e10', '?wait=60')).toMatchObject({ status: 404 })
  })
})

describe('the ETag of a run', () => {
  test('answers 304 without a body while the run has not changed, and changes with it', async () => {
    const runId = await begin('held d')
    const first = await read(runId)
    const etag = first.headers.get('etag') ?? ''
    expect(etag).toMatch(/^"[\w-]{20,}"$/)
    for (const known of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      const same = await read(runId, '', { 'if-none-match': known })
      expect([same.status, same.text, same.headers.get('etag')]).toEqual([304, '', etag])
    }
    expect((await read(runId, '', { 'if-none-match': '"other"' })).status).toBe(200)
    gate('held d').resolve()
    await app.finished(runId)
    const changed = await read(runId, '', { 'if-none-match': etag })
    expect([changed.status, changed.headers.get('etag') === etag]).toEqual([200, false])
  })

  test('with a wait is answered at any change, else 304 when the time is over', async () => {
    const runId = await begin('held e')
    const etag = (await read(runId)).headers.get('etag') ?? ''
    const unchanged = read(runId, '?wait=30', { 'if-none-match': etag })
    await settled()
    clock.advance(30_001)
    expect(await unchanged).toMatchObject({ status: 304, text: '' })
    expect((await read(runId, '?wait=60', { 'if-none-match': '"other"' })).status).toBe(200)
    const changed = read(runId, '?wait=60', { 'if-none-match': etag })
    await settled()
    gate('held e').resolve()
    expect((await changed).status).toBe(200)
  })

  test('is not sent with a problem', async () => {
    expect((await read('7')).headers.get('etag')).toBeNull()
  })
})

describe('Prefer: wait on an add', () => {
  const add = (text: string, prefer?: string) =>
    app.request<RunBody>(
      'POST',
      '/v1/memories',
      { input: { string: { content: [text] } }, user_id: text },
      { headers: prefer === undefined ? {} : { prefer } },
    )

  test.each(['wait=60', 'respond-async, WAIT = 60', 'wait="60"; x=y'])(
    '%s answers the ended run',
    async (prefer) => {
      const { status, headers, body } = await add(`preferred ${prefer}`, prefer)
      expect({ status, body }).toMatchObject({
        status: 200,
        body: { state: 'completed', counts: { created: 1 } },
      })
      expect(headers.get('preference-applied')).toBe('wait=60')
      expect(headers.get('location')).toBe(`/v1/runs/${body.run_id}`)
      expect(headers.get('retry-after')).toBeNull()
    },
  )

  test('is answered by the acknowledgement when the run has not ended in time', async () => {
    for (const prefer of ['wait=0', 'wait=7']) {
      const answer = add('held f', prefer)
      await settled()
      clock.advance(7_001)
      const { headers, body } = await answer
      expect(body).toEqual({ run_id: body.run_id, status: 'running' })
      expect(headers.get('preference-applied')).toBe(prefer)
      expect(headers.get('retry-after')).toBe('1')
      expect((await read(body.run_id)).body.state).not.toBe('completed')
    }
    gate('held f').resolve()
  })

  test('waits no longer than a wait may', async () => {
    const answer = add('held g', 'wait=3600')
    await settled()
    clock.advance(60_001)
    expect((await answer).headers.get('preference-applied')).toBe('wait=60')
    gate('held g').resolve()
  })

  test.each([undefined, '', 'wait', 'wait=soon', 'wait=-1', 'return=minimal'])(
    '%s is no such wish',
    async (prefer) => {
      const { body, headers } = await add('unwished', prefer)
      expect(body).toEqual({ run_id: body.run_id, status: 'running' })
      expect(headers.get('preference-applied')).toBeNull()
      expect(headers.get('location')).toBe(`/v1/runs/${body.run_id}`)
    },
  )
})

describe('at the bound of open waits', () => {
  const held = 'held at the bound'
  let full: Awaited<ReturnType<typeof startTestApp>>
  let runId = ''
  beforeAll(async () => {
    full = await startTestApp({ extractor, limits: { streamCountMax: 2, drainMs: 100 } })
    runId = await full.add(held)
  })

  test('one more is refused, until one goes; an add is not', async () => {
    const leaving = new AbortController()
    const waits = [60, 59].map((seconds) =>
      fetch(`${full.url}/v1/runs/${runId}?wait=${seconds}`, {
        headers: { authorization: `Bearer ${full.key}` },
        signal: leaving.signal,
      }).catch(() => null),
    )
    const oneMore = () => full.request('GET', `/v1/runs/${runId}?wait=1`)
    await expect.poll(async () => (await oneMore()).status, { timeout: 10_000 }).toBe(503)
    const refused = await oneMore()
    expect(refused).toMatchObject({ body: { code: 'too_many_streams' } })
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
    expect((await full.request('GET', `/v1/runs/${runId}`)).status).toBe(200)
    const add = { input: { string: { content: ['added'] } }, user_id: 'other' }
    const added = await full.request('POST', '/v1/memories', add, { headers: { prefer: 'wait=60' } })
    expect(added).toMatchObject({ status: 200, body: { status: 'running' } })
    leaving.abort()
    await Promise.all(waits)
    await expect.poll(async () => (await oneMore()).status, { timeout: 10_000 }).toBe(200)
  })

  test('a stopping server answers whoever waits', async () => {
    const answer = full.request<RunBody>('GET', `/v1/runs/${runId}?wait=60`)
    await new Promise((resolve) => setTimeout(resolve, 50))
    await full.stop()
    expect(await answer).toMatchObject({ status: 200, body: { state: 'running' } })
  })
})
