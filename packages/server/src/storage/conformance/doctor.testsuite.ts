/** The examination of a store and its copy, while it is in use. How each kind of damage is found is for the engine's own tests. */
import { describe, expect, test } from 'vitest'
import { runError, startAt } from '../../testing/storage-factories.ts'
import { type EngineUnderTest, useScene } from '../../testing/storage-scene.ts'

export const describeDoctorConformance = (engine: EngineUnderTest) =>
  describe(`${engine.name}: examination`, () => {
    const scene = useScene(engine)

    test('finds nothing wrong with runs in every state and memories with a history, and tells of each check', async () => {
      const [first, second] = await scene.remember(['Ada keeps bees.', 'Ada sings.'])
      if (first === undefined || second === undefined) throw new Error('nothing was remembered')
      const changing = await scene.begin()
      await scene.commit(changing, [
        scene.update(first, 'Ada keeps many bees.'),
        { kind: 'delete', memoryId: second.memoryId, expectedVersion: 1 },
      ])
      const failing = await scene.begin({ user: 'bob' })
      await scene.project.retryRun({
        ...failing,
        error: runError,
        step: null,
        now: startAt,
        retryAt: startAt + 9,
      })
      await scene.begin({ user: 'eve' })
      await scene.add({ user: 'eve' })
      const heard: string[] = []
      const examined = await scene.storage.examine(({ check }, { done, total }) => {
        heard.push(check)
        expect(done).toBe(heard.length)
        expect(total).toBeGreaterThanOrEqual(done)
      })
      expect(examined.filter(({ wrongCount }) => wrongCount > 0)).toEqual([])
      expect(heard).toEqual(examined.map(({ check }) => check))
      expect(new Set(heard).size).toBeGreaterThan(10)
    })

    test('gives a copy of itself, one at a time, as long as it says', async () => {
      await scene.remember(['Ada keeps bees.'])
      {
        await using copy = await scene.storage.openCopy()
        await expect(scene.storage.openCopy()).rejects.toMatchObject({ code: 'conflict' })
        const chunks = await Array.fromAsync(copy.read())
        expect(Buffer.concat(chunks.map((chunk) => Buffer.from(chunk))).length).toBe(copy.sizeBytes)
      }
      await using again = await scene.storage.openCopy()
      expect(again.sizeBytes).toBeGreaterThan(0)
    })
  })
