/** Users with what is counted of them, and usage per day. */
import { describe, expect, test } from 'vitest'
import { dayMs, dayOf } from '../../kernel/clock.ts'
import type { UsageDay } from '../../projects/usage.ts'
import { runCounts, runError, startAt } from '../../testing/storage-factories.ts'
import { type EngineUnderTest, useScene } from '../../testing/storage-scene.ts'

export const describeUsageConformance = (engine: EngineUnderTest) =>
  describe(`${engine.name}: users and usage`, () => {
    const scene = useScene(engine)
    const today = dayOf(startAt)
    const page = (params: { prefix?: string; limit?: number; cursor?: string | null } = {}) =>
      scene.project.pageUsers({ prefix: '', limit: 100, cursor: null, ...params })
    const idsOf = async (prefix: string) => (await page({ prefix })).items.map(({ userId }) => userId)
    const usage = async (fromDay = today, toDay = today) => {
      const days = await scene.project.usage({ fromDay, toDay })
      return days.map(({ day, runs, operations, searches }) => ({ day, runs, operations, searches }))
    }
    const runs = { accepted: 0, completed: 0, partial: 0, failed: 0, cancelled: 0 }

    test('a user is told as first written, with memories over all groups, runs, and those not ended', async () => {
      await scene.commit(await scene.begin({ user: 'Ada' }), [
        scene.creation('Bees.'),
        scene.creation('Hives.'),
      ])
      await scene.remember(['News.'], { scope: scene.scope({ topic: 'news', user: null }) })
      await scene.add({ user: 'ADA', now: startAt + 5 })
      await scene.add({ user: 'ada', now: startAt + 9 })
      const ada = {
        userId: 'Ada',
        createdAt: startAt,
        activeAt: startAt + 9,
        memoryCount: 2,
        runCount: 4,
        openRunCount: 2,
      }
      expect(await scene.project.getUser('ada')).toEqual(ada)
      expect((await page()).items).toEqual([ada])
    })

    test('users of another project are not told', async () => {
      const other = await scene.createProject()
      await scene.add({ in: other, user: 'ada' })
      expect(await scene.project.getUser('ada')).toBeNull()
      expect((await page()).items).toEqual([])
      await scene.add({ user: 'ada' })
      expect(await other.getUser('ada')).toMatchObject({ runCount: 1 })
    })

    test('users are found by how their keys begin, whatever is in them', async () => {
      for (const user of ['ann', 'Anna', 'an%', 'a', 'Ψ', 'ψυχή', '🐝', '🐝🐝', 'b_'])
        await scene.add({ user })
      expect(await idsOf('an')).toEqual(['an%', 'ann', 'Anna'])
      expect(await idsOf('ann')).toEqual(['ann', 'Anna'])
      expect(await idsOf('an%')).toEqual(['an%'])
      expect(await idsOf('ψ')).toEqual(['Ψ', 'ψυχή'])
      expect(await idsOf('🐝')).toEqual(['🐝', '🐝🐝'])
      expect(await idsOf('b?')).toEqual([])
      expect(await idsOf('')).toHaveLength(9)
    })

    test('users are paged without gap or repeat', async () => {
      const users = ['e', 'c', 'a', 'd', 'b', 'aa']
      for (const user of users) await scene.add({ user })
      const seen: string[] = []
      for (let cursor: string | null = null, isFirst = true; isFirst || cursor !== null; isFirst = false) {
        const found: Awaited<ReturnType<typeof page>> = await page({ limit: 2, cursor })
        seen.push(...found.items.map(({ userId }) => userId))
        cursor = found.nextCursor
      }
      expect(seen).toEqual(users.toSorted())
    })

    test('a run counts on the day of its acceptance, and on that of its end by how it ended', async () => {
      const first = await scene.begin({ user: 'ada' })
      const second = await scene.begin({ user: 'ben', now: startAt + 1 })
      const third = await scene.begin({ user: 'cleo', now: startAt + 2 })
      await scene.commit(first, [scene.creation('Bees.')], { now: startAt + dayMs })
      await scene.commit(second, [], { state: 'partial', error: runError, now: startAt + dayMs })
      const failed = { error: runError, step: null, counts: runCounts(), now: startAt + dayMs }
      await scene.project.failRun({ claim: third.claim, ...failed })
      const nothing = { created: 0, updated: 0, deleted: 0 }
      expect(await usage(today, today + 1)).toEqual([
        { day: today, runs: { ...runs, accepted: 3 }, operations: nothing, searches: 0 },
        {
          day: today + 1,
          runs: { ...runs, completed: 1, partial: 1, failed: 1 },
          operations: { ...nothing, created: 1 },
          searches: 0,
        },
      ])
      for (const user of ['ada', 'ben', 'cleo'])
        expect(await scene.project.getUser(user)).toMatchObject({ runCount: 1, openRunCount: 0 })
    })

    test('each committed change counts, also that of a deletion, which is a run complete at once', async () => {
      const [memory] = await scene.remember(['Bees.', 'Hives.'])
      if (memory === undefined) throw new Error('nothing was remembered')
      const changing = await scene.begin()
      await scene.commit(changing, [scene.update(memory, 'Many bees.')])
      await scene.project.deleteMemory({
        runId: scene.nextId(),
        memoryId: memory.memoryId,
        laneId: 'x',
        now: startAt,
      })
      expect(await usage()).toEqual([
        {
          day: today,
          runs: { ...runs, accepted: 3, completed: 3 },
          operations: { created: 2, updated: 1, deleted: 1 },
          searches: 0,
        },
      ])
      expect(await scene.project.getUser('ada')).toMatchObject({ memoryCount: 1, openRunCount: 0 })
    })

    test('what a refused commit would have done is not counted', async () => {
      await scene.remember(['Bees.'])
      const claimed = await scene.begin()
      expect(await scene.commit(claimed, [scene.creation('Hives.'), scene.creation('Bees.')])).toMatchObject({
        kind: 'conflict',
      })
      expect(await usage()).toMatchObject([
        { runs: { accepted: 2, completed: 1 }, operations: { created: 1 } },
      ])
    })

    test('counted searches add up, by project and day', async () => {
      const other = await scene.createProject()
      const search = (day: number, searches: number, { projectId } = scene.project) => ({
        projectId,
        day,
        searches,
      })
      await scene.storage.countUsage([search(today, 2), search(today - 1, 1), search(today, 7, other)])
      await scene.storage.countUsage([search(today, 3)])
      await scene.storage.countUsage([])
      expect(await usage(today - 1)).toMatchObject([{ searches: 1 }, { day: today, searches: 5 }])
      expect(await usage(today + 1, today + 2)).toEqual([])
    })

    test('the days of all projects are paged by day and project', async () => {
      const other = await scene.createProject()
      for (const day of [today - 1, today])
        await scene.storage.countUsage(
          [scene.project, other].map(({ projectId }) => ({ projectId, day, searches: 1 })),
        )
      const seen: UsageDay[] = []
      for (let cursor: string | null = null, isFirst = true; isFirst || cursor !== null; isFirst = false) {
        const found: Awaited<ReturnType<typeof scene.storage.pageUsage>> = await scene.storage.pageUsage({
          fromDay: today - 1,
          toDay: today,
          limit: 3,
          cursor,
        })
        seen.push(...found.items)
        cursor = found.nextCursor
      }
      const projects = [scene.project.projectId, other.projectId].sort()
      expect(seen.map(({ day, projectId }) => [day, projectId])).toEqual([
        ...projects.map((projectId) => [today - 1, projectId]),
        ...projects.map((projectId) => [today, projectId]),
      ])
    })
  })
