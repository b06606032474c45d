/** The first start, and the starts after it. */
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { systemClock } from '../kernel/clock.ts'
import { createRandomIds } from '../kernel/ids.ts'
import { openSqliteStorage } from '../storage/sqlite/sqlite-storage.ts'
import { temporaryFolder } from '../testing/temporary-folder.ts'
import { ensureDefaultProject, keyFileName } from './default-project.ts'
import { hashSecret } from './keys.ts'
import type { TemplateName } from './templates.ts'

type Given = { readonly apiKey?: string; readonly template?: TemplateName }

/** Starts on the folder, once for each of the given configurations. */
const start = async (dataDir: string, { apiKey, template = 'personalization' }: Given = {}) => {
  await using storage = openSqliteStorage({ dataDir })
  const firstKey = await ensureDefaultProject(
    { storage, clock: systemClock, ids: createRandomIds() },
    { dataDir, apiKey: apiKey ?? null, template },
  )
  const projects = await storage.listProjects()
  const project = storage.project(projects[0]?.projectId ?? '')
  const group = await project.getGroup('default')
  const keys = await project.listKeys()
  const opens = async (secret: string) => (await storage.findKey(hashSecret(secret))) !== null
  return {
    firstKey,
    projects: projects.map(({ name }) => name),
    topics: group?.topics.map(({ name }) => name),
    keyCount: keys.length,
    scopes: keys.map(({ scopes }) => scopes),
    opensWith: apiKey === undefined ? firstKey !== null && (await opens(firstKey)) : await opens(apiKey),
    expireAll: async () => {
      await using again = openSqliteStorage({ dataDir })
      const scoped = again.project(projects[0]?.projectId ?? '')
      for (const { keyId } of keys) await scoped.changeKey({ keyId, name: null, expiresAt: 1 })
    },
    revokeAll: async () => {
      await using again = openSqliteStorage({ dataDir })
      const scoped = again.project(projects[0]?.projectId ?? '')
      for (const { keyId } of keys) await scoped.revokeKey({ keyId, now: 0 })
    },
  }
}

const keyFile = (dataDir: string) => join(dataDir, keyFileName)

test('the first start makes project, group and a key, kept in a file for its owner alone', async () => {
  using folder = temporaryFolder()
  const first = await start(folder.path)
  expect(first).toMatchObject({
    projects: ['default'],
    topics: ['UserKnowledge'],
    keyCount: 1,
    opensWith: true,
  })
  expect(readFileSync(keyFile(folder.path), 'utf8')).toBe(`${first.firstKey}\n`)
  expect(statSync(keyFile(folder.path)).mode & 0o777).toBe(0o600)
})

test('the next start makes nothing', async () => {
  using folder = temporaryFolder()
  await start(folder.path)
  expect(await start(folder.path)).toMatchObject({ firstKey: null, projects: ['default'], keyCount: 1 })
})

test('a template is for the first start only', async () => {
  using folder = temporaryFolder()
  const template = 'personalization-with-summary'
  expect((await start(folder.path, { template })).topics).toEqual(['UserKnowledge', 'ConversationSummary'])
  expect((await start(folder.path)).topics).toEqual(['UserKnowledge', 'ConversationSummary'])
})

test('a given key is the key, start after start, and its file', async () => {
  using folder = temporaryFolder()
  for (const _start of [1, 2])
    expect(await start(folder.path, { apiKey: 'chosen' })).toMatchObject({
      firstKey: null,
      keyCount: 1,
      opensWith: true,
    })
  expect(readFileSync(keyFile(folder.path), 'utf8')).toBe('chosen\n')
})

test('a start that finds every key revoked makes a new one', async () => {
  using folder = temporaryFolder()
  const first = await start(folder.path)
  await first.revokeAll()
  const second = await start(folder.path)
  expect(second).toMatchObject({ keyCount: 2, opensWith: true })
  expect(second.firstKey).not.toBe(first.firstKey)
})

test('a start that finds every key expired makes a new one; a given key that has expired is refused in words', async () => {
  using folder = temporaryFolder()
  const first = await start(folder.path, { apiKey: 'chosen' })
  await first.expireAll()
  await expect(start(folder.path, { apiKey: 'chosen' })).rejects.toThrow('has expired')
  expect(await start(folder.path)).toMatchObject({ keyCount: 2, opensWith: true })
})

test('the keys that the server makes may do everything', async () => {
  using folder = temporaryFolder()
  expect((await start(folder.path)).scopes).toEqual([['read', 'write', 'admin', 'operator']])
})

test('a given key that was revoked is refused in words', async () => {
  using folder = temporaryFolder()
  await (await start(folder.path, { apiKey: 'chosen' })).revokeAll()
  await expect(start(folder.path, { apiKey: 'chosen' })).rejects.toThrow('was revoked')
})
