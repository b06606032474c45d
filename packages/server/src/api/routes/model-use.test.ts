/** What models took is told with the steps that asked them, of attempts that failed too, and counted per day. */
import { expect, test } from 'vitest'
import { StepError } from '../../kernel/step-error.ts'
import { fakeExtractor } from '../../testing/fake-extractor.ts'
import { startTestApp } from '../../testing/test-app.ts'

type Steps = {
  steps: { type: string; attempt: number; model: string | null; tokens: number; cost: number }[]
}
type Usage = { days: { tokens: object; cost: number }[] }

test('calls are added up by step and attempt, and by day', async () => {
  let calls = 0
  const extractor = fakeExtractor((text, { used }) => {
    used?.({ model: 'small-1', inputTokens: 100, outputTokens: 10, cost: 0.25 })
    if (++calls === 2) throw new StepError('rate_limited', 'the model is busy', { retryable: true })
    return [text]
  })
  await using app = await startTestApp({ extractor, limits: { retryBaseMs: 1, retryMaxMs: 1 } })
  const run = await app.finished(await app.add(['Mara keeps bees.', 'Mara lives in Graz.']))
  expect(run).toMatchObject({ state: 'completed', attempt: 2 })
  const { body } = await app.request<Steps>('GET', `/v1/runs/${run.run_id}/steps`)
  const told = body.steps.map(({ type, attempt, model, tokens, cost }) => ({
    type,
    attempt,
    model,
    tokens,
    cost,
  }))
  expect(told).toEqual([
    { type: 'extract', attempt: 1, model: 'small-1', tokens: 220, cost: 0.5 },
    { type: 'extract', attempt: 2, model: 'small-1', tokens: 110, cost: 0.25 },
    { type: 'transform', attempt: 2, model: null, tokens: null, cost: null },
    { type: 'commit', attempt: 2, model: null, tokens: null, cost: null },
  ])
  const usage = await app.request<Usage>('GET', '/v1/usage')
  expect(usage.body.days.at(-1)).toMatchObject({ tokens: { input: 300, output: 30 }, cost: 0.75 })
})
