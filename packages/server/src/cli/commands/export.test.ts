/** Export and import as a person does them. */
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { startPeer } from '../../../../sdk/src/testing/peer.ts'
import { startTestApp, type TestApp } from '../../testing/test-app.ts'
import { useCommandLine } from '../testing/command-line.ts'

const { run, folder } = useCommandLine()
const envOf = (app: TestApp) => ({ REMANENCE_URL: app.url, REMANENCE_API_KEY: app.key })
const read = (name: string) => readFileSync(join(folder(), name), 'utf8')

test('a project goes from one server to another by a file, and comes out the same', async () => {
  await using from = await startTestApp()
  await using to = await startTestApp()
  await from.finished(await from.add(Array.from({ length: 300 }, (_, n) => `Mara counted ${n} bees.`)))
  for (let n = 0; n < 5; n++) await from.finished(await from.add(`Mara wrote letter ${n}.`))
  const made = await run(['export', 'one.jsonl'], { env: envOf(from) })
  expect(made).toMatchObject({
    exitCode: 0,
    err: '',
    out: expect.stringMatching(/one\.jsonl: 313 records\n$/),
  })
  expect(statSync(join(folder(), 'one.jsonl')).mode & 0o777).toBe(0o600)
  expect(await run(['import', 'one.jsonl'], { env: envOf(to) })).toEqual({
    exitCode: 0,
    out: '313 records taken in, 0 were there already\n',
    err: '',
  })
  const again = await run(['import', 'one.jsonl', '--json'], { env: envOf(to) })
  expect(JSON.parse(again.out)).toEqual({ read: 313, created: 0, unchanged: 313, conflicts: 0, told: [] })
  await run(['export', 'two.jsonl'], { env: envOf(to) })
  expect(read('two.jsonl')).toBe(read('one.jsonl'))
  const shown = await run(['import', 'one.jsonl'], { env: envOf(to), isTerminal: true })
  expect(shown.err).toMatch(/\[#+\] 100 % {2}313 records/)
})

test('export overwrites nothing, and what is in the way of an import is told', async () => {
  await using app = await startTestApp()
  await app.finished(await app.add('Mara keeps bees.'))
  writeFileSync(join(folder(), 'mine.jsonl'), 'mine')
  expect((await run(['export', 'mine.jsonl'], { env: envOf(app) })).exitCode).toBe(1)
  expect(read('mine.jsonl')).toBe('mine')
  await run(['export', 'one.jsonl'], { env: envOf(app) })
  writeFileSync(
    join(folder(), 'two.jsonl'),
    read('one.jsonl').replace('"outcome":"committed"', '"outcome":"unchanged"'),
  )
  const { exitCode, out, err } = await run(['import', 'two.jsonl'], { env: envOf(app) })
  expect([exitCode, out]).toEqual([1, expect.stringContaining('0 records taken in')])
  expect(err).toMatch(
    / {2}run:[0-9a-f-]+: a run of this id is there, and is another\n.*1 records were not taken in/s,
  )
})

test('files that are no export are refused', async () => {
  await using app = await startTestApp()
  for (const [text, sentence] of [
    ['', 'is empty'],
    ['no export\n', 'is not valid JSON'],
    ['{"type":"user"}\n', 'The first line must be'],
  ] as const) {
    writeFileSync(join(folder(), 'x.jsonl'), text)
    const { exitCode, err } = await run(['import', 'x.jsonl'], { env: envOf(app) })
    expect([exitCode, err]).toEqual([1, expect.stringContaining(sentence)])
  }
  expect((await run(['import', 'none.jsonl'], { env: envOf(app) })).err).toContain('there is no file')
})

test('a line that is wrong is named, with its place in the file', async () => {
  await using app = await startTestApp()
  const of = { user_id: null, customer: null, conversation_id: '00000000-0000-4000-8000-0000000000c1' }
  const conversation = {
    ...{ type: 'conversation', cursor: 'c', ...of, external_id: null, kind: null, started_at: null },
    ...{ ended_at: null, metadata: null, analysis: null, created_at: 1, active_at: 1 },
  }
  const lines = [
    { type: 'header', format: 'remanence', version: 2 },
    ...Array.from({ length: 2_003 }, () => conversation),
    { ...conversation, analysis: 'calm' },
  ]
  writeFileSync(join(folder(), 'x.jsonl'), lines.map((line) => `${JSON.stringify(line)}\n`).join(''))
  const { exitCode, err } = await run(['import', 'x.jsonl'], { env: envOf(app) })
  expect(exitCode).toBe(1)
  expect(err).toMatch(
    /The lines before line 2002 of .*x\.jsonl are taken in.*Line 5: .*analysis must be object,null/s,
  )
  expect((await app.request('GET', '/v1/conversations')).body).toMatchObject({ conversations: [{}] })
})

test('an export that cannot be had leaves no file', async () => {
  await using peer = await startPeer(() => ({ status: 403, body: { code: 'forbidden', detail: 'No.' } }))
  expect((await run(['export', 'one.jsonl'], { peer })).exitCode).toBe(1)
  expect(existsSync(join(folder(), 'one.jsonl'))).toBe(false)
})
