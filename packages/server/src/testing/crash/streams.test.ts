/** A client that follows a project over several violent deaths of the server reads every event once, in order. */
import { createServer } from 'node:net'
import { ProblemError, type ProjectEvent, Remanence } from '@remanence/sdk'
import { expect, test } from 'vitest'
import { seededRandom } from '../seeded-random.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import { type ServerProcess, startServer } from './server-process.ts'

const KILL_COUNT = 4
const apiKey = 'rem_streams_over_crashes'

const freePort = async (): Promise<number> => {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}

test('a follower misses nothing and reads nothing twice while the server is killed and started again', async () => {
  using folder = temporaryFolder()
  const port = await freePort()
  const random = seededRandom(11)
  const start = async (): Promise<ServerProcess> => {
    const started = startServer({ dataDir: folder.path, apiKey, port })
    expect(await started.listening).not.toBeNull()
    return started
  }
  let server = await start()
  const client = new Remanence({ baseUrl: `http://127.0.0.1:${port}`, apiKey, retryCountMax: 40 })

  const leaving = new AbortController()
  const read: ProjectEvent[] = []
  const following = (async () => {
    for await (const event of client.events.follow({ after: 0, signal: leaving.signal })) read.push(event)
  })().catch((error: unknown) => {
    if (!leaving.signal.aborted) throw error
  })
  const added: string[] = []
  const adding = (async () => {
    for (let n = 0; !leaving.signal.aborted && n < 2_000; n++) {
      const options = { userId: `user ${n % 7}`, signal: leaving.signal }
      const accepted = await client.memories
        .add(`Statement ${n} of the follower.`, options)
        .catch((error) => {
          if (error instanceof ProblemError) throw error
          return null
        })
      if (accepted !== null) added.push(accepted.runId)
    }
  })()

  for (let kill = 0; kill < KILL_COUNT; kill++) {
    const seen = read.length
    await expect.poll(() => read.length, { timeout: 20_000 }).toBeGreaterThan(seen + 20 + 60 * random())
    server.kill('SIGKILL')
    await server.ended
    server = await start()
  }
  const enough = read.length + 50
  await expect.poll(() => read.length, { timeout: 20_000 }).toBeGreaterThan(enough)
  const last = added.at(-1) ?? ''
  await client.runs.wait(last)
  const isRead = () => read.some(({ runId, type }) => runId === last && type === 'run.completed')
  await expect.poll(isRead, { timeout: 20_000 }).toBe(true)
  leaving.abort()
  await Promise.allSettled([adding, following])

  const written: ProjectEvent[] = []
  for await (const event of client.events.list({ after: 0 })) {
    if (written.push(event) === read.length) break
  }
  expect(read).toEqual(written)
  expect(read.map(({ projectSeq }) => projectSeq)).toEqual(read.map((_, index) => index + 1))
  server.kill('SIGTERM')
  await server.ended
}, 120_000)
