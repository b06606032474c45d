/**
 * Hands in a document on Synap's wire and asks for its ingestion until that has ended.
 *
 *     REMANENCE_API_KEY=$(cat .remanence/key) node_modules/.bin/node examples/polling/synap.ts
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

type Ingestion = {
  ingestion_id: string
  status: 'queued' | 'processing' | 'completed' | 'failed' | 'partial_success'
  memories_created: number
  error_message: string | null
}

const { ingestion_id } = await call<Ingestion>('/api/v1/memories/create', {
  document:
    'User: I moved to Graz in March.\nAssistant: How do you get to work?\nUser: I love riding my red bicycle.',
  document_type: 'ai-chat-conversation',
  document_id: null,
  document_created_at: null,
  user_id: 'lena',
  customer_id: 'lena',
  mode: 'fast',
  metadata: {},
})
const poll = async (): Promise<Ingestion> => {
  for (let tries = 0; tries < 100; tries++) {
    const answer = await call<Ingestion>(`/api/v1/memories/status/${ingestion_id}`)
    console.log(answer.status, answer.memories_created)
    if (['completed', 'failed', 'partial_success'].includes(answer.status)) return answer
    await sleep(Number(POLL_SECONDS) * 1_000)
  }
  throw new Error('the ingestion did not end')
}

const { status, error_message } = await poll()
// A cancelled run reads failed too, and its message says so. What a partial success made can be used.
if (status !== 'completed') throw new Error(error_message ?? status)
