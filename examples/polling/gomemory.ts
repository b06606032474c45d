/**
 * Adds messages on GoMemory's wire and asks for the status of the request until it has ended.
 *
 *     REMANENCE_API_KEY=$(cat .remanence/key) node_modules/.bin/node examples/polling/gomemory.ts
 */
import { setTimeout as sleep } from 'node:timers/promises'

const {
  REMANENCE_URL: url = 'http://127.0.0.1:7090',
  REMANENCE_API_KEY: key = '',
  POLL_SECONDS = '2',
} = process.env

const call = async <Body>(path: string, body?: unknown): Promise<Body> => {
  const answer = await fetch(url + path, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { 'x-api-key': key, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  if (!answer.ok) throw new Error(`${answer.status}: ${await answer.text()}`)
  return (await answer.json()) as Body // safety: the shape is the server's contract
}

type Status = { status: 'pending' | 'processing' | 'success' | 'failure'; error?: string }

const { userId } = await call<{ userId: string }>('/create/user', {})
const messages = [{ role: 'user', content: 'My name is Lena. I keep bees in my garden.' }]
const { ReqId } = await call<{ ReqId: string }>('/add_memory', { userId, messages })
const poll = async (): Promise<Status> => {
  for (let tries = 0; tries < 100; tries++) {
    const answer = await call<Status>(`/get_status/${ReqId}`)
    console.log(answer.status)
    if (answer.status === 'success' || answer.status === 'failure') return answer
    await sleep(Number(POLL_SECONDS) * 1_000)
  }
  throw new Error('the request did not end')
}

const { status, error } = await poll()
// A cancelled run reads failure too, and its error says so.
if (status === 'failure') throw new Error(error)
