/**
 * The crash test. The real server runs under clients that never pause; it is killed, started again, killed again, at every fail
 * point and at random. Then all is drained, and what the clients were told is held against the database.
 */
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { seededRandom } from '../seeded-random.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import { findWrongs } from './checks.ts'
import { startClients } from './clients.ts'
import { planKills } from './kills.ts'
import { createLedger, type Entry } from './ledger.ts'
import { type ServerProcess, startServer } from './server-process.ts'

export type CrashReport = {
  readonly killCount: number
  readonly addCount: number
  readonly acknowledgedCount: number
  /** Sentences; none when everything held. */
  readonly wrongs: readonly string[]
}

const apiKey = 'rem_key_of_the_crash_test'
const DRAIN_MS_MAX = 60_000
const POLL_MS = 50

/** The seed decides the kills and the adds; how they meet is up to the machine. */
export const runCrash = async (options: {
  readonly kills: number
  readonly seed: number
  readonly report?: (line: string) => void
}): Promise<CrashReport> => {
  const { kills, seed, report = () => {} } = options
  using folder = temporaryFolder()
  const dataDir = join(folder.path, 'data')
  const ledger = createLedger()
  const address = createAddress()
  const clients = startClients({ ledger, random: seededRandom(seed), apiKey, url: address.current })
  const start = (failPoint?: string): ServerProcess => {
    const server = startServer({ dataDir, apiKey, ...(failPoint !== undefined && { failPoint }) })
    void server.listening.then((url) => url !== null && address.set(url))
    void server.ended.then(address.unset)
    return server
  }
  const acknowledged = () => ledger.entries().filter(({ runIds }) => runIds.length > 0)

  let server: ServerProcess | undefined
  try {
    for (const [index, kill] of planKills(kills, seededRandom(seed + 1)).entries()) {
      server = start(kill.failPoint)
      await kill.strike(server)
      report(`kill ${index + 1} of ${kills} at ${kill.name}: ${acknowledged().length} adds acknowledged`)
      const failure = clients.failure()
      if (failure !== null) throw failure
    }
    server = start()
    await clients.finish()
    const failure = clients.failure()
    if (failure !== null) throw failure
    const wrongAnswers = await askForRuns(await address.current(), acknowledged())
    server.kill('SIGTERM')
    const end = await server.ended
    const wrongEnd = end === 0 ? [] : [`the server ended with ${end}: ${await server.errors}`]
    const wrongs = [
      ...wrongAnswers,
      ...wrongEnd,
      ...findWrongs(join(dataDir, 'remanence.db'), ledger.entries()),
    ]
    return {
      killCount: kills,
      addCount: ledger.entries().length,
      acknowledgedCount: acknowledged().length,
      wrongs,
    }
  } finally {
    server?.kill('SIGKILL')
    await server?.ended
  }
}

/** Where the server listens; who asks while it is down waits for the next one. */
const createAddress = () => {
  let isKnown = false
  let next = Promise.withResolvers<string>()
  return {
    current: () => next.promise,
    set: (url: string) => {
      isKnown = true
      next.resolve(url)
    },
    unset: () => {
      if (isKnown) next = Promise.withResolvers()
      isKnown = false
    },
  }
}

/** Waits until nothing is open any more, and then asks for every acknowledged run, as its client would. */
const askForRuns = async (url: string, entries: readonly Entry[]): Promise<readonly string[]> => {
  const get = async (path: string) => {
    const response = await fetch(`${url}${path}`, { headers: { authorization: `Bearer ${apiKey}` } })
    return { status: response.status, body: (await response.json()) as { runs?: unknown[]; state?: string } } // safety: only looked at
  }
  for (let waitedMs = 0; ; waitedMs += POLL_MS) {
    const open = await Promise.all(
      ['queued', 'running'].map((state) => get(`/v1/runs?limit=1&state=${state}`)),
    )
    if (open.every(({ body }) => body.runs?.length === 0)) break
    if (waitedMs > DRAIN_MS_MAX)
      return [`not drained after ${DRAIN_MS_MAX / 1_000} s: ${JSON.stringify(open)}`]
    await sleep(POLL_MS)
  }
  const wrongs: string[] = []
  for (const { key, runIds } of entries) {
    for (const runId of runIds) {
      const { status, body } = await get(`/v1/runs/${runId}`)
      if (status !== 200 || body.state !== 'completed')
        wrongs.push(`${key}: run ${runId} is answered ${status}, ${body.state}`)
    }
  }
  return wrongs
}
