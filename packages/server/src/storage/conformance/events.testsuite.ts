/** Reading events, and hearing of them. */
import { describe, expect, test } from 'vitest'
import { defaultRunOptions } from '../../runs/run.ts'
import { runCounts, runError, startAt, stepRecord } from '../../testing/storage-factories.ts'
import { type EngineUnderTest, useScene } from '../../testing/storage-scene.ts'
import type { EventHint } from '../storage.ts'

export const describeEventsConformance = (engine: EngineUnderTest) =>
  describe(`${engine.name}: events`, () => {
    const scene = useScene(engine)

    test('whoever watches hears of every event after its commit, and of nothing once it has stopped', async () => {
      const heard: EventHint[] = []
      const stop = scene.storage.watch((hint) => heard.push(hint))
      const claimed = await scene.begin()
      const { runId } = claimed.run
      await scene.project.recordStep({
        claim: claimed.claim,
        step: stepRecord({ name: 'extract', type: 'extract' }),
      })
      await scene.commit(claimed, [scene.creation('Ada keeps bees.')])
      const written = await scene.project.listEvents({ runId, after: 0, limit: 100 })
      const { projectId } = scene.project
      expect(heard).toEqual(written.map(({ type }) => ({ projectId, runId, type })))
      expect(heard.length).toBeGreaterThan(4)
      stop()
      await scene.begin()
      expect(heard).toHaveLength(written.length)
    })

    test('what a hint points at can be read at once', async () => {
      const read: Promise<string[]>[] = []
      const stop = scene.storage.watch(({ runId }) => {
        const events = scene.project.listEvents({ runId, after: 0, limit: 100 })
        read.push(events.then((list) => list.map(({ type }) => type)))
      })
      const { claim } = await scene.begin()
      await scene.project.failRun({ claim, error: runError, step: null, counts: runCounts(), now: startAt })
      stop()
      const types = await Promise.all(read)
      expect(types.map((list) => list.at(-1))).toEqual(['run.accepted', 'run.started', 'run.failed'])
    })

    test('the events of a project are those of its runs, in one order, with whose they are', async () => {
      const other = await scene.createProject()
      const claimed = await scene.begin({
        user: 'Ada',
        options: { ...defaultRunOptions, tags: ['red', 'blue'] },
      })
      const strange = await scene.add({ in: other })
      await scene.commit(claimed, [scene.creation('Ada keeps bees.')])
      const nobody = await scene.add({ user: null })
      const all = await scene.project.listProjectEvents({ after: 0, limit: 100 })
      const ofRun = await scene.project.listEvents({ runId: claimed.run.runId, after: 0, limit: 100 })
      const ada = { userId: 'Ada', userKey: 'ada', tags: ['red', 'blue'] }
      expect(all.slice(0, -1)).toEqual(ofRun.map((event) => ({ ...event, ...ada })))
      expect(all.at(-1)).toMatchObject({ runId: nobody.runId, userId: null, userKey: null, tags: [] })
      const places = all.map(({ projectSeq }) => projectSeq)
      expect(places).toEqual(places.toSorted((a, b) => a - b))
      expect(await scene.project.lastProjectSeq()).toBe(places.at(-1))
      expect(await scene.project.listProjectEvents({ after: places[1] ?? 0, limit: 2 })).toEqual(
        all.slice(2, 4),
      )
      expect(await other.listProjectEvents({ after: 0, limit: 100 })).toMatchObject([
        { runId: strange.runId },
      ])
      expect(await (await scene.createProject()).lastProjectSeq()).toBe(0)
    })
  })
