/**
 * How much of what a question needs does a search find? Starts a server, adds the conversations of a LoCoMo file session by session, asks
 * every question and prints the evidence recall.
 *
 *     npm run bench:locomo -- FILE
 */

import { temporaryFolder } from '../packages/server/src/testing/temporary-folder.ts'
import { call, startServer } from './child.ts'
import { readSamples, type Sample, type Session } from './locomo-dataset.ts'
import { type Asked, recallsOf, report } from './locomo-recall.ts'

type Run = { readonly run_id: string; readonly status: string; readonly error?: string }
type Found = {
  readonly memories: readonly { readonly sources: readonly { readonly message_id?: string | null }[] }[]
}

const progress = (text: string): void => {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${text}`)
}

const main = async (path: string): Promise<void> => {
  const samples = await readSamples(path)
  using folder = temporaryFolder()
  await using server = await startServer(folder.path)
  for (const sample of samples) await addSample(server.url, sample)
  const asked: Asked[] = []
  for (const sample of samples) asked.push(...(await ask(server.url, sample)))
  progress('')
  console.log(report(asked))
}

/** Adds the sessions in order and waits for their runs. */
const addSample = async (url: string, sample: Sample): Promise<void> => {
  const runs: Run[] = []
  for (const session of sample.sessions) {
    runs.push(await call<Run>(`${url}/v1/memories`, toAdd(sample, session)))
  }
  for (const [index, { run_id }] of runs.entries()) {
    progress(`${sample.id}: session ${index + 1} of ${runs.length}`)
    const run = await completed(url, run_id)
    if (run.status !== 'completed') throw new Error(`run ${run_id} is ${run.status}: ${run.error ?? ''}`)
  }
}

const toAdd = (sample: Sample, { saidAt, turns }: Session) => ({
  user_id: sample.id,
  input: {
    conversation: {
      created_at: saidAt,
      messages: turns.map(({ id, speaker, text }) => ({
        role: speaker === sample.user ? 'user' : 'assistant',
        name: speaker,
        id,
        content: text,
        created_at: saidAt,
      })),
    },
  },
})

/** The run as it stands when it has ended, or after a minute. */
const completed = async (url: string, runId: string): Promise<Run> => {
  const giveUpAt = Date.now() + 60_000
  for (;;) {
    const run = await call<Run>(`${url}/v1/runs/${runId}`)
    if (!['running', 'in_buffer'].includes(run.status) || Date.now() > giveUpAt) return run
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

const ask = async (url: string, sample: Sample): Promise<readonly Asked[]> => {
  const asked: Asked[] = []
  for (const { text, category, evidence } of sample.questions) {
    progress(`${sample.id}: question ${asked.length + 1} of ${sample.questions.length}`)
    const startedAt = performance.now()
    const { memories } = await call<Found>(`${url}/v1/memories/search`, {
      query: text,
      user_id: sample.id,
      retrieval_config: { retrieval_type: 'hybrid', limit: 100 },
    })
    const ms = performance.now() - startedAt
    const turns = memories.flatMap(({ sources }) => sources.map(({ message_id }) => message_id ?? ''))
    asked.push({ category, recalls: recallsOf(evidence, turns), ms })
  }
  return asked
}

const [path] = process.argv.slice(2)
if (path === undefined) {
  console.error('usage: npm run bench:locomo -- FILE')
  process.exitCode = 2
} else {
  await main(path)
}
