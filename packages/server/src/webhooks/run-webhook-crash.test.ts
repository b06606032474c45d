/** Killed between the commit that accepts a run and its answer, the server has the webhook of the run, and tells its secret to who asks again. */
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { examineDatabase } from '../storage/sqlite/doctor/examine.ts'
import { type ServerProcess, startServer } from '../testing/crash/server-process.ts'
import { startReceiver } from '../testing/receiver.ts'
import { temporaryFolder } from '../testing/temporary-folder.ts'
import { signatureBy } from '../testing/webhook-scene.ts'

const apiKey = 'rem_key_of_the_crash_test'

type Answer = {
  readonly id: string
  readonly run_id: string
  readonly webhook: { readonly secret: string }
}

test('who lost the answer asks again, and can read what the webhook is told', async () => {
  using folder = temporaryFolder()
  await using receiver = await startReceiver()
  const dataDir = join(folder.path, 'data')
  let server: ServerProcess | undefined
  const start = async (failPoint?: string) => {
    const env = { REMANENCE_WEBHOOK_ALLOW: '127.0.0.1' }
    server = startServer({ ...{ dataDir, apiKey, env }, ...(failPoint !== undefined && { failPoint }) })
    const url = await server.listening
    const post = async (path: string, body: object) => {
      const response = await fetch(`${url}${path}`, {
        method: 'POST',
        headers: {
          ...{ authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
          'idempotency-key': 'once',
        },
        body: JSON.stringify(body),
      })
      const isReplayed = response.headers.get('idempotency-replayed') === 'true'
      return { isReplayed, body: (await response.json()) as Answer } // safety: only looked at
    }
    return { server, post }
  }
  const ask = { user_message: 'How many hives?', webhook: { url: receiver.url, events: ['run.completed'] } }
  try {
    const first = await start()
    const { body: agent } = await first.post('/v1/agents', { name: 'concierge' })
    const path = `/v1/agents/${agent.id}/runs`
    first.server.kill('SIGTERM')
    expect(await first.server.ended).toBe(0)

    const doomed = await start('after_accept:1')
    await expect(doomed.post(path, ask)).rejects.toThrow()
    expect(await doomed.server.ended).toBe('SIGKILL')

    const last = await start()
    const { isReplayed, body } = await last.post(path, ask)
    expect(isReplayed).toBe(true)
    const [message] = await receiver.until(1)
    if (message === undefined) throw new Error('nothing came')
    expect(message.json).toMatchObject({ type: 'run.completed', data: { run_id: body.run_id } })
    expect(message.headers['webhook-signature']).toBe(signatureBy(body.webhook.secret, message))
    last.server.kill('SIGTERM')
    expect(await last.server.ended).toBe(0)
    const examined = examineDatabase(join(dataDir, 'remanence.db'))
    expect(examined.filter(({ wrongCount }) => wrongCount > 0)).toEqual([])
  } finally {
    server?.kill('SIGKILL')
    await server?.ended
  }
}, 60_000)
