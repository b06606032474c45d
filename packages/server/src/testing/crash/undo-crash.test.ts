/** An undo that is killed on its way is done once, and so is the commit of a dry run. */
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { temporaryFolder } from '../temporary-folder.ts'
import { type ServerProcess, startServer } from './server-process.ts'

const apiKey = 'rem_key_of_the_undo_test'

let running: ServerProcess | undefined
afterEach(async () => {
  running?.kill('SIGKILL')
  await running?.ended
})

type Run = {
  readonly run_id: string
  readonly state: string
  readonly outcome: string
  readonly counts: object
  readonly completed_at: string | null
  readonly undone_by: string | null
}

const start = async (dataDir: string, failPoint?: string) => {
  const server = startServer({ dataDir, apiKey, ...(failPoint !== undefined && { failPoint }) })
  running = server
  const url = await server.listening
  if (url === null) throw new Error(`the server did not start: ${await server.errors}`)
  const request = async <Body>(method: string, path: string, body?: object): Promise<Body> => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${apiKey}`,
        'content-type': 'application/json',
        'idempotency-key': `${path} ${JSON.stringify(body)}`,
      },
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
  const add = async (content: string, members: object = {}): Promise<Run> => {
    const input = { pre_extracted: { items: [{ content, topic: 'UserKnowledge' }] } }
    const { run_id } = await request<Run>('POST', '/v1/memories', { input, user_id: 'mara', ...members })
    return finished(run_id)
  }
  const contents = async () =>
    (
      await request<{ memories: { content: string }[] }>('POST', '/v1/memories/list', { user_id: 'mara' })
    ).memories.map(({ content }) => content)
  const kill = async () => {
    server.kill('SIGKILL')
    await server.ended
  }
  const isHealthy = async () => (await request<{ healthy: boolean }>('GET', '/v1/doctor')).healthy
  return { server, request, finished, add, contents, kill, isHealthy }
}

test.each(['after_accept', 'after_claim', 'before_commit', 'after_commit'])(
  'an undo that is killed %s is done once, and its key gives it again',
  async (failPoint) => {
    using folder = temporaryFolder()
    const dataDir = join(folder.path, 'data')
    const first = await start(dataDir)
    await first.add('Mara lives in Graz.')
    const run = await first.add('Mara lives in Graz near the river.')
    expect(run.counts).toMatchObject({ updated: 1 })
    await first.kill()

    const undo = `/v1/runs/${run.run_id}/undo`
    const second = await start(dataDir, failPoint)
    await second.request('POST', undo, {}).catch(() => {}) // the server may be dead by then
    expect(await second.server.ended).toBe('SIGKILL')

    const third = await start(dataDir)
    const { run_id } = await third.request<Run>('POST', undo, {})
    expect(await third.finished(run_id)).toMatchObject({ outcome: 'committed', counts: { updated: 1 } })
    expect(await third.contents()).toEqual(['Mara lives in Graz.'])
    const { runs } = await third.request<{ runs: Run[] }>('GET', '/v1/runs?input_type=undo')
    expect(runs).toHaveLength(1)
    expect(await third.finished(run.run_id)).toMatchObject({ undone_by: run_id })
    expect(await third.isHealthy()).toBe(true)
  },
)

test('what a dry run has planned outlives the process, and an answered commit does', async () => {
  using folder = temporaryFolder()
  const dataDir = join(folder.path, 'data')
  const first = await start(dataDir)
  const run = await first.add('Mara rows to Rovinj.', { dry_run: true })
  expect(run.outcome).toBe('planned')
  await first.kill()
  const second = await start(dataDir)
  expect(await second.contents()).toEqual([])
  await second.request('POST', `/v1/runs/${run.run_id}/commit`, {})
  await second.kill()
  const third = await start(dataDir)
  expect(await third.contents()).toEqual(['Mara rows to Rovinj.'])
  expect(await third.isHealthy()).toBe(true)
})
