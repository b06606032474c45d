/** Agents, tools, triggers and secrets: each change checked against what it was decided on, counted, and of one project. */
import { describe, expect, test } from 'vitest'
import { makeAgent, makeTool, makeTrigger } from '../../testing/agent-factories.ts'
import { makeTopic } from '../../testing/factories.ts'
import { startAt } from '../../testing/storage-factories.ts'
import { type EngineUnderTest, useScene } from '../../testing/storage-scene.ts'
import type { Definitions } from '../agent-storage.ts'

type Common = ReturnType<typeof makeAgent> | ReturnType<typeof makeTool>

export const describeAgentsConformance = (engine: EngineUnderTest) =>
  describe(`${engine.name}: agents`, () => {
    const scene = useScene(engine)

    describe.each([
      ['agents', (id: string, over: object = {}) => makeAgent({ agentId: id, ...over })],
      ['tools', (id: string, over: object = {}) => makeTool({ toolId: id, ...over })],
    ] as const)('%s', (member, make) => {
      // safety: of both kinds only what they have in common is used
      const kept = (project = scene.project) => project.agents[member] as unknown as Definitions<Common>
      const put = (id: string, over: object = {}, expectedVersion = 0, countMax = 100) =>
        kept().put({ value: make(id, over), expectedVersion, countMax, now: startAt + expectedVersion })

      test('what was put is got as it was, each change as the next version', async () => {
        const id = scene.nextId()
        expect(await kept().get(id)).toBeNull()
        expect(await put(id)).toEqual({ kind: 'put', value: make(id) })
        expect(await kept().get(id)).toEqual(make(id))
        const changed = make(id, { name: 'new name', version: 2, updatedAt: startAt + 1 })
        expect(await put(id, { name: 'new name', createdAt: startAt + 99 }, 1)).toEqual({
          kind: 'put',
          value: changed,
        })
        await scene.reopen()
        expect(await kept().get(id)).toEqual(changed)
      })

      test('a change decided on another version changes nothing', async () => {
        const id = scene.nextId()
        expect(await put(id, {}, 1)).toEqual({ kind: 'moved' })
        await put(id)
        expect(await put(id, { name: 'again' })).toEqual({ kind: 'moved' })
        expect(await put(id, { name: 'ahead' }, 2)).toEqual({ kind: 'moved' })
        expect(await kept().get(id)).toEqual(make(id))
      })

      test('of thirty-two changes decided on the same version one happens', async () => {
        const id = scene.nextId()
        await put(id)
        const results = await Promise.all(Array.from({ length: 32 }, (_, n) => put(id, { name: `${n}` }, 1)))
        expect(results.filter(({ kind }) => kind === 'put')).toHaveLength(1)
        expect(results.filter(({ kind }) => kind === 'moved')).toHaveLength(31)
        expect(await kept().get(id)).toMatchObject({ version: 2, name: expect.stringMatching(/^\d+$/) })
      })

      test('there are no more than may be, also when thirty-two come at once; the archived do not count', async () => {
        const ids = Array.from({ length: 32 }, () => scene.nextId())
        const results = await Promise.all(ids.map((id) => put(id, {}, 0, 5)))
        expect(results.filter(({ kind }) => kind === 'put')).toHaveLength(5)
        expect(results.filter(({ kind }) => kind === 'full')).toHaveLength(27)
        const [first = '', , , , , sixth = ''] = ids
        expect((await put(first, { status: 'archived' }, 1, 5)).kind).toBe('put')
        expect((await put(sixth, {}, 0, 5)).kind).toBe('put')
        expect((await put(first, { status: 'active' }, 2, 5)).kind).toBe('full')
        expect((await put(first, { status: 'archived', name: 'renamed' }, 2, 5)).kind).toBe('put')
        expect((await put(sixth, { status: 'inactive' }, 1, 5)).kind).toBe('put')
      })

      test('newest first, page by page, the archived only when asked for', async () => {
        const ids = Array.from({ length: 5 }, () => scene.nextId())
        for (const [n, id] of ids.entries()) await put(id, { createdAt: startAt + Math.floor(n / 2) })
        const [oldest = ''] = ids
        await put(oldest, { status: 'archived' }, 1)
        const all = async (withArchived: boolean) => {
          const found: unknown[] = []
          for (let cursor: string | null = null; ; ) {
            const page: Awaited<ReturnType<Definitions<Common>['list']>> = await kept().list({
              limit: 2,
              cursor,
              withArchived,
            })
            found.push(...page.items.map((one) => ('agentId' in one ? one.agentId : one.toolId)))
            if (page.nextCursor === null) return found
            cursor = page.nextCursor
          }
        }
        expect(await all(true)).toEqual(ids.toReversed())
        expect(await all(false)).toEqual(ids.slice(1).reverse())
      })

      test('one project neither sees nor changes what another has', async () => {
        const id = scene.nextId()
        await put(id)
        const other = await scene.createProject()
        expect(await kept(other).get(id)).toBeNull()
        expect(await kept(other).list({ limit: 9, cursor: null, withArchived: true })).toEqual({
          items: [],
          nextCursor: null,
        })
        const change = { value: make(id, { name: 'mine' }), countMax: 9, now: startAt }
        expect(await kept(other).put({ ...change, expectedVersion: 1 })).toEqual({ kind: 'moved' })
        expect((await kept(other).put({ ...change, expectedVersion: 0 })).kind).toBe('put')
        expect(await kept().get(id)).toEqual(make(id))
      })

      test('its group must be there, and stays until it is archived', async () => {
        const id = scene.nextId()
        const group = 'shop'
        expect(await put(id, { group })).toEqual({ kind: 'group_gone' })
        await scene.project.putGroup({
          ...{ groupId: scene.nextId(), name: group, topics: [makeTopic('x')] },
          now: startAt,
        })
        expect((await put(id, { group })).kind).toBe('put')
        expect(await scene.project.deleteGroup(group)).toBe('has_agents')
        await put(id, { group, status: 'inactive' }, 1)
        expect(await scene.project.deleteGroup(group)).toBe('has_agents')
        await put(id, { group, status: 'archived' }, 2)
        expect(await scene.project.deleteGroup(group)).toBe('deleted')
        expect(await put(id, { group, status: 'active' }, 3)).toEqual({ kind: 'group_gone' })
      })
    })

    describe('triggers', () => {
      const create = (over: object = {}, tokenHash = `hash of ${scene.nextId()}`, countMax = 10) =>
        scene.project.agents.createTrigger({
          trigger: makeTrigger({ triggerId: scene.nextId(), ...over }),
          tokenHash,
          countMax,
        })

      test('a trigger is found by the hash of its token, with its project', async () => {
        const trigger = makeTrigger({
          triggerId: scene.nextId(),
          secret: 'shh',
          target: { type: 'tool', id: 't' },
        })
        expect(await create(trigger, 'its hash')).toBe(true)
        const found = { projectId: scene.project.projectId, trigger }
        expect(await scene.storage.findTrigger('its hash')).toEqual(found)
        expect(await scene.storage.findTrigger('another hash')).toBeNull()
        expect(await scene.project.agents.listTriggers()).toEqual([trigger])
        await scene.project.agents.touchTrigger({ triggerId: trigger.triggerId, now: startAt + 7 })
        expect(await scene.project.agents.listTriggers()).toEqual([{ ...trigger, lastUsedAt: startAt + 7 }])
      })

      test('what is removed, and what another project has, is not found', async () => {
        const trigger = makeTrigger({ triggerId: scene.nextId() })
        await create(trigger, 'its hash')
        const other = await scene.createProject()
        expect(await other.agents.listTriggers()).toEqual([])
        expect(await other.agents.removeTrigger(trigger.triggerId)).toBe(false)
        await other.agents.touchTrigger({ triggerId: trigger.triggerId, now: startAt })
        expect(await scene.storage.findTrigger('its hash')).toMatchObject({ trigger })
        expect(await scene.project.agents.removeTrigger(trigger.triggerId)).toBe(true)
        expect(await scene.project.agents.removeTrigger(trigger.triggerId)).toBe(false)
        expect(await scene.storage.findTrigger('its hash')).toBeNull()
      })

      test('there are no more than may be, and none opens a project that is being removed', async () => {
        const made = await Promise.all(Array.from({ length: 32 }, () => create({}, undefined, 3)))
        expect(made.filter(Boolean)).toHaveLength(3)
        await create({}, 'its hash')
        await scene.storage.closeProject({ projectId: scene.project.projectId, now: startAt })
        expect(await scene.storage.findTrigger('its hash')).toBeNull()
      })
    })

    describe('secrets', () => {
      const put = (name: string, value = `value of ${name}`, now = startAt, countMax = 10) =>
        scene.project.agents.putSecret({ name, value, countMax, now })
      const read = async (...names: string[]) =>
        Object.fromEntries(await scene.project.agents.readSecrets(names))

      test('a secret is listed by its name, and read by those that ask for it', async () => {
        expect(await put('WEATHER_KEY')).toBe(true)
        expect(await put('A_KEY')).toBe(true)
        expect(await put('WEATHER_KEY', 'another', startAt + 5)).toBe(true)
        expect(await scene.project.agents.listSecrets()).toEqual([
          { name: 'A_KEY', updatedAt: startAt },
          { name: 'WEATHER_KEY', updatedAt: startAt + 5 },
        ])
        expect(await read('WEATHER_KEY', 'NONE')).toEqual({ WEATHER_KEY: 'another' })
        expect(await scene.project.agents.removeSecret('WEATHER_KEY')).toBe(true)
        expect(await scene.project.agents.removeSecret('WEATHER_KEY')).toBe(false)
        expect(await read('WEATHER_KEY', 'A_KEY')).toEqual({ A_KEY: 'value of A_KEY' })
      })

      test('there are no more than may be, but one that is there can be changed', async () => {
        const made = await Promise.all(Array.from({ length: 32 }, (_, n) => put(`K${n}`, 'v', startAt, 3)))
        expect(made.filter(Boolean)).toHaveLength(3)
        const [first] = await scene.project.agents.listSecrets()
        expect(await put(first?.name ?? '', 'new', startAt, 3)).toBe(true)
      })

      test('one project neither reads nor removes those of another', async () => {
        await put('KEY')
        const other = await scene.createProject()
        expect(await other.agents.listSecrets()).toEqual([])
        expect((await other.agents.readSecrets(['KEY'])).size).toBe(0)
        expect(await other.agents.removeSecret('KEY')).toBe(false)
        await other.agents.putSecret({ name: 'KEY', value: 'mine', countMax: 9, now: startAt })
        expect(await read('KEY')).toEqual({ KEY: 'value of KEY' })
      })
    })
  })
