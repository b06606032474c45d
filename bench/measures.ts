/** THE list of measurements. Each answers what it found as a row of the table. */

import { temporaryFolder } from '../packages/server/src/testing/temporary-folder.ts'
import { type Child, call, startBareServer, startServer } from './child.ts'
import { measureEvents } from './events.ts'
import { compareLoads, percentile } from './load.ts'
import { seededSentence, seededUser, seedMemories, seedRuns } from './seed.ts'
import { measureStreams } from './streams.ts'

export type Row = { readonly what: string; readonly atLeast: string; readonly measured: string }

export type Sizes = {
  readonly runs: number
  readonly memories: number
  readonly rounds: number
  readonly seconds: number
  readonly samples: number
  /** How many streams and waits are open at once, one measurement each. */
  readonly streams: readonly number[]
}

const CONNECTIONS = 64
const MEMORIES_PER_USER = 1_000
const USER_COUNT = 64

const add = {
  user_id: 'bench',
  input: { string: { content: ['Mara keeps bees on the roof of her house in Graz.'] } },
}

type RunAnswer = { run_id: string; state: string }

const addAndFinish = async (url: string, body: unknown): Promise<string> => {
  const { run_id: runId } = await call<RunAnswer>(`${url}/v1/memories`, body)
  while ((await call<RunAnswer>(`${url}/v1/runs/${runId}`)).state !== 'completed');
  return runId
}

const measureStart = async (): Promise<Row[]> => {
  using folder = temporaryFolder()
  const times: number[] = []
  let residentBytes = 0
  for (let round = 0; round < 5; round++) {
    const startedAt = performance.now()
    await using server = await startServer(folder.path)
    await call(`${server.url}/v1/memories`, add)
    times.push(performance.now() - startedAt)
    residentBytes = await idleBytes(server)
  }
  return [
    { what: 'process start → first accepted add', atLeast: '≤ 500 ms', measured: ms(percentile(times, 0.5)) },
    { what: 'idle memory', atLeast: '≤ 120 MB', measured: `${(residentBytes / 1e6).toFixed(0)} MB` },
  ]
}

const idleBytes = async (server: Child): Promise<number> => {
  await new Promise((resolve) => setTimeout(resolve, 3_000))
  return server.residentBytes()
}

const measureLatency = async ({ samples }: Sizes): Promise<Row[]> => {
  using folder = temporaryFolder()
  await using server = await startServer(folder.path)
  const times: number[] = []
  for (let index = 0; index < samples; index++) {
    const startedAt = performance.now()
    await addAndFinish(server.url, { ...add, input: { string: { content: [seededSentence(index)] } } })
    times.push(performance.now() - startedAt)
  }
  const measured = `${ms(percentile(times, 0.5))} / ${ms(percentile(times, 0.99))}`
  return [{ what: 'add → completed, idle server, p50 / p99', atLeast: '≤ 10 ms / 50 ms', measured }]
}

