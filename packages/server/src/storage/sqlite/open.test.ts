/** Opening: who owns the directory, and what is not a database of ours. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { temporaryFolder } from '../../testing/temporary-folder.ts'
import { openSqliteStorage } from './sqlite-storage.ts'

let folder: ReturnType<typeof temporaryFolder>
let children: ChildProcess[] = []
beforeEach(() => {
  folder = temporaryFolder()
})
afterEach(async () => {
  for (const child of children) await kill(child)
  children = []
  folder[Symbol.dispose]()
})

const kill = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill('SIGKILL')
  await once(child, 'exit')
}

/** Another process that owns the directory until it is killed. */
const ownElsewhere = async (): Promise<ChildProcess> => {
  const lockFile = JSON.stringify(join(import.meta.dirname, 'data-dir-lock.ts'))
  const program = `import(${lockFile}).then((lock) => { lock.lockDataDir(process.argv[1]); console.log('owned'); setInterval(() => {}, 60_000) })`
  const child = spawn(process.execPath, ['-e', program, folder.path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  children.push(child)
  await once(child.stdout, 'data')
  return child
}

const open = () => openSqliteStorage({ dataDir: folder.path })

test('a directory of another process is refused with a sentence that names it, and is free the moment it dies', async () => {
  const owner = await ownElsewhere()
  expect(open).toThrow(`is in use by the process ${owner.pid}. One process owns a data directory`)
  await kill(owner)
  await using storage = open()
  await storage.check()
  expect(readFileSync(join(folder.path, 'owner.pid'), 'utf8')).toBe(`${process.pid}\n`)
})

test('the same process cannot own it twice either, and a closed store gives it back', async () => {
  {
    await using storage = open()
    await storage.check()
    expect(open).toThrow(`in use by the process ${process.pid}`)
  }
  expect(existsSync(join(folder.path, 'owner.pid'))).toBe(false)
  await using again = open()
  await again.check()
})

test('a lock file that is none is said to be so, not to be held by somebody', () => {
  const lockFile = join(folder.path, 'owner.lock')
  writeFileSync(lockFile, 'this is no lock file of ours. '.repeat(40))
  expect(open).toThrow(`The file ${lockFile} cannot be locked.`)
})

test('a file that is no database is refused by name, and can be replaced without a restart', async () => {
  const file = join(folder.path, 'remanence.db')
  writeFileSync(file, 'this is not a database, whatever its name says. '.repeat(40))
  expect(open).toThrow(`The file ${file} cannot be used as the database: file is not a database.`)
  writeFileSync(file, '')
  await using storage = open()
  await storage.check()
})

test('the database of another program is refused and left alone', () => {
  const foreign = new DatabaseSync(join(folder.path, 'remanence.db'))
  foreign.exec("CREATE TABLE notes (text TEXT); INSERT INTO notes VALUES ('mine')")
  expect(open).toThrow(/not one of Remanence/)
  expect(foreign.prepare('SELECT name FROM sqlite_schema').all()).toEqual([{ name: 'notes' }])
  foreign.close()
})

test('a closed store answers no more', async () => {
  const storage = open()
  await storage[Symbol.asyncDispose]()
  await expect(storage.check()).rejects.toThrow()
  await expect(storage.listProjects()).rejects.toThrow()
})
