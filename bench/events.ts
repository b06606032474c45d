/** What it costs a run that every step of it is written down as an event, against a server that writes outcomes only. */
import { temporaryFolder } from '../packages/server/src/testing/temporary-folder.ts'
import { type Child, call, startServer } from './child.ts'
import { percentile } from './load.ts'
import type { Row, Sizes } from './measures.ts'
import { seededSentence } from './seed.ts'

const USER_COUNT = 64

/** Runs a second, from a paused queue of so many to an empty one. */
const drainRate = async (
  { url }: Child,
  { runs, first }: { runs: number; first: number },
): Promise<number> => {
  await call(`${url}/v1/project/pause`, {})
  for (let done = 0; done < runs; done += USER_COUNT) {
    const batch = Array.from({ length: Math.min(USER_COUNT, runs - done) }, (_, user) => ({
      user_id: `bench-${user}`,
      input: { string: { content: [seededSentence(first + done + user)] } },
    }))
    await Promise.all(batch.map((body) => call(`${url}/v1/memories`, body)))
  }
  const startedAt = performance.now()
  await call(`${url}/v1/project/resume`, {})
  while ((await call<{ open_runs: number }>(`${url}/ready`)).open_runs > 0)
    await new Promise((resolve) => setTimeout(resolve, 5))
  return (runs / (performance.now() - startedAt)) * 1_000
}

export const measureEvents = async ({ rounds, samples }: Sizes): Promise<Row[]> => {
  using folders = new DisposableStack()
  await using all = await startServer(folders.use(temporaryFolder()).path)
  await using outcomes = await startServer(folders.use(temporaryFolder()).path, {
    REMANENCE_EVENT_DETAIL: 'outcomes',
  })
  const ratios: number[] = []
  // The first round warms both up.
  for (let round = 0; round <= rounds; round++) {
    const load = { runs: samples * 2, first: round * samples * 2 }
    const [withAll, withOutcomes] = [await drainRate(all, load), await drainRate(outcomes, load)]
    if (round > 0) ratios.push(withAll / withOutcomes)
  }
  return [
    {
      what: 'runs with all events, against outcomes only',
      atLeast: '',
      measured: percentile(ratios, 0.5).toFixed(2),
    },
  ]
}
