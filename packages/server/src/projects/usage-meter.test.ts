/** Searches reach the store in time, at a stop, and after a store that could not be written. */
import { expect, test } from 'vitest'
import { dayMs } from '../kernel/clock.ts'
import { USAGE_FLUSH_MS } from '../kernel/limits.ts'
import { createLog } from '../kernel/log.ts'
import { movableClock } from '../testing/movable-clock.ts'
import type { UsageCount } from './usage.ts'
import { startUsageMeter } from './usage-meter.ts'

const start = (answers: readonly (Error | null)[] = []) => {
  const clock = movableClock(dayMs * 10)
  const written: UsageCount[] = []
  let asked = 0
  let told = Promise.withResolvers<void>()
  const countUsage = async (counts: readonly UsageCount[]) => {
    const answer = answers[asked++] ?? null
    if (answer === null) written.push(...counts)
    told.resolve()
    told = Promise.withResolvers()
    if (answer !== null) throw answer
  }
  const meter = startUsageMeter({ storage: { countUsage }, clock, log: createLog('silent') })
  const round = async () => {
    const next = told.promise
    // The meter may be between two sleeps: then it is the next one that this ends.
    await new Promise(setImmediate)
    clock.advance(USAGE_FLUSH_MS)
    await next
  }
  return { clock, meter, written, round }
}

test('searches are written together, by project and day', async () => {
  const { clock, meter, written, round } = start()
  for (const project of ['a', 'b', 'a']) meter.countSearch(project)
  expect(written).toEqual([])
  await round()
  expect(written).toEqual([
    { projectId: 'a', day: 10, searches: 2 },
    { projectId: 'b', day: 10, searches: 1 },
  ])
  clock.advance(dayMs)
  meter.countSearch('a')
  await meter.flush()
  expect(written.at(-1)).toEqual({ projectId: 'a', day: 11, searches: 1 })
  await meter.stop()
  expect(written).toHaveLength(3)
})

test('a stop writes what was counted', async () => {
  const { meter, written } = start()
  meter.countSearch('a')
  await meter.stop()
  expect(written).toEqual([{ projectId: 'a', day: 10, searches: 1 }])
})

test('a store that fails gets them later, with those counted meanwhile', async () => {
  const away = new Error('the store is away')
  const { meter, written, round } = start([away, away])
  meter.countSearch('a')
  await round()
  meter.countSearch('a')
  await expect(meter.flush()).rejects.toBe(away)
  meter.countSearch('a')
  await meter.stop()
  expect(written).toEqual([{ projectId: 'a', day: 10, searches: 3 }])
})