const measureAdds = async ({ rounds, seconds }: Sizes): Promise<Row[]> => {
  using folder = temporaryFolder()
  await using server = await startServer(folder.path)
  const answer = JSON.stringify(await call(`${server.url}/v1/memories`, add))
  await using bare = await startBareServer(answer)
  const load = {
    method: 'POST',
    requests: Array.from({ length: USER_COUNT }, (_, user) => ({
      path: '/v1/memories',
      body: JSON.stringify({ ...add, user_id: `bench-${user}` }),
    })),
    connections: CONNECTIONS,
    seconds,
  } as const
  const result = await compareLoads({ ...load, url: server.url }, { ...load, url: bare.url }, rounds)
  const drainStartedAt = performance.now()
  const waiting = (await call<{ open_runs: number }>(`${server.url}/ready`)).open_runs
  while ((await call<{ open_runs: number }>(`${server.url}/ready`)).open_runs > 0) {
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  const drainSeconds = (performance.now() - drainStartedAt) / 1_000
  return [
    {
      what: `durable add, ${CONNECTIONS} connections, against a bare server`,
      atLeast: '≥ 0.5',
      measured: ratio(result),
    },
    {
      what: `runs accepted → completed, three steps, ${USER_COUNT} users`,
      atLeast: '2 × the best peer (none measured yet)',
      measured: `${(waiting / drainSeconds).toFixed(0)}/s`,
    },
  ]
}

const measureGetRun = async ({ runs, rounds, seconds }: Sizes): Promise<Row[]> => {
  using folder = temporaryFolder()
  const runId = await withServer(folder.path, (server) => addAndFinish(server.url, add))
  const ids = seedRuns(folder.path, runId, runs)
  await using server = await startServer(folder.path)
  const answer = JSON.stringify(await call(`${server.url}/v1/runs/${runId}`))
  await using bare = await startBareServer(answer)
  const load = {
    method: 'GET',
    requests: ids.map((id) => ({ path: `/v1/runs/${id}` })),
    connections: CONNECTIONS,
    seconds,
  } as const
  const result = await compareLoads({ ...load, url: server.url }, { ...load, url: bare.url }, rounds)
  return [
    {
      what: `GET run, ${count(runs)} stored, against a bare server`,
      atLeast: '≥ 0.6',
      measured: ratio(result),
    },
  ]
}

const measureSearch = async ({ memories, samples }: Sizes): Promise<Row[]> => {
  using folder = temporaryFolder()
  await withServer(folder.path, (server) => addAndFinish(server.url, add))
  seedMemories(folder.path, memories, MEMORIES_PER_USER)
  await using server = await startServer(folder.path)
  const times: number[] = []
  for (let index = 0; index < samples; index++) {
    const user = (index * 7_919) % Math.ceil(memories / MEMORIES_PER_USER)
    const query = seededSentence(user * MEMORIES_PER_USER + (index % MEMORIES_PER_USER))
      .split(' ')
      .slice(0, 6)
      .join(' ')
    const startedAt = performance.now()
    await call(`${server.url}/v1/memories/search`, { query, user_id: seededUser(user) })
    times.push(performance.now() - startedAt)
  }
  const measured = `${ms(percentile(times, 0.5))} / ${ms(percentile(times, 0.99))}`
  return [
    {
      what: `search among 1 k of ${count(memories)} memories, p50 / p99`,
      atLeast: '≤ 5 ms / 25 ms',
      measured,
    },
  ]
}

const withServer = async <Result>(
  dataDir: string,
  work: (server: Child) => Promise<Result>,
): Promise<Result> => {
  await using server = await startServer(dataDir)
  return await work(server)
}

const ms = (value: number): string => `${value.toFixed(1)} ms`
const count = (value: number): string => (value >= 1e6 ? `${value / 1e6} M` : `${value / 1e3} k`)
const ratio = (result: { ratio: number; subject: number; reference: number }): string =>
  `${result.ratio.toFixed(2)} (${result.subject.toFixed(0)}/s of ${result.reference.toFixed(0)}/s)`

const measureWaiting = async ({ samples }: Sizes): Promise<Row[]> => {
  using folder = temporaryFolder()
  await using server = await startServer(folder.path)
  const times: number[] = []
  for (let index = 0; index < samples; index++) {
    const body = { ...add, input: { string: { content: [seededSentence(index)] } } }
    const startedAt = performance.now()
    const run = await call<RunAnswer>(`${server.url}/v1/memories`, body, { prefer: 'wait=10' })
    if (run.state !== 'completed') throw new Error(`the run ${run.run_id} was not waited for`)
    times.push(performance.now() - startedAt)
  }
  const measured = `${ms(percentile(times, 0.5))} / ${ms(percentile(times, 0.99))}`
  return [
    {
      what: 'add with Prefer: wait → ended run, idle server, p50 / p99',
      atLeast: '≤ 10 ms / 50 ms',
      measured,
    },
  ]
}

export const measures = [
  measureStart,
  measureLatency,
  measureWaiting,
  measureAdds,
  measureEvents,
  measureGetRun,
  measureSearch,
  measureStreams,
] as const
