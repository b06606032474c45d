/** Killed in the middle of an erasure, an import or a backup, the server goes on with it at its next start, and ends it. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { startTestApp } from '../test-app.ts'
import { apiKey, ask, finished, openPlace, type Run } from './place.ts'

const add = async (url: string | null, user_id: string, content: readonly string[]) => {
  const { body } = await ask<Run>(url, 'POST', '/v1/memories', { input: { string: { content } }, user_id })
  return finished(url, body.run_id)
}

test('an erasure that is killed after each of its pieces ends, and leaves nothing', async () => {
  await using place = openPlace()
  const url = await place.start('mid_erase:1')
  await add(url, 'jon', ['Jon keeps a badger.'])
  for (let round = 0; round < 2; round++)
    await add(
      url,
      'mara',
      Array.from({ length: 150 }, (_, n) => `Mara rode quokka ${round} ${n} to Zanzibar.`),
    )
  const { body } = await ask<Run>(url, 'DELETE', '/v1/users/mara')
  let kills = 0
  for (; (await place.end()) === 'SIGKILL' && kills < 8; kills++) await place.start('mid_erase:1')
  expect(kills).toBe(8)
  await place.end()
  const last = await place.start()
  expect(await finished(last, body.run_id)).toMatchObject({
    state: 'completed',
    result: { left: 0, scrubbed: true, erased: { memories: 300, runs: 2, users: 1 } },
  })
  await place.stop()
  const files = readdirSync(place.dataDir).map((name) => readFileSync(join(place.dataDir, name), 'latin1'))
  expect(files.filter((text) => /quokka|zanzibar/i.test(text))).toEqual([])
  expect(files.some((text) => text.includes('badger'))).toBe(true)
}, 300_000)

test('an import that is killed after each of its pieces ends, and takes everything in once', async () => {
  await using from = await startTestApp()
  for (let round = 0; round < 2; round++)
    await from.finished(
      await from.add(Array.from({ length: 130 }, (_, n) => `Mara counted ${round} ${n} swallows.`)),
    )
  const messages = Array.from({ length: 150 }, (_, n) => ({
    ...{ conversation_id: 'talk', role: 'user', user_id: 'mara', content: `Mara counted ${n} storks.` },
  }))
  await from.request('POST', '/v1/conversations/messages/batch', { messages })
  const { body: compaction } = await from.request<{ compaction_id: string }>(
    ...(['POST', '/v1/conversations/compact', { conversation_id: 'talk' }] as const),
  )
  await from.finished(compaction.compaction_id)
  const { text } = await from.request('GET', '/v1/export')
  await using place = openPlace()
  const url = await place.start('mid_import:1')
  const { body } = await ask<Run>(url, 'POST', '/v1/import', text, 'application/x-ndjson')
  for (let kills = 0; kills < 4; kills++) {
    expect(await place.end()).toBe('SIGKILL')
    await place.start('mid_import:1')
  }
  expect(await place.end()).toBe('SIGKILL')
  const last = await place.start()
  expect(await finished(last, body.run_id)).toMatchObject({
    state: 'completed',
    result: { conflicts: 0, unchanged: 0 },
  })
  expect((await ask(last, 'GET', '/v1/export')).text).toBe(text)
  await place.stop()
}, 300_000)

test('a backup that is killed leaves nothing behind, and the next one is whole', async () => {
  await using place = openPlace()
  const url = await place.start('mid_backup')
  await add(url, 'mara', ['Mara keeps bees.'])
  await expect(ask(url, 'POST', '/v1/backup')).rejects.toThrow()
  expect(await place.end()).toBe('SIGKILL')
  const copies = () => readdirSync(place.dataDir).filter((name) => name.startsWith('copy-'))
  expect(copies()).toHaveLength(1)
  const next = await place.start()
  expect(copies()).toEqual([])
  const response = await fetch(`${next}/v1/backup`, {
    method: 'POST',
    headers: { authorization: `Bearer ${apiKey}` },
  })
  expect((await response.arrayBuffer()).byteLength).toBe(Number(response.headers.get('content-length')))
  await place.stop()
}, 300_000)
