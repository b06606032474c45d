/** Files on the command line, against the real server. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { startTestApp } from '../../testing/test-app.ts'
import { useCommandLine } from '../testing/command-line.ts'

const app = await startTestApp({ limits: { fileBytesMax: 2_000 } })
afterAll(app.stop)

const { run, folder } = useCommandLine()
const env = { REMANENCE_URL: app.url, REMANENCE_API_KEY: app.key }
const add = (...args: string[]) => run(['add', ...args], { env })
const write = (name: string, content: string | Buffer) => writeFileSync(join(folder(), name), content)
const runCount = async () =>
  (await app.request<{ runs: object[] }>('GET', '/v1/runs?limit=100')).body.runs.length

test('files are read by what they are, one run each', async () => {
  write('people.csv', 'name,city\nOlga Petrova,Graz\n')
  write('notes.md', '# Bees\n\nMara keeps four hives.\n')
  const { exitCode, out } = await add(
    ...[
      'Mara sails.',
      '--file',
      'people.csv',
      '--file',
      'notes.md',
      '--user',
      'mara',
      '--tag',
      'disk',
      '--wait',
    ],
  )
  expect([exitCode, out.match(/^completed/gm)?.length]).toEqual([0, 3])
  expect(out).toContain('+ name: Olga Petrova; city: Graz')
  const { body } = await app.request<{ runs: { input_type: string; tags: string[] }[] }>(
    'GET',
    '/v1/runs?tag=disk',
  )
  expect(body.runs.map(({ input_type }) => input_type)).toEqual(['document', 'document', 'string'])
})

test('an object in JSON that is no input of the API is a file like others', async () => {
  write('club.json', '{"club": "Bees of Graz"}')
  write('broken.json', '{"messages": [')
  const { out } = await add('--file', 'club.json', '--file', 'broken.json', '--user', 'club', '--wait')
  expect(out).toContain('+ club: Bees of Graz')
  const { body } = await app.request<{ runs: { input_type: string }[] }>('GET', '/v1/runs?user_id=club')
  expect(body.runs.map(({ input_type }) => input_type)).toEqual(['document', 'document'])
})

test.each([
  ['is not there', 'missing.txt', 'there is no such file'],
  ['is below a file', 'good.txt/x', 'there is no such file'],
  ['is a folder', 'folder', 'it is a folder'],
])('a file that %s is told before anything is sent', async (_what, name, reason) => {
  write('good.txt', 'Mara keeps bees.')
  mkdirSync(join(folder(), 'folder'))
  const before = await runCount()
  const { exitCode, out, err } = await add('Text.', '--file', 'good.txt', '--file', name, '--user', 'mara')
  expect([exitCode, out, err]).toEqual([
    2,
    '',
    `remanence: ${join(folder(), name)} cannot be read: ${reason}\n`,
  ])
  expect(await runCount()).toBe(before)
})

test.skipIf(process.getuid?.() === 0)(
  'a file that may not be read is told so (root may read all)',
  async () => {
    writeFileSync(join(folder(), 'secret.txt'), 'x', { mode: 0 })
    expect(await add('--file', 'secret.txt', '--user', 'mara')).toMatchObject({
      ...{ exitCode: 2, err: expect.stringContaining('it may not be read by you') },
    })
  },
)

test('what the server refuses of a file is told', async () => {
  write('large.txt', 'x'.repeat(2_001))
  expect(await add('--file', 'large.txt', '--user', 'mara')).toEqual({
    ...{ exitCode: 1, out: '', err: 'remanence: The file has more than 2000 bytes. (body_too_large)\n' },
  })
  write('empty.txt', '')
  expect((await add('--file', 'empty.txt', '--user', 'mara')).err).toContain(
    'The file is empty. (empty_content)',
  )
  write('picture.png', Buffer.from('89504e470d0a1a0a0000', 'hex'))
  const picture = await add('--file', 'picture.png', '--user', 'mara', '--wait')
  expect([picture.exitCode, picture.err]).toEqual([1, expect.stringContaining('it seems to be a PNG image')])
})

test('nothing to add is a misuse', async () => {
  expect(await run(['add', '-'], { env, input: ' \n' })).toMatchObject({
    ...{ exitCode: 2, err: expect.stringContaining('nothing to add') },
  })
})
