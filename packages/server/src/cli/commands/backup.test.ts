/** Backup and restore as a person does them: on a running server, by its address or beside it, and on a stopped one. */
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import { startPeer } from '../../../../sdk/src/testing/peer.ts'
import { startTestApp } from '../../testing/test-app.ts'
import { useCommandLine } from '../testing/command-line.ts'

const { run, folder } = useCommandLine()

const said = 'Mara keeps bees.'
const startServer = async (dataDir = join(folder(), '.remanence')) => startTestApp({ dataDir })

/** A stopped store with one memory. */
const makeStore = async (): Promise<string> => {
  await using app = await startServer()
  await app.finished(await app.add(said))
  return app.dataDir
}

const contentsOf = async (dataDir: string): Promise<readonly string[]> => {
  await using app = await startServer(dataDir)
  return (await app.list()).map(({ content }) => content)
}

test.each(['beside it', 'by its address'])('a running server is backed up %s, and restored', async (way) => {
  {
    await using app = await startServer()
    await app.finished(await app.add(said))
    const server = { REMANENCE_URL: app.url, REMANENCE_API_KEY: app.key }
    const made = await run(['backup', 'copy.db'], { env: way === 'beside it' ? {} : server })
    expect(made).toMatchObject({ exitCode: 0, err: '' })
    expect(made.out).toMatch(/copy\.db: [\d.]+ KiB, checked\n$/)
    await app.finished(await app.add('Mara sings.'))
  }
  expect(readdirSync(folder()).sort()).toEqual(['.remanence', 'copy.db'])
  expect(statSync(join(folder(), 'copy.db')).mode & 0o777).toBe(0o600)
  const restored = await run(['restore', 'copy.db', '--data-dir', 'new'])
  expect(restored).toMatchObject({ exitCode: 0, err: '' })
  expect(await contentsOf(join(folder(), 'new'))).toEqual([said])
  expect((await run(['doctor', '--data-dir', 'new'])).exitCode).toBe(0)
})

test('a stopped store is backed up, with progress on a terminal and as JSON', async () => {
  await makeStore()
  expect((await run(['backup', 'one.db'], { isTerminal: true })).err).toMatch(
    /\[#+\] 100 % {2}checking the copy/,
  )
  const { exitCode, out } = await run(['backup', 'two.db', '--json'])
  expect(exitCode).toBe(0)
  const file = join(folder(), 'two.db')
  expect(JSON.parse(out)).toEqual({ file, sizeBytes: statSync(file).size })
})

test('backup overwrites nothing, and leaves nothing behind when it fails', async () => {
  const dataDir = await makeStore()
  writeFileSync(join(folder(), 'mine.db'), 'mine')
  const refused = await run(['backup', 'mine.db'])
  expect([refused.exitCode, refused.err]).toEqual([1, expect.stringContaining('mine.db is there already')])
  expect(readFileSync(join(folder(), 'mine.db'), 'utf8')).toBe('mine')
  writeFileSync(join(dataDir, 'remanence.db'), 'no database at all. '.repeat(500))
  expect((await run(['backup', 'copy.db'])).exitCode).toBe(1)
  expect(readdirSync(folder()).sort()).toEqual(['.remanence', 'mine.db'])
  expect((await run(['backup', 'copy.db', '--data-dir', 'nowhere'])).exitCode).toBe(1)
})

test('a backup that arrives short or is no database gets no name', async () => {
  await using peer = await startPeer(() => ({
    body: 'half of it',
    headers: { 'content-length': '5000', 'content-type': 'application/vnd.sqlite3' },
  }))
  setTimeout(() => void peer[Symbol.asyncDispose](), 200)
  expect((await run(['backup', 'copy.db'], { peer })).exitCode).toBe(1)
  await using other = await startPeer(() => ({ body: 'no database', headers: { 'content-length': '11' } }))
  const { exitCode, err } = await run(['backup', 'copy.db'], { peer: other })
  expect([exitCode, err]).toEqual([1, expect.stringContaining('is no database of Remanence')])
  expect(readdirSync(folder())).toEqual([])
})

test('restore touches no directory that holds something, and no backup that is damaged or not one', async () => {
  const dataDir = await makeStore()
  await run(['backup', 'copy.db'])
  const copy = join(folder(), 'copy.db')
  const fails = async (args: readonly string[], sentence: string) => {
    const { exitCode, err } = await run(['restore', ...args])
    expect([exitCode, err]).toEqual([1, expect.stringContaining(sentence)])
  }
  await fails(['copy.db'], `${dataDir} is not empty: it holds remanence.db`)
  await fails(['none.db', '--data-dir', 'new'], 'There is no database')
  writeFileSync(join(folder(), 'text.db'), 'no database at all. '.repeat(500))
  await fails(['text.db', '--data-dir', 'new'], 'is no database of Remanence')
  writeFileSync(`${copy}-wal`, 'the newest part')
  await fails(['copy.db', '--data-dir', 'new'], 'is a database in use, not a backup')
  writeFileSync(`${copy}-wal`, '')
  const newer = new DatabaseSync(copy)
  newer.exec("INSERT INTO migrations VALUES (999, '999_later', 'Update it.', 0)")
  newer.close()
  await fails(['copy.db', '--data-dir', 'new'], 'written by a newer Remanence')
  truncateSync(copy, statSync(copy).size - 8_192)
  await fails(['copy.db', '--data-dir', 'new'], 'is damaged')
  expect(existsSync(join(folder(), 'new'))).toBe(false)
  expect(await contentsOf(dataDir)).toEqual([said])
})

test('restore goes on where an earlier one was killed, beside a key that was put there', async () => {
  await makeStore()
  await run(['backup', 'copy.db'])
  const dataDir = join(folder(), 'new')
  mkdirSync(dataDir)
  writeFileSync(join(dataDir, 'remanence.db.partial'), 'half of it')
  writeFileSync(join(dataDir, 'key'), 'rem_mine\n')
  expect((await run(['restore', 'copy.db', '--data-dir', 'new'])).exitCode).toBe(0)
  expect(existsSync(join(dataDir, 'remanence.db.partial'))).toBe(false)
  expect(await contentsOf(dataDir)).toEqual([said])
})
