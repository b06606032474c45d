/** The trace of the caller: kept by the run, never a reason to refuse. */
import { afterAll, expect, test } from 'vitest'
import { echoExtractor } from '../../testing/fake-extractor.ts'
import { startTestApp } from '../../testing/test-app.ts'

const app = await startTestApp({ extractor: echoExtractor })
afterAll(app.stop)

const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'
const traced = (header: string, others = {}) => ({ headers: { traceparent: header, ...others } })

test('a run keeps the trace of the request that made it', async () => {
  const runId = await app.add('Mara keeps bees.', {}, traced(traceparent))
  expect(await app.finished(runId)).toMatchObject({ traceparent })
  const { body } = await app.request<{ runs: object[] }>('GET', '/v1/runs?user_id=mara')
  expect(body.runs).toContainEqual(expect.objectContaining({ run_id: runId, traceparent }))
  expect(await app.finished(await app.add('Mara keeps goats.'))).toMatchObject({ traceparent: null })
})

test.each([
  '',
  'x',
  traceparent.toUpperCase(),
  `${traceparent}-01`,
  `${traceparent}, ${traceparent}`,
  'x'.repeat(8_000),
])('a malformed one is ignored (case %#)', async (header) => {
  const run = await app.finished(await app.add('Mara keeps bees.', {}, traced(header)))
  expect(run).toMatchObject({ state: 'completed', traceparent: null })
})

test('a request repeated in another trace is the same request, and its run stays in the first', async () => {
  const key = { 'idempotency-key': 'traced' }
  const first = await app.add('Mara keeps bees.', {}, traced(traceparent, key))
  const again = await app.add('Mara keeps bees.', {}, traced(traceparent.replace('b7-01', 'b8-01'), key))
  expect(again).toBe(first)
  expect(await app.finished(first)).toMatchObject({ traceparent })
})

test('a replay belongs to the trace of the request that asked for it', async () => {
  const runId = await app.add('Mara keeps bees.', {}, traced(traceparent))
  await app.finished(runId)
  const other = traceparent.replace('b7-01', 'c9-01')
  const { body } = await app.request<{ run_id: string }>(
    'POST',
    `/v1/runs/${runId}/replay`,
    {},
    traced(other),
  )
  expect(await app.finished(body.run_id)).toMatchObject({ replay_of: runId, traceparent: other })
})

test('so does the deletion of a memory', async () => {
  await app.finished(await app.add('Ines keeps ducks.', { user_id: 'ines' }))
  const [memory] = await app.list({ user_id: 'ines' })
  await app.request('DELETE', `/v1/memories/${memory?.id}?user_id=ines`, undefined, traced(traceparent))
  const { body } = await app.request<{ runs: object[] }>('GET', '/v1/runs?user_id=ines&input_type=delete')
  expect(body.runs).toMatchObject([{ input_type: 'delete', traceparent }])
})
