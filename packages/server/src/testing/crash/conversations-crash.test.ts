/** Killed while it records, takes in a transcript or compacts, the server loses nothing it has acknowledged, and does nothing twice. */
import { randomBytes, randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { apiKey, ask, finished, openPlace } from './place.ts'

type Json = Readonly<Record<string, unknown>>

const prompt = async (url: string | null, id: string) =>
  (await ask<Json & { recent_messages: Json[] }>(url, 'GET', `/v1/conversations/${id}/context-for-prompt`))
    .body

const transcript = Array.from({ length: 120 }, (_, n) => ({
  role: n % 2 === 0 ? 'user' : 'Agent',
  content: `On day ${n} of the trip Mara saw ${n + 2} storks over Graz.`,
}))
const ingest = (url: string | null) =>
  ask<Json>(url, 'POST', '/v1/conversations/ingest', { conversation_id: 'call', user_id: 'mara', transcript })

test.each(['after_accept', 'mid_step', 'after_step', 'before_commit', 'after_commit'])(
  'a transcript that is killed %s is taken in once',
  async (point) => {
    await using place = openPlace()
    const url = await place.start(point)
    const first = await ingest(url).catch(() => null)
    expect(await place.end()).toBe('SIGKILL')
    const next = await place.start()
    const again = (await ingest(next)).body
    expect(again).toMatchObject({ status: 'duplicate', turns_recorded: 120 })
    if (first !== null) expect(again.ingestion_id).toBe(first.body.ingestion_id)
    expect(await finished(next, String(again.ingestion_id))).toMatchObject({ state: 'completed' })
    expect(await prompt(next, 'call')).toMatchObject({ total_message_count: 120 })
    const status = () => ask<Json>(next, 'GET', '/v1/conversations/call/compaction/status')
    await finished(next, String((await status()).body.compaction_id))
    expect((await status()).body).toMatchObject({ status: 'completed', latest_version: 1 })
    await place.stop()
  },
  120_000,
)

test('a compaction that is killed at each of its moments makes one version, the same as if it had not been', async () => {
  await using place = openPlace()
  const id = randomUUID()
  const url = await place.start()
  for (let start = 0; start < 3_000; start += 1_000) {
    const messages = Array.from({ length: 1_000 }, (_, n) => ({
      ...{ conversation_id: id, role: n % 2 === 0 ? 'user' : 'assistant', user_id: 'mara' },
      content: `On day ${start + n} Mara saw ${start + n + 2} storks over Graz, and told Jonas${n % 40} of it.`,
    }))
    const { body } = await ask<Json>(url, 'POST', '/v1/conversations/messages/batch', { messages })
    expect(body).toMatchObject({ failed: 0 })
  }
  await place.stop()
  const body = { conversation_id: id, strategy: 'balanced' }
  const ids = new Set<unknown>()
  const armed = await place.start('mid_step:2')
  ids.add((await ask<Json>(armed, 'POST', '/v1/conversations/compact', body)).body.compaction_id)
  for (const point of ['after_step:2', 'mid_step:1', 'mid_compact']) {
    expect(await place.end()).toBe('SIGKILL')
    await place.start(point)
  }
  expect(await place.end()).toBe('SIGKILL')
  const last = await place.start()
  const [runId] = ids
  const status = () => ask<Json>(last, 'GET', `/v1/conversations/${id}/compaction/status`)
  expect((await status()).body.compaction_id).toBe(runId)
  expect(await finished(last, String(runId))).toMatchObject({
    state: 'completed',
    result: { messages: 3_000 },
  })
  expect((await status()).body).toMatchObject({ status: 'completed', latest_version: 1 })
  const read = async () => (await ask<Json>(last, 'GET', `/v1/conversations/${id}/compacted`)).body
  const killed = await read()
  const { body: anew } = await ask<Json>(last, 'POST', '/v1/conversations/compact', { ...body, force: true })
  await finished(last, String(anew.compaction_id))
  expect(await read()).toMatchObject({ version: 2, formatted_context: killed.formatted_context })
  await place.stop()
}, 240_000)

test('what was acknowledged as recorded is there once, however often the server dies', async () => {
  await using place = openPlace()
  let url = await place.start()
  const id = randomUUID()
  const told: string[] = []
  const record = async (content: string): Promise<void> => {
    const call = `syn__${1_700_000_000_000 + told.length}_${randomBytes(3).toString('hex')}`
    // As the library does: the same call again when the connection breaks.
    for (;;) {
      const response = await fetch(`${url}/v1/conversations/messages`, {
        method: 'POST',
        headers: {
          ...{ authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
          'x-correlation-id': call,
        },
        body: JSON.stringify({ conversation_id: id, role: 'user', content, user_id: 'mara' }),
      }).catch(() => null)
      if (response?.status === 200) return void told.push(content)
      await place.end()
      url = await place.start()
    }
  }
  for (let n = 0; n < 40; n++) {
    if (n % 10 === 7) place.kill()
    await record(`Line ${n}.`)
  }
  const { recent_messages, total_message_count } = await prompt(url, id)
  expect(total_message_count).toBe(40)
  expect(recent_messages.map(({ content }) => content)).toEqual(told)
  await place.stop()
}, 120_000)
