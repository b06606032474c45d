/**
 * Killed between the commit and the delivery, and between the delivery and its record, the real server loses no delivery: at the next
 * start it makes what it had not recorded, under the same id and with the same body, and keeps the order within each run.
 */
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { examineDatabase } from '../storage/sqlite/doctor/examine.ts'
import { type ServerProcess, startServer } from '../testing/crash/server-process.ts'
import { type Received, startReceiver } from '../testing/receiver.ts'
import { temporaryFolder } from '../testing/temporary-folder.ts'

const apiKey = 'rem_key_of_the_crash_test'
/** `after_delivery` is reached when an endpoint has answered and nothing is recorded yet. */
const failPoints = [
  'after_commit:1',
  'after_delivery:1',
  'after_commit:2',
  'after_delivery:4',
  'before_commit:2',
]

test('no delivery is lost over kills, and what comes twice is the same', async () => {
  using folder = temporaryFolder()
  await using receiver = await startReceiver()
  const dataDir = join(folder.path, 'data')
  let server: ServerProcess | undefined
  const start = async (failPoint?: string) => {
    server = startServer({
      dataDir,
      apiKey,
      env: { REMANENCE_WEBHOOK_ALLOW: '127.0.0.1' },
      ...(failPoint !== undefined && { failPoint }),
    })
    // Null: what was left to do took it to its fail point before it listened.
    return { server, post: poster((await server.listening) ?? '') }
  }
  try {
    const first = await start()
    await first.post('/v1/webhooks', { url: receiver.url })
    first.server.kill('SIGTERM')
    await first.server.ended

    const acknowledged: string[] = []
    let sentCount = 0
    for (const failPoint of failPoints) {
      const { server: doomed, post } = await start(failPoint)
      while (await isAlive(doomed)) {
        const number = ++sentCount
        const body = {
          user_id: 'mara',
          input: {
            pre_extracted: {
              items: ['bees', 'goats'].map((animal) => ({
                content: `Mara keeps ${animal} number ${number}.`,
                topic: 'UserKnowledge',
              })),
            },
          },
        }
        const accepted = await post('/v1/memories', body).catch(() => null) // killed meanwhile
        if (accepted?.run_id !== undefined) acknowledged.push(accepted.run_id)
      }
      expect(await doomed.ended).toBe('SIGKILL')
    }
    const last = await start()
    await untilTold(acknowledged, receiver)
    last.server.kill('SIGTERM')
    expect(await last.server.ended).toBe(0)

    const examined = examineDatabase(join(dataDir, 'remanence.db'))
    expect(examined.filter(({ wrongCount }) => wrongCount > 0)).toEqual([])
    const all = receiver.received
    const firsts = [
      ...new Map(all.toReversed().map((one) => [one.headers['webhook-id'], one])).values(),
    ].toReversed()
    for (const message of all) {
      const twin = firsts.find((one) => one.headers['webhook-id'] === message.headers['webhook-id'])
      expect(message.body).toBe(twin?.body)
    }
    expect(all.length).toBeGreaterThan(firsts.length) // some were made twice, or nothing was tried here
    for (const runId of acknowledged) {
      const told = firsts.filter(({ json }) => json.data.run_id === runId).map(({ json }) => json.type)
      expect(told).toEqual(['memory.created', 'memory.created', 'run.completed'])
    }
  } finally {
    server?.kill('SIGKILL')
    await server?.ended
  }
}, 120_000)

const poster =
  (url: string) =>
  async (path: string, body: object): Promise<{ run_id?: string }> => {
    const response = await fetch(`${url}${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    if (!response.ok) throw new Error(await response.text())
    return (await response.json()) as { run_id?: string } // safety: only looked at
  }

const isAlive = (server: ServerProcess): Promise<boolean> =>
  Promise.race([
    server.ended.then(() => false),
    new Promise<boolean>((resolve) => setTimeout(resolve, 20, true)),
  ])

const untilTold = async (
  runIds: readonly string[],
  receiver: { readonly received: readonly Received[]; readonly until: (count: number) => Promise<unknown> },
): Promise<void> => {
  const untold = () => {
    const ended = receiver.received.filter(({ json }) => json.type === 'run.completed')
    const told = new Set(ended.map(({ json }) => json.data.run_id))
    return runIds.filter((runId) => !told.has(runId))
  }
  while (untold().length > 0) await receiver.until(receiver.received.length + 1)
}
