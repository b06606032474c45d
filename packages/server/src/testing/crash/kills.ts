/** THE list of ways to kill the server. Each is a moment: a fail point, or any instant from its start on. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { SignalPoint } from '../../kernel/signals.ts'
import type { ServerProcess } from './server-process.ts'

export type Kill = {
  readonly name: string
  readonly failPoint?: string
  /** Resolves when the server is dead. */
  readonly strike: (server: ServerProcess) => Promise<void>
}

/** A fail point that is not reached by then will never be, with clients that add all the time. */
const REACHED_MS_MAX = 20_000
const TIMES_MAX = 50
const RANDOM_MS_MAX = 900

const atFailPoint = (point: SignalPoint, random: () => number, timesMax: number): Kill => {
  const failPoint = `${point}:${1 + Math.floor(random() * timesMax)}`
  const strike = async (server: ServerProcess) => {
    const giveUp = new AbortController()
    const late = sleep(REACHED_MS_MAX, 'never', { signal: giveUp.signal }).catch(() => 'in time')
    const end = await Promise.race([server.ended, late])
    giveUp.abort()
    if (end === 'never') throw new Error(`the fail point ${failPoint} was not reached`)
    if (end !== 'SIGKILL') throw new Error(`the server ended with ${end}: ${await server.errors}`)
  }
  return { name: failPoint, failPoint, strike }
}

const atRandom = (random: () => number, fromStart: boolean): Kill => {
  const afterMs = Math.round(random() * RANDOM_MS_MAX)
  const strike = async (server: ServerProcess) => {
    if (!fromStart) await server.listening
    await sleep(afterMs)
    server.kill('SIGKILL')
    await server.ended
  }
  return { name: `${afterMs} ms after ${fromStart ? 'its start' : 'it listens'}`, strike }
}

const rows: readonly ((random: () => number) => Kill)[] = [
  (random) => atFailPoint('after_accept', random, TIMES_MAX),
  (random) => atFailPoint('after_claim', random, TIMES_MAX),
  (random) => atFailPoint('mid_step', random, TIMES_MAX),
  (random) => atFailPoint('after_step', random, TIMES_MAX),
  (random) => atFailPoint('before_commit', random, TIMES_MAX),
  (random) => atFailPoint('after_commit', random, TIMES_MAX),
  (random) => atRandom(random, false),
  (random) => atRandom(random, true),
  (random) => atRandom(random, false),
]

/** The first kill hits the very first start, in the middle of its migration; the others go through the rows. */
export const planKills = (count: number, random: () => number): readonly Kill[] =>
  Array.from(
    { length: count },
    (_, index) =>
      index === 0
        ? atFailPoint('mid_migration', random, 1)
        : (rows[(index - 1) % rows.length] as (typeof rows)[number])(random), // safety: the index is below the length
  )
