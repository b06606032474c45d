import { expect, test } from 'vitest'
import { defaultLimits } from '../kernel/limits.ts'
import { createLog } from '../kernel/log.ts'
import { movableClock } from '../testing/movable-clock.ts'
import { startRetention } from './retention.ts'

test('it removes until nothing is left, then looks again later, and a store that fails does not end it', async () => {
  const clock = movableClock()
  const answers = [1_000, 1_000, 3, new Error('the store is away'), 0]
  const asked: number[] = []
  const rounds = answers.map(() => Promise.withResolvers<void>())
  const prune = async (params: { idempotencyBefore: number }) => {
    const answer = answers[asked.length]
    rounds[asked.push(params.idempotencyBefore) - 1]?.resolve()
    if (answer instanceof Error) throw answer
    return answer ?? 0
  }
  const startedAt = clock.now()
  const stop = startRetention({ storage: { prune }, limits: defaultLimits, clock, log: createLog('silent') })
  await rounds[2]?.promise
  for (const round of [3, 4]) {
    await new Promise(setImmediate)
    expect(asked).toHaveLength(round)
    clock.advance(10 * 60_000)
    await rounds[round]?.promise
  }
  await stop()
  expect(asked).toHaveLength(5)
  expect(asked[0]).toBeGreaterThanOrEqual(startedAt - defaultLimits.idempotencyRetentionMs)
  expect(asked[3]).toBeGreaterThanOrEqual((asked[0] ?? 0) + 10 * 60_000)
})
