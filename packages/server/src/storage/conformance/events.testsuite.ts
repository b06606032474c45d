/** Reading events, and hearing of them. */
import { describe, expect, test } from 'vitest'
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
  })
