import { expect, test } from 'vitest'
import { runCrash } from './run-crash.ts'

const KILLS = 28

test('killed at every fail point and at random, it loses nothing, does nothing twice, and keeps the order', async () => {
  const seed = Date.now() % 1_000_000
  const { acknowledgedCount, wrongs } = await runCrash({ kills: KILLS, seed })
  expect(wrongs, `seed ${seed}`).toEqual([])
  expect(acknowledgedCount).toBeGreaterThan(KILLS)
}, 120_000)
