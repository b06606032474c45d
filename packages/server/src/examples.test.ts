/**
 * Runs the polling examples against a server of their own: each ends by itself, when its run has done its work and when somebody
 * cancels it.
 */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { type RunBody, startTestApp, type TestApp } from './testing/test-app.ts'

const folder = join(import.meta.dirname, '../../../examples/polling')

const runners: Readonly<Record<string, { readonly command: string; readonly needs: string }>> = {
  sh: { command: 'sh', needs: 'curl' },
  py: { command: 'python3', needs: 'python3' },
  ts: { command: process.execPath, needs: process.execPath },
}
/** By service: what an example prints last when all went well, and what it says of a run that was cancelled. */
const services: Readonly<Record<string, { readonly done: RegExp; readonly cancelled: RegExp }>> = {
  engram: { done: /^completed$/m, cancelled: /cancelled: enough/ },
  gomemory: { done: /^success$/m, cancelled: /cancelled/ },
  synap: { done: /^completed/m, cancelled: /cancelled/ },
  flowyble: { done: /^Completed\n(.+)/m, cancelled: /cancelled/ },
}

const run = (app: TestApp, service: string, ending: string) => {
  const { command } = runners[ending] ?? { command: '' }
  const env = {
    PATH: process.env.PATH,
    REMANENCE_URL: app.url,
    REMANENCE_API_KEY: app.key,
    POLL_SECONDS: '0.05',
  }
  const child = spawn(command, [join(folder, `${service}.${ending}`)], { env, timeout: 30_000 })
  const ended = Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')])
  return ended.then(([printed, complained, [code]]) => ({ code, printed, complained }))
}

const queuedRun = async (app: TestApp): Promise<string> => {
  for (let tries = 0; tries < 1_000; tries++) {
    const { body } = await app.request<{ runs: RunBody[] }>('GET', '/v1/runs?state=queued')
    const [run] = body.runs
    if (run !== undefined) return run.run_id
    await sleep(10)
  }
  throw new Error('the example made no run')
}

describe.each(Object.entries(services))('%s', (service, expected) => {
  describe.each(Object.keys(runners))('in %s', (ending) => {
    const { needs } = runners[ending] ?? { needs: '' }
    const isMissing = spawnSync(needs, ['--version']).status !== 0

    test.skipIf(isMissing)('ends when its run has done its work', async () => {
      await using app = await startTestApp()
      const { code, printed, complained } = await run(app, service, ending)
      expect({ code, complained }).toEqual({ code: 0, complained: '' })
      expect(printed).toMatch(expected.done)
    })

    test.skipIf(isMissing)('ends when somebody cancels its run', async () => {
      await using app = await startTestApp()
      await app.request('POST', '/v1/project/pause', {})
      const ended = run(app, service, ending)
      const runId = await queuedRun(app)
      await app.request('POST', `/v1/runs/${runId}/cancel`, { reason: 'enough' })
      const { code, complained } = await ended
      expect(code).not.toBe(0)
      expect(complained).toMatch(expected.cancelled)
    })
  })
})
