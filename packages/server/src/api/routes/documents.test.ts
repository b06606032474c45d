/** Documents on the native API: texts and files, and what their runs tell. */
import { afterAll, expect, test } from 'vitest'
import { DOCUMENT_PART_LENGTH_MAX } from '../../kernel/limits.ts'
import { startTestApp } from '../../testing/test-app.ts'

const app = await startTestApp({ limits: { fileBytesMax: 2_000 } })
afterAll(app.stop)

type Step = {
  readonly name: string
  readonly type: string
  readonly inputs: { readonly count: number } | null
  readonly outputs: object
}

const base64 = (text: string) => Buffer.from(text).toString('base64')
const refusal = async (document: object) => {
  const answer = await app.request<{ code: string; errors: { location: string }[] }>('POST', '/v1/memories', {
    ...{ user_id: 'mara', input: { document } },
  })
  return [answer.status, answer.body.code, answer.body.errors[0]?.location]
}

test('a file is read, and its memories say which part they are from', async () => {
  const document = {
    file: base64('# Bees\n\nMara keeps bees in Graz.\n\n# Boats\n\nMara built a boat in 2019.\n'),
    filename: 'mara.md',
    created_at: '2020-02-02T00:00:00.000Z',
  }
  const run = await app.finished(await app.add({ document }, { user_id: 'reader' }))
  expect(run).toMatchObject({ ...{ state: 'completed', input_type: 'document', starting_step: 1 } })
  expect(run.counts.inputs).toBeGreaterThan(1)
  const memories = await app.list({ user_id: 'reader' })
  expect(memories.map(({ content }) => content).join()).toMatch(/bees/)
  const sources = memories.flatMap((memory) => memory.sources)
  expect(new Set(sources.map(({ input }) => input)).size).toBeGreaterThan(1)
  expect(new Set(sources.map(({ said_at }) => said_at))).toEqual(new Set(['2020-02-02T00:00:00.000Z']))
})

test('a long text goes in portions, and the steps tell of each', async () => {
  const paragraph = (number: number) =>
    `Mara sold the house number ${number} in Graz.\n${'-'.repeat(DOCUMENT_PART_LENGTH_MAX - 100)}`
  const text = Array.from({ length: 5 }, (_, number) => paragraph(number)).join('\n\n')
  const runId = await app.add({ document: { text } }, { user_id: 'long' })
  const run = await app.finished(runId)
  expect(run).toMatchObject({ state: 'completed', counts: { inputs: 5, created: 5 } })
  const { body } = await app.request<{ steps: Step[] }>('GET', `/v1/runs/${runId}/steps`)
  expect(body.steps.map(({ name, type, inputs }) => [name, type, inputs?.count])).toEqual([
    ['read document', 'read', undefined],
    ['extract [1]', 'extract', 4],
    ['transform [1]', 'transform', 4],
    ['commit [1]', 'commit', 4],
    ['extract [2]', 'extract', 1],
    ['transform [2]', 'transform', 1],
    ['commit [2]', 'commit', 1],
    ['end of document', 'commit', 0],
  ])
  expect(body.steps[0]?.outputs).toEqual({ count: 5, failed: 0 })
  const undone = await app.request<{ run_id: string }>('POST', `/v1/runs/${runId}/undo`, {})
  expect(await app.finished(undone.body.run_id)).toMatchObject({ state: 'completed', counts: { deleted: 5 } })
  expect(await app.list({ user_id: 'long' })).toEqual([])
})

test('a file that is too large, or none that can be read, fails its run with a sentence', async () => {
  const large = await app.finished(await app.add({ document: { file: base64('x'.repeat(2_001)) } }))
  expect([large.state, large.error]).toEqual(['failed', 'reading failed: it has more than 2000 bytes'])
  const empty = await app.finished(await app.add({ document: { file: base64(' \n ') } }))
  expect(empty.error).toMatch(/^reading failed: /)
})

test('what is no document is refused, and makes no run', async () => {
  expect(await refusal({})).toEqual([400, 'invalid_request', 'body.input.document'])
  expect(await refusal({ text: 'a', file: base64('a') })).toEqual([
    ...[400, 'invalid_request', 'body.input.document'],
  ])
  expect(await refusal({ text: ' ' })).toEqual([400, 'empty_content', 'body.input.document.text'])
  expect(await refusal({ file: 'a b' })).toEqual([422, 'invalid_body', 'body.input.document.file'])
  expect(await refusal({ file: '' })).toEqual([422, 'invalid_body', 'body.input.document.file'])
  expect(await refusal({ text: 'a', pages: 3 })).toEqual([422, 'invalid_body', 'body.input.document.pages'])
})

test('the same key gives the same run, and a replay is a new one', async () => {
  const body = { user_id: 'mara', input: { document: { text: 'Mara keeps bees.' } } }
  const add = async () =>
    (
      await app.request<{ run_id: string }>('POST', '/v1/memories', body, {
        headers: { 'idempotency-key': 'a document' },
      })
    ).body.run_id
  const runId = await add()
  expect(await add()).toBe(runId)
  await app.finished(runId)
  const replay = await app.request<{ run_id: string }>('POST', `/v1/runs/${runId}/replay`, {})
  expect(await app.finished(replay.body.run_id)).toMatchObject({
    ...{ state: 'completed', input_type: 'document', outcome: 'unchanged' },
  })
})
