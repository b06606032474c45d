import { expect, test } from 'vitest'
import { Remanence, TimeoutError } from '../index.ts'
import { startPeer } from '../testing/peer.ts'

const runOf = (state: string, eventSeq = 1) => ({ body: { run_id: 'r1', state, event_seq: eventSeq } })

test('wait lets the server wait, again and again, and tells of each change once', async () => {
  const states = ['queued', 'queued', 'running', 'running', 'completed']
  const seqs = [1, 1, 2, 2, 6]
  await using peer = await startPeer((_, index) => runOf(states[index] ?? 'completed', seqs[index]))
  const seen: string[] = []
  const onUpdate = (run: { state: string }) => seen.push(run.state)
  const run = await new Remanence({ baseUrl: peer.url }).runs.wait('r1', { onUpdate })
  expect(run.state).toBe('completed')
  expect(seen).toEqual(['queued', 'running', 'completed'])
  const asked = peer.received.map(({ url }) => url.replace('/v1/runs/r1?wait=30', ''))
  expect(asked).toEqual(['', '&since=1', '&since=1', '&since=2', '&since=2'])
})

test('wait without an onUpdate asks for the end only', async () => {
  await using peer = await startPeer((_, index) => runOf(index < 2 ? 'running' : 'completed', index))
  await new Remanence({ baseUrl: peer.url }).runs.wait('r1')
  expect(new Set(peer.received.map(({ url }) => url))).toEqual(new Set(['/v1/runs/r1?wait=30']))
})

test('wait looks again by itself when the server has no room for waiters', async () => {
  const full = { status: 503, body: { code: 'too_many_streams', status: 503, detail: 'full' } }
  await using peer = await startPeer(({ url }) => (url.includes('wait') ? full : runOf('completed')))
  const client = new Remanence({ baseUrl: peer.url, retryCountMax: 0 })
  expect((await client.runs.wait('r1')).state).toBe('completed')
})

test('a failed run is an answer of wait, not an error', async () => {
  await using peer = await startPeer(() => runOf('failed'))
  const run = await new Remanence({ baseUrl: peer.url }).runs.wait('r1')
  expect(run.state).toBe('failed')
})

test('wait gives up after its time, in the middle of a pause or a request', async () => {
  for (const answer of [runOf('running'), 'hang' as const]) {
    await using peer = await startPeer(() => answer)
    const call = new Remanence({ baseUrl: peer.url }).runs.wait('r1', { timeoutMs: 50 })
    await expect(call).rejects.toThrow(TimeoutError)
    await expect(call).rejects.toThrow('run r1 has not ended within 50 ms')
  }
})

test('wait ends with the reason of its signal', async () => {
  const reason = new Error('enough')
  const controller = new AbortController()
  await using peer = await startPeer(() => {
    setImmediate(() => controller.abort(reason))
    return runOf('running')
  })
  const call = new Remanence({ baseUrl: peer.url }).runs.wait('r1', { signal: controller.signal })
  await expect(call).rejects.toBe(reason)
})

test('runs are listed by state over all pages', async () => {
  await using peer = await startPeer((_, index) => ({
    body: { runs: [{ run_id: `r${index}` }], next_cursor: index === 0 ? 'c/1' : null },
  }))
  const filter = 'state=failed&user_id=m&created_after=1970-01-01T00%3A00%3A00.000Z&error=a+b'
  const ids: string[] = []
  for await (const run of new Remanence({ baseUrl: peer.url }).runs.list({
    state: 'failed',
    userId: 'm',
    createdAfter: new Date(0),
    error: 'a b',
  })) {
    ids.push(run.runId)
  }
  expect(ids).toEqual(['r0', 'r1'])
  expect(peer.received.map((request) => request.url)).toEqual([
    `/v1/runs?${filter}`,
    `/v1/runs?${filter}&cursor=c%2F1`,
  ])
})

test('recorded events come page by page, from the place asked for', async () => {
  await using peer = await startPeer(({ url }) => {
    const after = Number(new URL(url, 'http://peer').searchParams.get('after'))
    return {
      body: {
        events: [1, 2, 3, 4, 5]
          .filter((seq) => seq > after)
          .slice(0, 2)
          .map((seq) => ({ seq })),
      },
    }
  })
  const seqs: number[] = []
  for await (const event of new Remanence({ baseUrl: peer.url }).runs.events('r1', { after: 1, limit: 2 })) {
    seqs.push(event.seq)
  }
  expect(seqs).toEqual([2, 3, 4, 5])
})
