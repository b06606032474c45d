/** What was asked of a run outlives the process that was asked. */
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { temporaryFolder } from '../temporary-folder.ts'
import { type ServerProcess, startServer } from './server-process.ts'

const apiKey = 'rem_key_of_the_steering_test'
const topics = (...names: readonly string[]) => ({
  topics: names.map((topic_name) => ({
    topic_name,
    description: '',
    is_bounded: false,
    scoping: { user_scoped: true },
  })),
})

let running: ServerProcess | undefined
afterEach(async () => {
  running?.kill('SIGKILL')
  await running?.ended
})

type Run = { run_id: string; state: string; attempt: number; completed_at: string | null }

const start = async (dataDir: string, failPoint?: string) => {
  const server = startServer({ dataDir, apiKey, ...(failPoint !== undefined && { failPoint }) })
  running = server
  const url = await server.listening
  if (url === null) throw new Error(`the server did not start: ${await server.errors}`)
  const request = async <Body>(method: string, path: string, body?: object): Promise<Body> => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    if (!response.ok) throw new Error(`${method} ${path} was answered ${response.status}: ${text}`)
    return JSON.parse(text) as Body // safety: the test names the shape it expects
  }
  const finished = async (runId: string): Promise<Run> => {
    for (;;) {
      const run = await request<Run>('GET', `/v1/runs/${runId}?wait=5`)
      if (run.completed_at !== null) return run
    }
  }
  const kill = async () => {
    server.kill('SIGKILL')
    await server.ended
  }
  return { server, request, finished, kill }
}

test('a retry goes on after the process was killed, in the middle of its commit too, and commits once', async () => {
  using folder = temporaryFolder()
  const dataDir = join(folder.path, 'data')
  const first = await start(dataDir)
  await first.request('PUT', '/v1/groups/trips', topics('Plans', 'Gone'))
  await first.request('POST', '/v1/project/pause', {})
  const items = [{ content: 'Mara rows to Rovinj.', topic: 'Gone' }]
  const input = { pre_extracted: { items } }
  const { run_id } = await first.request<Run>('POST', '/v1/memories', {
    input,
    user_id: 'mara',
    group: 'trips',
  })
  await first.request('PUT', '/v1/groups/trips', topics('Plans'))
  await first.request('POST', '/v1/project/resume', {})
  expect(await first.finished(run_id)).toMatchObject({ state: 'failed' })
  await first.kill()

  const second = await start(dataDir, 'before_commit')
  await second.request('PUT', '/v1/groups/trips', topics('Plans', 'Gone'))
  await second.request('POST', `/v1/runs/${run_id}/retry`, {}).catch(() => {}) // the server may be dead by then
  expect(await second.server.ended).toBe('SIGKILL')

  const third = await start(dataDir)
  const run = await third.finished(run_id)
  expect(run).toMatchObject({ state: 'completed', counts: { created: 1 } })
  const list = { user_id: 'mara', group: 'trips' }
  const { memories } = await third.request<{ memories: object[] }>('POST', '/v1/memories/list', list)
  expect(memories).toMatchObject([{ content: 'Mara rows to Rovinj.' }])
})

test('a pause, a cancellation and a delay hold over a kill', async () => {
  using folder = temporaryFolder()
  const dataDir = join(folder.path, 'data')
  const first = await start(dataDir)
  await first.request('POST', '/v1/project/pause', {})
  const add = (content: string, members: object = {}) =>
    first.request<Run>('POST', '/v1/memories', {
      input: { string: { content: [content] } },
      user_id: 'mara',
      ...members,
    })
  const waiting = await add('Mara keeps bees.')
  const cancelled = await add('Mara keeps goats.')
  const delayed = await add('Mara keeps hens.', { delay: 1_000_000 })
  await first.request('POST', `/v1/runs/${cancelled.run_id}/cancel`, {})
  await first.kill()

  const second = await start(dataDir)
  const stateOf = async (runId: string) => (await second.request<Run>('GET', `/v1/runs/${runId}`)).state
  expect(await second.request('GET', '/v1/project')).toMatchObject({ state: 'paused', depth: 2 })
  expect(await stateOf(waiting.run_id)).toBe('queued')
  expect(await stateOf(cancelled.run_id)).toBe('cancelled')
  await second.request('POST', '/v1/project/resume', {})
  expect((await second.finished(waiting.run_id)).state).toBe('completed')
  expect(await stateOf(delayed.run_id)).toBe('queued')
})
