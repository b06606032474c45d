/** Documents of which parts fail: what is told, what a retry does again, and what it does not. */
import { expect, test } from 'vitest'
import { DOCUMENT_PART_LENGTH_MAX } from '../../kernel/limits.ts'
import { StepError } from '../../kernel/step-error.ts'
import { fakeExtractor } from '../../testing/fake-extractor.ts'
import { type RunBody, startTestApp } from '../../testing/test-app.ts'

const textOf = (count: number): string =>
  Array.from(
    { length: count },
    (_, part) => `* Mara owns the house number ${part}.\n${'-'.repeat(DOCUMENT_PART_LENGTH_MAX - 100)}`,
  ).join('\n\n')

test.each([
  ['in one go', 3],
  ['in portions', 6],
])('of a document that went %s, a retry works on the parts that failed', async (_how, count) => {
  let isBroken = true
  const asked: string[] = []
  const extractor = fakeExtractor((text) => {
    const found = text.split('\n').flatMap((line) => (line.startsWith('* ') ? [line.slice(2)] : []))
    asked.push(...found)
    if (isBroken && text.includes('number 1.')) throw new StepError('invalid_output', 'nonsense')
    return found
  })
  await using app = await startTestApp({ extractor })
  const runId = await app.add({ document: { text: textOf(count) } })
  expect(await app.finished(runId)).toMatchObject({
    ...{ state: 'partial', error: 'extraction failed: input 1: nonsense' },
    counts: { inputs: count, failed_inputs: 1, created: count - 1 },
  })
  isBroken = false
  asked.length = 0
  await app.request<RunBody>('POST', `/v1/runs/${runId}/retry`, {})
  expect(await app.finished(runId)).toMatchObject({
    ...{ state: 'completed', error: null },
    counts: { inputs: count, failed_inputs: 0, candidates: count, created: count, unchanged: 0 },
  })
  expect(asked).toEqual(['Mara owns the house number 1.'])
  expect(await app.list()).toHaveLength(count)
})

test('a document that failed in a later portion goes on there', async () => {
  let isBroken = true
  const asked: string[] = []
  const extractor = fakeExtractor((text) => {
    const found = text.split('\n').flatMap((line) => (line.startsWith('* ') ? [line.slice(2)] : []))
    asked.push(...found)
    if (isBroken && text.includes('number 5.'))
      throw new StepError('rate_limited', 'too many requests', { retryable: true })
    return found
  })
  await using app = await startTestApp({ extractor, limits: { runFailureCountMax: 1, retryBaseMs: 1 } })
  const runId = await app.add({ document: { text: textOf(10) } })
  expect(await app.finished(runId)).toMatchObject({ state: 'partial', counts: { created: 9 } })
  isBroken = false
  asked.length = 0
  await app.request<RunBody>('POST', `/v1/runs/${runId}/retry`, { starting_step: 'extract [2]' })
  expect(await app.finished(runId)).toMatchObject({ state: 'completed', counts: { created: 10 } })
  expect(asked.filter((statement) => /number [0-3]\./.test(statement))).toEqual([])
  expect(await app.list()).toHaveLength(10)
})

test('an attachment that is not read is told, and the message is remembered', async () => {
  await using app = await startTestApp()
  const message = [
    ...[
      'From: Mara <mara@x.org>',
      'To: Ben <ben@x.org>',
      'Subject: Bees',
      'Date: Mon, 2 Jan 2023 10:00:00 +0000',
    ],
    ...['MIME-Version: 1.0', 'Content-Type: multipart/mixed; boundary="cut"', ''],
    ...['--cut', 'Content-Type: text/plain', '', 'I keep bees in Graz.', ''],
    ...['--cut', 'Content-Type: image/png', 'Content-Disposition: attachment; filename="hive.png"'],
    ...['Content-Transfer-Encoding: base64', '', 'iVBORw0KGgoAAAAA', '--cut--', ''],
  ].join('\r\n')
  const file = Buffer.from(message).toString('base64')
  const runId = await app.add({ document: { file, filename: 'bees.eml' } })
  const run = await app.finished(runId)
  expect(run).toMatchObject({ state: 'partial', error: expect.stringMatching(/hive\.png.*PNG image/) })
  const memories = await app.list()
  expect(memories.map(({ content }) => content).join()).toContain('bees')
  expect(memories[0]?.sources[0]?.said_at).toBe('2023-01-02T10:00:00.000Z')
  await app.request<RunBody>('POST', `/v1/runs/${runId}/retry`, {})
  expect(await app.finished(runId)).toMatchObject({ state: 'partial', counts: run.counts })
})
