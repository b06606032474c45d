/** What a client of Flowyble does, by its documents: polls the status of a run until it has ended. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { TestApp } from './test-app.ts'

export type FlowybleRun = Readonly<Record<string, unknown>> & {
  readonly id: string
  readonly status: string
  readonly finalOutput: string | null
  readonly errorMessage: string | null
}

const POLL_MS = 5
const POLL_COUNT_MAX = 2_000

/** Speaks with `X-API-Key`, as the documents say. */
export const flowybleClient = (app: TestApp, key: string = app.key) => {
  const call = <Body = FlowybleRun>(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ) => app.request<Body>(method, path, body, { key: null, headers: { 'x-api-key': key, ...headers } })
  const start = async (agentId: string, userMessage: string, members: object = {}) => {
    const { status, body, text } = await call<{ success: boolean; id: string; message: string }>(
      'POST',
      `/v1/agents/run/${agentId}`,
      { userMessage, ...members },
    )
    if (status !== 200 || !body.success) throw new Error(`the agent was not started: ${text}`)
    return body.id
  }
  const finished = async (runId: string, kind: 'agents' | 'tools' = 'agents'): Promise<FlowybleRun> => {
    for (let polls = 0; polls < POLL_COUNT_MAX; polls++) {
      const { body } = await call('GET', `/v1/${kind}/run/${runId}/status`)
      if (['Completed', 'Failed', 'Cancelled'].includes(body.status)) return body
      await sleep(POLL_MS)
    }
    throw new Error(`run ${runId} did not end`)
  }
  return { call, start, finished }
}
