/** Files in forms, against the real server. */
import { appendFileSync, openAsBlob, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { temporaryFolder } from '../../../server/src/testing/temporary-folder.ts'
import { startTestApp } from '../../../server/src/testing/test-app.ts'
import { InvalidRequestError, Remanence, RemanenceError } from '../index.ts'

const app = await startTestApp({ limits: { fileBytesMax: 1_500_000 } })
const folder = temporaryFolder()
afterAll(async () => {
  await app.stop()
  folder[Symbol.dispose]()
})

const clientOf = (fetch?: typeof globalThis.fetch) =>
  new Remanence({ baseUrl: app.url, apiKey: app.key, retryCountMax: 1, fetch })
const client = clientOf()
const people = 'name,city\nOlga Petrova,Graz\nIvan Horvat,Linz\n'
const contentsOf = async (userId: string, group?: string) =>
  (await client.memories.list({ userId, group })).items.map(({ content }) => content).join('\n')

test('a file is sent with all that may be said of an add', async () => {
  await client.groups.put('talks', { template: 'personalization-with-summary' })
  const { runId } = await client.memories.addFile(new File([people], 'people.csv'), {
    ...{ userId: 'olga', group: 'talks', properties: { conversation_id: 'c-1' } },
    ...{ tags: ['crm', 'import'], metadata: { sourceRow: { a_b: 7 } }, priority: 5, dryRun: false },
    ...{ timeout: 30.5, createdAt: new Date('2020-02-02'), documentType: 'contacts' },
  })
  expect(await client.runs.wait(runId)).toMatchObject({
    ...{ state: 'completed', inputType: 'document', userId: 'olga', priority: 5 },
    ...{ tags: ['crm', 'import'], metadata: { sourceRow: { a_b: 7 } } },
  })
  expect(await contentsOf('olga', 'talks')).toContain('Olga Petrova')
  const { items } = await client.memories.list({ userId: 'olga', group: 'talks' })
  expect(items[0]?.sources[0]?.saidAt).toBe('2020-02-02T00:00:00.000Z')
})

test('a file on the disk is sent under the name it is given, and waited for', async () => {
  const path = join(folder.path, 'people')
  writeFileSync(path, people)
  const options = { userId: 'disk', filename: 'people.csv', wait: 30 }
  const { run } = await client.memories.addFile(await openAsBlob(path), options)
  expect(run).toMatchObject({ state: 'completed', counts: { inputs: 1 } })
  expect(await contentsOf('disk')).toContain('name: Olga Petrova')
})

test('the type of a Blob tells its charset', async () => {
  const bytes = Buffer.from('name,city\nJürgen Groß,Köln\n', 'latin1')
  const file = new Blob([bytes], { type: 'text/csv;charset=windows-1252' })
  await client.memories.addFile(file, { userId: 'latin', wait: 30 })
  expect(await contentsOf('latin')).toContain('Jürgen Groß')
})

test('an answer that is lost is asked for again with the same file, and makes no second run', async () => {
  const bodies: string[] = []
  const lossy: typeof globalThis.fetch = async (input, init) => {
    // What is sent is read before, for a form is written anew each time.
    const form = await new Response(init?.body ?? null).formData()
    bodies.push(
      JSON.stringify(
        [...form].map(([name, value]) => [name, typeof value === 'string' ? value : value.size]),
      ),
    )
    const answer = await fetch(input, init)
    if (bodies.length > 1) return answer
    await answer.text()
    throw new TypeError('fetch failed')
  }
  const path = join(folder.path, 'lossy.csv')
  writeFileSync(path, people)
  const added = await clientOf(lossy).memories.addFile(await openAsBlob(path), {
    userId: 'lossy',
    tags: ['a'],
  })
  expect(added.replayed).toBe(true)
  expect(bodies).toHaveLength(2)
  expect(new Set(bodies).size).toBe(1)
  const runs = await client.runs.list({ userId: 'lossy' })
  expect(runs.items.map(({ runId }) => runId)).toEqual([added.runId])
})

test('what the server refuses is its problem, also of a file that is much too large', async () => {
  const large = client.memories.addFile(new Blob([new Uint8Array(40_000_000)]), { userId: 'mara' })
  await expect(large).rejects.toThrow(InvalidRequestError)
  await expect(large).rejects.toMatchObject({ status: 413, code: 'body_too_large' })
  const empty = client.memories.addFile(new Blob([]), { userId: 'mara' })
  await expect(empty).rejects.toMatchObject({ status: 400, code: 'empty_content' })
})

test('a file that is not there as it was opened is told so, and nothing is sent', async () => {
  const path = join(folder.path, 'changing.txt')
  writeFileSync(path, 'Mara keeps bees.')
  const file = await openAsBlob(path)
  appendFileSync(path, ' And goats.')
  const call = client.memories.addFile(file, { userId: 'changing' })
  await expect(call).rejects.toThrow(RemanenceError)
  await expect(call).rejects.toThrow('the file cannot be read')
  expect((await client.runs.list({ userId: 'changing' })).items).toEqual([])
})
