/** A data directory with servers on it, one after the other, each of which may be killed; and what a client asks of them. */
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'vitest'
import { examineDatabase } from '../../storage/sqlite/doctor/examine.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import { type ServerProcess, startServer } from './server-process.ts'

export const apiKey = 'rem_key_of_the_crash_test'
const END_MS_MAX = 120_000

export const openPlace = () => {
  const folder = temporaryFolder()
  const dataDir = join(folder.path, 'data')
  let server: ServerProcess | undefined
  const start = async (failPoint?: string): Promise<string | null> => {
    server = startServer({ dataDir, apiKey, ...(failPoint !== undefined && { failPoint }) })
    return server.listening
  }
  const end = async (): Promise<number | string | undefined> => server?.ended
  return {
    dataDir,
    start,
    kill: () => server?.kill('SIGKILL'),
    end,
    /** Stops it in peace, and has the doctor look at what it leaves. */
    stop: async () => {
      server?.kill('SIGTERM')
      expect(await end()).toBe(0)
      const wrong = examineDatabase(join(dataDir, 'remanence.db')).filter(({ wrongCount }) => wrongCount > 0)
      expect(wrong).toEqual([])
    },
    [Symbol.asyncDispose]: async () => {
      server?.kill('SIGKILL')
      await end()
      folder[Symbol.dispose]()
    },
  }
}

export const ask = async <Body>(
  url: string | null,
  method: string,
  path: string,
  body?: unknown,
  type = 'application/json',
) => {
  const response = await fetch(`${url}${path}`, {
    method,
    headers: { authorization: `Bearer ${apiKey}`, ...(body !== undefined && { 'content-type': type }) },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  const text = await response.text()
  if (response.status >= 400) throw new Error(`${method} ${path} was answered ${response.status}: ${text}`)
  return {
    status: response.status,
    text,
    body: (text.startsWith('{"type":"header"') ? undefined : JSON.parse(text)) as Body,
  } // safety: the test names what it expects
}

export type Run = {
  readonly run_id: string
  readonly state: string
  readonly result: Readonly<Record<string, unknown>> | null
}

export const finished = async (url: string | null, runId: string): Promise<Run> => {
  for (let waitedMs = 0; waitedMs < END_MS_MAX; waitedMs += 25) {
    const { body } = await ask<Run & { completed_at: string | null }>(url, 'GET', `/v1/runs/${runId}`)
    if (body.completed_at !== null) return body
    await sleep(25)
  }
  throw new Error(`run ${runId} did not end`)
}
