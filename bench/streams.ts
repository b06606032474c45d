/** What open streams and waits cost those who do not use them, and the server's memory. */
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import autocannon from 'autocannon'
import { temporaryFolder } from '../packages/server/src/testing/temporary-folder.ts'
import { benchKey, type Child, call, startServer } from './child.ts'
import { percentile } from './load.ts'
import type { Row, Sizes } from './measures.ts'

const CONNECTIONS = 64
const USER_COUNT = 64
const OPENING_AT_ONCE = 100
/** Adds of a round for each second that a measurement is given: they and their runs take about that long. */
const RUNS_PER_ROUND_SECOND = 1_000
/** The runs that are followed do not begin before the measurement is over. */
const DELAY_SECONDS = 3_600

const addOf = (user: number) => ({
  user_id: `bench-${user}`,
  input: { string: { content: ['Mara keeps bees on the roof of her house in Graz.'] } },
})

/** Ways to be there and hear nothing. */
const kinds = [
  {
    what: 'idle streams of runs',
    path: (runId: string) => `/v1/runs/${runId}/events`,
    accept: 'text/event-stream',
  },
  {
    what: "streams of the project that others' events do not concern",
    path: () => '/v1/events?user_id=nobody',
    accept: 'text/event-stream',
  },
  { what: 'waits', path: (runId: string) => `/v1/runs/${runId}?wait=60`, accept: 'application/json' },
] as const

export const measureStreams = async (sizes: Sizes): Promise<Row[]> => {
  const rows: Row[] = []
  for (const count of sizes.streams)
    for (const kind of kinds) rows.push(...(await measureKind(kind, count, sizes)))
  return rows
}

const measureKind = async (
  { what, path, accept }: (typeof kinds)[number],
  count: number,
  { rounds, seconds }: Sizes,
): Promise<Row[]> => {
  using folder = temporaryFolder()
  using silentFolder = temporaryFolder()
  await using server = await startServer(folder.path)
  await using silent = await startServer(silentFolder.path)
  // Both have the runs, so that streams are all the difference.
  const [runIds] = [await addWaitingRuns(server, count), await addWaitingRuns(silent, count)]
  await settle()
  const before = await server.residentBytes()
  const sockets: Socket[] = []
  for (let first = 0; first < count; first += OPENING_AT_ONCE) {
    const some = runIds.slice(first, first + OPENING_AT_ONCE)
    sockets.push(...(await Promise.all(some.map((runId) => open(server, { path: path(runId), accept })))))
  }
  await settle()
  const bytesEach = ((await server.residentBytes()) - before) / count
  const work = { amount: seconds * RUNS_PER_ROUND_SECOND, openCount: count }
  const [having, lacking]: [Rate[], Rate[]] = [[], []]
  // In turn, and each alone: what one server has accepted is worked off before the other begins.
  for (let round = 0; round < rounds; round++) {
    lacking.push(await rateOf(silent, work))
    having.push(await rateOf(server, work))
  }
  for (const socket of sockets) socket.destroy()
  const ratio = (of: keyof Rate) =>
    median(having.map((rate, n) => rate[of] / (lacking[n]?.[of] ?? Number.NaN)))
  const rates = [having, lacking].map((some) => median(some.map(({ perSecond }) => perSecond)).toFixed(0))
  return [
    {
      what: `adds and their runs with ${count} ${what}, against none`,
      atLeast: '≥ 0.9',
      measured: `${ratio('perSecond').toFixed(2)} (${rates.join('/s of ')}/s), by processor time ${ratio('perCpuSecond').toFixed(2)}; ${(bytesEach / 1_024).toFixed(0)} KiB each`,
    },
  ]
}

type Rate = { readonly perSecond: number; readonly perCpuSecond: number }

const median = (values: readonly number[]): number => percentile(values, 0.5)

/** Adds so many and waits until all have ended; `openCount` runs never do. */
const rateOf = async (
  { url, cpuSeconds }: Child,
  { amount, openCount }: { readonly amount: number; readonly openCount: number },
): Promise<Rate> => {
  const [startedAt, cpuBefore] = [performance.now(), await cpuSeconds()]
  const bodies = Array.from({ length: USER_COUNT }, (_, user) => JSON.stringify(addOf(user)))
  const result = await autocannon({
    url,
    amount,
    connections: CONNECTIONS,
    headers: { authorization: `Bearer ${benchKey}`, 'content-type': 'application/json' },
    requests: bodies.map((body) => ({ method: 'POST' as const, path: '/v1/memories', body })),
  })
  if (result.non2xx > 0 || result.errors > 0) throw new Error(`${url}: adds failed`)
  while ((await call<{ open_runs: number }>(`${url}/ready`)).open_runs > openCount)
    await new Promise((resolve) => setTimeout(resolve, 10))
  return {
    perSecond: amount / ((performance.now() - startedAt) / 1_000),
    perCpuSecond: amount / ((await cpuSeconds()) - cpuBefore),
  }
}

const addWaitingRuns = async ({ url }: Child, count: number): Promise<string[]> => {
  const runIds: string[] = []
  for (let first = 0; first < count; first += OPENING_AT_ONCE) {
    const some = Array.from({ length: Math.min(OPENING_AT_ONCE, count - first) }, (_, n) =>
      call<{ run_id: string }>(`${url}/v1/memories`, { ...addOf(first + n), delay: DELAY_SECONDS }),
    )
    runIds.push(...(await Promise.all(some)).map(({ run_id }) => run_id))
  }
  return runIds
}

/** A connection with its request sent; a stream has begun when it is answered, a wait is not answered. */
const open = async ({ url }: Child, { path, accept }: { path: string; accept: string }): Promise<Socket> => {
  const { port, hostname } = new URL(url)
  const socket = connect(Number(port), hostname)
  await once(socket, 'connect')
  socket.write(
    `GET ${path} HTTP/1.1\r\nHost: ${hostname}\r\nAuthorization: Bearer ${benchKey}\r\nAccept: ${accept}\r\n\r\n`,
  )
  if (accept === 'text/event-stream') {
    const [head] = (await once(socket, 'data')) as [Buffer] // safety: sockets without an encoding give bytes
    if (!head.toString().startsWith('HTTP/1.1 200')) throw new Error(`${path}: ${head}`)
  }
  return socket.resume()
}

const settle = () => new Promise((resolve) => setTimeout(resolve, 1_000))
