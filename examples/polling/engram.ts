/**
 * Adds a text and asks for its run until that has ended: on the native API, which is Engram's too.
 *
 *     REMANENCE_API_KEY=$(cat .remanence/key) node_modules/.bin/node examples/polling/engram.ts
 */
import { setTimeout as sleep } from 'node:timers/promises'

const {
  REMANENCE_URL: url = 'http://127.0.0.1:7090',
  REMANENCE_API_KEY: key,
  POLL_SECONDS = '2',
} = process.env

const call = async <Body>(path: string, body?: unknown): Promise<Body> => {
  const answer = await fetch(url + path, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  if (!answer.ok) throw new Error(`${answer.status}: ${await answer.text()}`)
  return (await answer.json()) as Body // safety: the shape is the server's contract
}

type Run = { run_id: string; status: string; error: string | null }

const add = { user_id: 'lena', input: { string: { content: ['Lena moved to Graz in March.'] } } }
const { run_id } = await call<Run>('/v1/memories', add)
const poll = async (): Promise<Run> => {
  for (let tries = 0; tries < 100; tries++) {
    const run = await call<Run>(`/v1/runs/${run_id}`)
    console.log(run.status)
    if (run.status === 'completed' || run.status === 'failed') return run
    await sleep(Number(POLL_SECONDS) * 1_000)
  }
  throw new Error('the run did not end')
}

const { status, error } = await poll()
// A cancelled run reads failed too, and its error says so.
if (status === 'failed') throw new Error(error ?? status)
