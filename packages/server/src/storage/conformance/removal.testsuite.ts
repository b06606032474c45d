/** The end of a project: closed at once, removed bit by bit, and nothing of others with it. */
import { describe, expect, test } from 'vitest'
import { startAt } from '../../testing/storage-factories.ts'
import { type EngineUnderTest, useScene } from '../../testing/storage-scene.ts'

export const describeRemovalConformance = (engine: EngineUnderTest) =>
  describe(`${engine.name}: removal of a project`, () => {
    const scene = useScene(engine)
    const newKey = (projectId: string, hash: string) => ({
      keyId: scene.nextId(),
      projectId,
      name: 'a key',
      prefix: 'rem_',
      scopes: ['admin'] as const,
      createdAt: startAt,
      expiresAt: null,
      hash,
    })
    const removeAll = async (projectId: string, limit = 50) => {
      let rounds = 1
      while (!(await scene.storage.removeProject({ projectId, limit }))) rounds++
      return rounds
    }

    test('a closed project takes nothing, gives no work, and its keys open nothing', async () => {
      const { projectId } = scene.project
      await scene.project.createKey(newKey(projectId, 'its key'))
      await scene.add()
      expect(await scene.storage.closeProject({ projectId, now: startAt })).toBe(true)
      expect(await scene.storage.findKey('its key')).toBeNull()
      expect(await scene.accept()).toMatchObject({ kind: 'queue_full' })
      expect(await scene.claim(10)).toEqual([])
      expect(await scene.project.status({ countMax: 10 })).toMatchObject({ state: 'removing', depth: 1 })
      expect(await scene.storage.closeProject({ projectId: scene.nextId(), now: startAt })).toBe(false)
    })

    test('it goes bit by bit, also over a restart; another keeps everything, and the name is free', async () => {
      const { projectId } = scene.project
      await scene.remember(['Bees.', 'Hives.'])
      await scene.project.createKey(newKey(projectId, 'its key'))
      const other = await scene.createProject()
      await other.createKey(newKey(other.projectId, 'another key'))
      const kept = await scene.add({ in: other, user: 'ada' })
      expect(await scene.storage.nextRemoval()).toBeNull()
      await scene.storage.closeProject({ projectId, now: startAt })
      expect(await scene.storage.removeProject({ projectId, limit: 1 })).toBe(false)
      await scene.reopen()
      expect(await scene.storage.nextRemoval()).toBe(projectId)
      await removeAll(projectId)
      expect(await scene.storage.nextRemoval()).toBeNull()
      expect(await scene.storage.getProject(projectId)).toBeNull()
      const left = scene.storage.project(other.projectId)
      expect((await left.getRun(kept.runId))?.run).toEqual(kept)
      expect(await scene.storage.findKey('another key')).not.toBeNull()
      expect(await scene.storage.createProject({ projectId, name: projectId, createdAt: startAt })).toBe(true)
      expect(await scene.storage.project(projectId).status({ countMax: 10 })).toMatchObject({
        depth: 0,
        counts: { groups: 0, users: 0, memories: 0 },
      })
      expect((await scene.storage.examine()).filter(({ wrongCount }) => wrongCount > 0)).toEqual([])
    })

    test('whoever works on one of its runs finds the claim lost', async () => {
      const { projectId } = scene.project
      const claimed = await scene.begin()
      await scene.storage.closeProject({ projectId, now: startAt })
      await scene.storage.removeProject({ projectId, limit: 20 })
      expect(await scene.commit(claimed, [scene.creation('Bees.')])).toEqual({ kind: 'claim_lost' })
      await removeAll(projectId)
      expect(await scene.commit(claimed, [scene.creation('Bees.')])).toEqual({ kind: 'claim_lost' })
      expect(await scene.storage.queueStatus()).toMatchObject({ openCount: 0 })
      await scene.storage.countUsage([{ projectId, day: 1, searches: 1 }])
      expect(
        (await scene.storage.pageUsage({ fromDay: 0, toDay: 99_999, limit: 10, cursor: null })).items,
      ).toEqual([])
    })
  })
