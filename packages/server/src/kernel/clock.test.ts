import { expect, test } from 'vitest'
import { createAlarm, systemClock, toIso } from './clock.ts'

test('a sleep ends at once when its signal aborts, or has aborted, and leaves no listener', async () => {
  const stop = new AbortController()
  const sleeps = [systemClock.sleep(60_000, stop.signal), systemClock.sleep(60_000, stop.signal)]
  stop.abort()
  await Promise.all(sleeps)
  await systemClock.sleep(60_000, stop.signal)
})

test('a sleep lasts as long as it says', async () => {
  const before = performance.now()
  await systemClock.sleep(20)
  expect(performance.now() - before).toBeGreaterThanOrEqual(19)
})

test('an alarm rung while nobody sleeps ends the next sleep, and only that', async () => {
  const stop = new AbortController()
  const alarm = createAlarm(systemClock, stop.signal)
  alarm.ring()
  alarm.ring()
  await alarm.sleep(60_000)
  const second = alarm.sleep(60_000).then(() => 'woken')
  expect(await Promise.race([second, systemClock.sleep(20).then(() => 'asleep')])).toBe('asleep')
  alarm.ring()
  expect(await second).toBe('woken')
})

test('stopping ends the sleep of an alarm, and every later one', async () => {
  const stop = new AbortController()
  const alarm = createAlarm(systemClock, stop.signal)
  const sleeping = alarm.sleep(60_000)
  stop.abort()
  await sleeping
  await alarm.sleep(60_000)
  await alarm.sleep(60_000)
})

test('instants are written in UTC with milliseconds', () => {
  expect(toIso(0)).toBe('1970-01-01T00:00:00.000Z')
  expect(toIso(Date.parse('2026-11-01T09:00:00+01:00'))).toBe('2026-11-01T08:00:00.000Z')
})
