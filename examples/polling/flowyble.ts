/**
 * Starts an agent on Flowyble's wire and asks for the status of its run until that has ended, cancelled or not. Without AGENT_ID it
 * makes an agent first.
 *
 *     REMANENCE_API_KEY=$(cat .remanence/key) node_modules/.bin/node examples/polling/flowyble.ts
 */
import { setTimeout as sleep } from 'node:timers/promises'

const {
  REMANENCE_URL: url = 'http://127.0.0.1:7090',
  REMANENCE_API_KEY: key = '',
  AGENT_ID: givenAgentId,
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

type AgentRun = {
  id: string
  status: 'Pending' | 'Running' | 'Completed' | 'Failed' | 'Cancelled'
  isTerminal: boolean
  finalOutput: string | null
  errorMessage: string | null
}

const makeAgent = async (): Promise<string> => {
  const definition = { name: 'Recall', instructions: 'Answer from memory.' }
  return (await call<{ id: string }>('/v1/agents', definition)).id
}

const agentId = givenAgentId ?? (await makeAgent())
const { id } = await call<AgentRun>(`/v1/agents/run/${agentId}`, {
  userMessage: 'What do you know about bees?',
})
const poll = async (): Promise<AgentRun> => {
  for (let tries = 0; tries < 100; tries++) {
    const run = await call<AgentRun>(`/v1/agents/run/${id}/status`)
    console.log(run.status)
    // Completed, Failed or Cancelled: the sample in the documents of the original forgets the last.
    if (run.isTerminal) return run
    await sleep(Number(POLL_SECONDS) * 1_000)
  }
  throw new Error('the run did not end')
}

const { status, finalOutput, errorMessage } = await poll()
if (status !== 'Completed') throw new Error(errorMessage ?? 'the run was cancelled')
console.log(finalOutput)
