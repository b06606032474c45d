/** Groups, their topics, and the users a project has seen. */
import { describe, expect, test } from 'vitest'
import type { Topic } from '../../projects/group.ts'
import { defaultPipeline } from '../../projects/pipeline.ts'
import { makeTopic } from '../../testing/factories.ts'
import { startAt, topics } from '../../testing/storage-factories.ts'
import { type EngineUnderTest, useScene } from '../../testing/storage-scene.ts'

export const describeGroupsConformance = (engine: EngineUnderTest) =>
  describe(`${engine.name}: groups`, () => {
    const scene = useScene(engine)

    const put = (changed: readonly Topic[], name = 'default') =>
      scene.project.putGroup({ groupId: scene.nextId(), name, topics: changed, now: startAt + 1 })

    test('a group is read by name and by id, with its topics in order', async () => {
      const group = await scene.project.getGroup('default')
      expect(group).toEqual({
        groupId: scene.groupIdOf(scene.project.projectId),
        name: 'default',
        version: 1,
        topics,
        pipeline: defaultPipeline,
        createdAt: startAt,
      })
      expect(await scene.project.getGroupById(group?.groupId ?? '')).toEqual(group)
      expect(await scene.project.listGroups()).toEqual([group])
    })

    test('names are exact', async () => {
      expect(await scene.project.getGroup('Default')).toBeNull()
      expect(await scene.project.getGroupById(scene.nextId())).toBeNull()
    })

    test('putting a group again replaces its topics by a new version, and keeps its id', async () => {
      const [before] = await scene.project.listGroups()
      const reversed = topics.toReversed()
      const result = await put(reversed)
      const after = { ...before, version: 2, topics: reversed }
      expect(result).toEqual({ kind: 'put', group: after })
      expect(await scene.project.getGroup('default')).toEqual(after)
      expect(await scene.project.getGroupById(after.groupId ?? '', 1)).toEqual(before)
      expect(await scene.project.getGroupById(after.groupId ?? '', 2)).toEqual(after)
      expect(await scene.project.getGroupById(after.groupId ?? '', 3)).toBeNull()
    })

    test('putting it as it is makes no version', async () => {
      const [before] = await scene.project.listGroups()
      expect(await put(topics)).toEqual({ kind: 'put', group: before })
      expect(await scene.project.listGroups()).toEqual([before])
    })

    test('a pipeline is kept with the group, version by version', async () => {
      const steps = defaultPipeline.steps.map((step) => ({ ...step, name: `my ${step.name}`, next: null }))
      const params = { groupId: scene.nextId(), name: 'default', topics, now: startAt }
      await scene.project.putGroup({ ...params, pipeline: { steps } })
      const group = await scene.project.getGroup('default')
      expect(group).toMatchObject({ version: 2, pipeline: { steps } })
      expect((await scene.project.getGroupById(group?.groupId ?? '', 1))?.pipeline).toEqual(defaultPipeline)
    })

    test('a run keeps the version it was accepted with', async () => {
      const early = await scene.add()
      await put(topics.toReversed())
      const late = await scene.add()
      expect([early.groupVersion, late.groupVersion]).toEqual([1, 2])
      expect((await scene.project.getRun(early.runId))?.run.groupVersion).toBe(1)
    })

    test('topics are told apart by case, and a group may have none', async () => {
      const pair = [makeTopic('facts'), makeTopic('Facts')]
      await put(pair, 'pair')
      await put([], 'empty')
      expect((await scene.project.getGroup('pair'))?.topics).toEqual(pair)
      expect((await scene.project.getGroup('empty'))?.topics).toEqual([])
    })

    const facts = topics[0] as Topic // safety: the list has four
    test.each<[string, readonly Topic[]]>([
      ['removed', topics.slice(1)],
      ['made bounded', [{ ...facts, isBounded: true }, ...topics.slice(1)]],
      [
        'made project-wide',
        [{ ...facts, scoping: { userScoped: false, scopeProperties: [] } }, ...topics.slice(1)],
      ],
      [
        'scoped by a property',
        [{ ...facts, scoping: { userScoped: true, scopeProperties: ['x'] } }, ...topics.slice(1)],
      ],
    ])('a topic with memories cannot be %s', async (_change, changed) => {
      const [memory] = await scene.remember(['Ada keeps bees.'])
      expect(await put(changed)).toEqual({ kind: 'topic_in_use', topic: 'facts' })
      expect((await scene.project.getGroup('default'))?.topics).toEqual(topics)
      await scene.project.deleteMemory({
        runId: scene.nextId(),
        memoryId: memory?.memoryId ?? '',
        laneId: 'lane',
        now: startAt,
      })
      expect(await put(changed)).toMatchObject({ kind: 'put' })
    })

    test('a topic with memories may be described differently', async () => {
      await scene.remember(['Ada keeps bees.'])
      const changed = [{ ...facts, description: 'otherwise' }, ...topics.slice(1)]
      expect(await put(changed)).toMatchObject({ kind: 'put' })
    })

    test('a user is known from the first run on, in their project only', async () => {
      expect(await scene.project.hasUser('ada')).toBe(false)
      await scene.add({ user: 'Ada' })
      expect(await scene.project.hasUser('ada')).toBe(true)
      expect(await (await scene.createProject()).hasUser('ada')).toBe(false)
    })

    test('a user is registered once, and known without any run', async () => {
      const register = (userId: string, now: number) =>
        scene.project.registerUser({ userKey: 'ada', userId, now })
      await Promise.all([register('Ada', startAt), register('ADA', startAt + 1)])
      expect(await scene.project.hasUser('ada')).toBe(true)
      const user = { userId: 'Ada', createdAt: startAt, activeAt: startAt, runCount: 0, memoryCount: 0 }
      expect(await scene.project.getUser('ada')).toMatchObject(user)
      expect(await (await scene.createProject()).hasUser('ada')).toBe(false)
    })

    test('a group is put only at the version that was expected', async () => {
      const { groupId, version } = (await scene.project.getGroup('default')) ?? { groupId: '', version: 0 }
      const change = { groupId, name: 'default', topics: topics.toReversed(), now: startAt }
      expect(await scene.project.putGroup({ ...change, expectedVersion: version + 1 })).toEqual({
        kind: 'moved',
      })
      expect(await scene.project.putGroup({ ...change, name: 'new', expectedVersion: 1 })).toEqual({
        kind: 'moved',
      })
      expect((await scene.project.getGroup('default'))?.topics).toEqual(topics)
      const results = await Promise.all(
        [1, 2].map(() => scene.project.putGroup({ ...change, expectedVersion: version })),
      )
      expect(results.map(({ kind }) => kind)).toEqual(['put', 'moved'])
    })

    test('of many who put a group that is not there yet, one does', async () => {
      const results = await Promise.all(
        ['first', 'second'].map((topic) =>
          scene.project.putGroup({
            ...{ groupId: `new ${topic}`, name: 'new', topics: [makeTopic(topic)] },
            ...{ expectedVersion: 0, now: startAt },
          }),
        ),
      )
      expect(results.map(({ kind }) => kind)).toEqual(['put', 'moved'])
      expect((await scene.project.getGroup('new'))?.topics.map(({ name }) => name)).toEqual(['first'])
    })

    test('an empty group is deleted, and its name may be taken by another', async () => {
      await put([makeTopic('mine')], 'mine')
      const before = await scene.project.getGroup('mine')
      const other = await scene.createProject()
      expect(await other.deleteGroup('mine')).toBe('unknown')
      expect(await scene.project.deleteGroup('mine')).toBe('deleted')
      expect(await scene.project.getGroup('mine')).toBeNull()
      expect(await scene.project.getGroupById(before?.groupId ?? '')).toBeNull()
      expect(await scene.project.getGroupById(before?.groupId ?? '', 1)).toBeNull()
      expect(await scene.project.deleteGroup('mine')).toBe('unknown')
      expect(await put([makeTopic('mine')], 'mine')).toMatchObject({ group: { version: 1 } })
    })

    test('a group with memories stays, and goes when they are gone', async () => {
      const [memory] = await scene.remember(['Ada keeps bees.'])
      expect(await scene.project.deleteGroup('default')).toBe('has_memories')
      const { memoryId = '' } = memory ?? {}
      await scene.project.deleteMemory({ runId: scene.nextId(), memoryId, laneId: 'x', now: startAt })
      expect(await scene.project.deleteGroup('default')).toBe('deleted')
    })

    test.each([
      ['waits', {}],
      ['of nobody waits', { user: null }],
      ['waits for its time', { options: { delayedUntil: startAt + 1 } }],
    ])('a group of which a run %s stays until it has ended', async (_what, params) => {
      const run = await scene.add(params)
      expect(await scene.project.deleteGroup('default')).toBe('has_open_runs')
      await scene.project.cancelRun({ runId: run.runId, reason: null, now: startAt })
      expect(await scene.project.deleteGroup('default')).toBe('deleted')
    })

    test('a group of which a run is worked on stays; those of other groups do not matter', async () => {
      await put([makeTopic('mine')], 'mine')
      const claimed = await scene.begin()
      expect(await scene.project.deleteGroup('mine')).toBe('deleted')
      expect(await scene.project.deleteGroup('default')).toBe('has_open_runs')
      await scene.commit(claimed)
      expect(await scene.project.deleteGroup('default')).toBe('deleted')
      expect((await scene.storage.examine()).filter(({ wrongCount }) => wrongCount > 0)).toEqual([])
    })

    test('groups belong to their project', async () => {
      const other = await scene.createProject()
      await put([makeTopic('mine')], 'mine')
      expect(await other.getGroup('mine')).toBeNull()
      expect(await other.getGroupById(scene.groupIdOf(scene.project.projectId))).toBeNull()
      expect(await other.listGroups()).toHaveLength(1)
    })
  })
