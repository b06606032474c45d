import { expect, test } from 'vitest'
import { movableClock } from '../testing/movable-clock.ts'
import { createTriggerGate } from './trigger-gate.ts'

const start = Date.parse('2026-11-25T10:00:10Z')

test('a trigger may be used so often a minute, each for itself, and says when again', () => {
  const clock = movableClock(start)
  const gate = createTriggerGate({ clock, limits: { triggerRateMax: 2 } })
  gate.pass('a')
  gate.pass('a')
  gate.pass('b')
  expect(() => gate.pass('a')).toThrow(
    expect.objectContaining({ code: 'rate_limited', members: { retryAfterSeconds: 50 } }),
  )
  clock.advance(50_000)
  gate.pass('a')
})
