/** Projects and API keys. */
import { describe, expect, test } from 'vitest'
import { startAt, topics } from '../../testing/storage-factories.ts'
import { type EngineUnderTest, useScene } from '../../testing/storage-scene.ts'
import type { NewKey } from '../administration.ts'
import type { ProjectStorage } from '../storage.ts'

export const describeAccountsConformance = (engine: EngineUnderTest) =>
  describe(`${engine.name}: accounts`, () => {
    const scene = useScene(engine)

    const newKey = (over: Partial<NewKey> = {}): NewKey => ({
      keyId: scene.nextId(),
      projectId: scene.project.projectId,
      name: 'a key',
      prefix: 'rem_abc',
      scopes: ['read', 'write'],
      createdAt: startAt,
      expiresAt: null,
      hash: 'hash-1',
      ...over,
    })

    test('projects are listed in order of creation, and a name is given once', async () => {
      const project = { projectId: scene.nextId(), name: 'second', createdAt: startAt + 1 }
      expect(await scene.storage.createProject(project)).toBe(true)
      expect((await scene.storage.listProjects()).map(({ projectId }) => projectId)).toEqual([
        scene.project.projectId,
        project.projectId,
      ])
      const group = { groupId: scene.nextId(), name: 'default', topics }
      const projectId = scene.nextId()
      expect(await scene.storage.createProject({ ...project, projectId, group })).toBe(false)
      expect(await scene.storage.listProjects()).toHaveLength(2)
      expect(await scene.storage.project(projectId).listGroups()).toEqual([])
    })

    test('a project is made with its group and key, or without', async () => {
      const projectId = scene.nextId()
      const group = { groupId: scene.nextId(), name: 'default', topics }
      const key = newKey({ projectId })
      const project = { projectId, name: 'tenant', createdAt: startAt }
      expect(await scene.storage.createProject({ ...project, group, key })).toBe(true)
      expect(await scene.storage.getProject(projectId)).toEqual(project)
      expect(await scene.storage.getProject(scene.nextId())).toBeNull()
      expect(await scene.storage.project(projectId).listGroups()).toMatchObject([group])
      expect(await scene.storage.findKey(key.hash)).toMatchObject({ projectId })
    })

    test('projects are paged, oldest first', async () => {
      for (const name of ['b', 'a'])
        await scene.storage.createProject({ projectId: scene.nextId(), name, createdAt: startAt + 1 })
      const all = await scene.storage.listProjects()
      const first = await scene.storage.pageProjects({ limit: 2, cursor: null })
      const second = await scene.storage.pageProjects({ limit: 2, cursor: first.nextCursor })
      expect([...first.items, ...second.items]).toEqual(all)
      expect(second).toMatchObject({ items: [{ name: 'a' }], nextCursor: null })
    })

    test('a project is renamed to what no other is called', async () => {
      const { projectId } = scene.project
      await scene.storage.createProject({ projectId: scene.nextId(), name: 'taken', createdAt: startAt })
      const rename = (name: string, id = projectId) => scene.storage.renameProject({ projectId: id, name })
      expect(await rename('taken')).toBe('name_taken')
      expect(await rename('mine', scene.nextId())).toBe('unknown')
      expect(await rename('mine')).toBe('renamed')
      expect(await rename('mine')).toBe('renamed')
      expect(await scene.storage.getProject(projectId)).toMatchObject({ name: 'mine' })
    })

    test('a project tells how it stands, and says when it stopped counting', async () => {
      await scene.remember(['Bees.', 'Hives.'])
      await scene.remember(['News.'], { scope: scene.scope({ topic: 'news', user: null }) })
      await scene.add({ user: 'ben' })
      const other = await scene.createProject()
      await scene.add({ in: other })
      const status = (countMax: number) => scene.project.status({ countMax })
      expect(await status(100)).toEqual({
        project: await scene.storage.getProject(scene.project.projectId),
        state: 'active',
        depth: 1,
        limits: await scene.project.getLimits(),
        counts: { groups: 1, users: 2, memories: 3 },
        isExact: true,
      })
      expect(await status(2)).toMatchObject({ counts: { users: 2 }, isExact: false })
    })

    test('a key is found by its hash, as it was stored', async () => {
      const { hash, ...key } = newKey({ expiresAt: startAt + 1 })
      expect(await scene.project.createKey({ ...key, hash })).toBe(true)
      const stored = { ...key, replacedBy: null, lastUsedAt: null, revokedAt: null }
      expect(await scene.storage.findKey(hash)).toEqual(stored)
      expect(await scene.storage.findKey('another hash')).toBeNull()
      expect(await scene.project.listKeys()).toEqual([stored])
    })

    test('the same secret is not stored twice, in no project and not after it was revoked', async () => {
      const key = newKey()
      await scene.project.createKey(key)
      expect(await scene.project.createKey(newKey())).toBe(false)
      const other = await scene.createProject()
      expect(await other.createKey(newKey({ projectId: other.projectId }))).toBe(false)
      await scene.project.revokeKey({ keyId: key.keyId, now: startAt })
      expect(await scene.project.createKey(newKey())).toBe(false)
      expect(await scene.project.listKeys()).toHaveLength(1)
      expect(await other.listKeys()).toEqual([])
    })

    test('a revoked key is not found any more, stays listed, and is revoked once', async () => {
      const key = newKey()
      await scene.project.createKey(key)
      expect(await scene.project.revokeKey({ keyId: key.keyId, now: startAt + 5 })).toBe(true)
      expect(await scene.storage.findKey(key.hash)).toBeNull()
      expect(await scene.project.revokeKey({ keyId: key.keyId, now: startAt + 9 })).toBe(false)
      expect(await scene.project.listKeys()).toMatchObject([{ revokedAt: startAt + 5 }])
    })

    test('a key is renamed and given another expiry, each alone or both, until it is revoked', async () => {
      const { keyId } = newKey()
      const change = (params: { name?: string; expiresAt?: number }) =>
        scene.project.changeKey({ keyId, name: null, expiresAt: null, ...params })
      expect(await change({ name: 'x' })).toBeNull()
      await scene.project.createKey(newKey({ keyId }))
      expect(await change({ name: 'new' })).toMatchObject({ name: 'new', expiresAt: null })
      expect(await change({ expiresAt: startAt + 5 })).toMatchObject({ name: 'new', expiresAt: startAt + 5 })
      expect(await scene.project.listKeys()).toMatchObject([{ name: 'new', expiresAt: startAt + 5 }])
      await scene.project.revokeKey({ keyId, now: startAt })
      expect(await change({ name: 'newer' })).toBeNull()
    })

    test('a rotated key expires after its grace, and not later than it would have', async () => {
      const rotate = (keyId: string, expiresAt: number, hash: string) =>
        scene.project.rotateKey({ keyId, successor: newKey({ hash }), expiresAt, now: startAt + 1 })
      const [endless, short] = [newKey(), newKey({ hash: 'hash-2', expiresAt: startAt + 20 })]
      for (const key of [endless, short]) await scene.project.createKey(key)
      expect(await rotate(endless.keyId, startAt + 30, 'hash-3')).toBe(true)
      expect(await rotate(short.keyId, startAt + 30, 'hash-4')).toBe(true)
      const successor = await scene.storage.findKey('hash-3')
      expect(successor).toMatchObject({ expiresAt: null, replacedBy: null })
      expect(await scene.storage.findKey('hash-1')).toMatchObject({
        expiresAt: startAt + 30,
        replacedBy: successor?.keyId,
      })
      expect(await scene.storage.findKey('hash-2')).toMatchObject({ expiresAt: startAt + 20 })
    })

    test('what is unknown, another project’s, revoked or expired is not rotated, and makes no key', async () => {
      const [revoked, expired, good] = ['a', 'b', 'c'].map((hash) => newKey({ hash })) as [
        NewKey,
        NewKey,
        NewKey,
      ] // safety: three in, three out
      for (const key of [revoked, { ...expired, expiresAt: startAt + 1 }, good])
        await scene.project.createKey(key)
      await scene.project.revokeKey({ keyId: revoked.keyId, now: startAt })
      const other = await scene.createProject()
      const rotate = (project: ProjectStorage, keyId: string) =>
        project.rotateKey({ keyId, successor: newKey(), expiresAt: startAt + 9, now: startAt + 1 })
      for (const keyId of [revoked.keyId, expired.keyId, scene.nextId()])
        expect(await rotate(scene.project, keyId)).toBe(false)
      expect(await rotate(other, good.keyId)).toBe(false)
      expect(await other.changeKey({ keyId: good.keyId, name: 'mine', expiresAt: null })).toBeNull()
      expect(await scene.storage.findKey('hash-1')).toBeNull()
      expect(await scene.storage.findKey('c')).toMatchObject({ name: 'a key', expiresAt: null })
    })

    test('nobody revokes a key of another project', async () => {
      const key = newKey()
      await scene.project.createKey(key)
      const other = await scene.createProject()
      expect(await other.revokeKey({ keyId: key.keyId, now: startAt })).toBe(false)
      expect(await scene.storage.findKey(key.hash)).not.toBeNull()
    })

    test('the last use of a key is noted', async () => {
      const key = newKey()
      await scene.project.createKey(key)
      await scene.storage.touchKey({ projectId: key.projectId, keyId: key.keyId, now: startAt + 7 })
      expect(await scene.project.listKeys()).toMatchObject([{ lastUsedAt: startAt + 7 }])
    })

    test('what was acknowledged is there after a restart', async () => {
      await scene.project.createKey(newKey())
      const run = await scene.add()
      await scene.reopen()
      expect(await scene.storage.findKey('hash-1')).not.toBeNull()
      expect((await scene.project.getRun(run.runId))?.run).toEqual(run)
      await scene.storage.check()
    })
  })
