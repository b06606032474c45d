/** Deletions by a filter, and erasures: what goes, what stays, and whose claim is lost by it. */
import { describe, expect, test } from 'vitest'
import { userKeyOf } from '../../projects/scope.ts'
import type { Claim } from '../../runs/run.ts'
import { startAt } from '../../testing/storage-factories.ts'
import { type EngineUnderTest, useScene } from '../../testing/storage-scene.ts'

export const describeErasureConformance = (engine: EngineUnderTest) =>
  describe(`${engine.name}: deletion and erasure`, () => {
    const scene = useScene(engine)

    const ofAda = () => ({
      partitions: [{ groupId: scene.groupIdOf(scene.project.projectId), userKey: 'ada' }],
      topics: [{ topic: 'facts', properties: {} }],
    })
    const contents = async () =>
      (await scene.project.listMemories({ ...ofAda(), limit: 100, cursor: null })).items.map(
        ({ content }) => content,
      )

    const accept = (userId: string) =>
      scene.project.erasure.accept({
        runId: scene.nextId(),
        groupId: scene.groupIdOf(scene.project.projectId),
        userKey: userKeyOf(userId),
        timeoutMs: 60_000,
        queueDepthMax: 100,
        now: startAt,
      })

    /** Erases bit by bit to the end. */
    const eraseAll = async (claim: Claim) => {
      for (let pieces = 1; ; pieces++) {
        const piece = await scene.project.erasure.eraseSome({ claim, limit: 2, now: startAt })
        if (piece.kind !== 'more') return { piece, pieces }
      }
    }

    test('a filter deletes what was there before, a bounded number at a time, as operations', async () => {
      await scene.remember(['One.', 'Two.', 'Three.'])
      const deleting = await scene.begin()
      const seen: (number | undefined)[] = []
      for (let cursor: string | null = null; ; ) {
        const params = { claim: deleting.claim, filter: ofAda(), limit: 2, cursor, now: startAt }
        const piece = await scene.project.erasure.deleteSome(params)
        if (piece.kind !== 'done') throw new Error(piece.kind)
        seen.push(piece.deleted)
        cursor = piece.nextCursor
        if (cursor === null) break
      }
      expect(seen).toEqual([2, 3])
      expect(await contents()).toEqual([])
      await scene.commit(deleting)
      const view = await scene.project.getRun(deleting.run.runId)
      expect(view?.operations.map(({ kind }) => kind)).toEqual(['delete', 'delete', 'delete'])
    })

    test('what a later run has made is not deleted, and a lost claim deletes nothing', async () => {
      await scene.remember(['One.'])
      const deleting = await scene.begin({ user: 'bob' })
      await scene.remember(['Later.'])
      const params = { filter: ofAda(), limit: 10, cursor: null, now: startAt }
      expect(
        await scene.project.erasure.deleteSome({ ...params, claim: { ...deleting.claim, attempt: 7 } }),
      ).toEqual({ kind: 'claim_lost' })
      expect(await contents()).toEqual(['Later.', 'One.'])
      expect(await scene.project.erasure.deleteSome({ ...params, claim: deleting.claim })).toMatchObject({
        deleted: 1,
      })
      expect(await contents()).toEqual(['Later.'])
    })

    test('nobody is erased who is not there', async () => {
      expect(await accept('nobody')).toEqual({ kind: 'unknown_user' })
    })

    test('from its acceptance on a user is not found, open runs have ended, and their claims are lost', async () => {
      await scene.remember(['Ada keeps bees.'])
      const working = await scene.begin()
      const waiting = await scene.add()
      const accepted = await accept('ADA')
      expect(accepted).toMatchObject({
        kind: 'accepted',
        cancelledRunIds: [working.run.runId, waiting.runId],
      })
      expect(await contents()).toEqual([])
      expect(await scene.commit(working, [scene.creation('Too late.')])).toEqual({ kind: 'claim_lost' })
      expect(await contents()).toEqual([])
    })

    test('an erasure ends with nothing left, piece by piece, and what came later stays', async () => {
      await scene.remember(['One.', 'Two.', 'Three.'])
      const kept = await scene.remember(['Bob sails.'], { scope: scene.scope({ user: 'bob' }) })
      const [old] = (await scene.project.listMemories({ ...ofAda(), limit: 1, cursor: null })).items
      await accept('ada')
      const [claimed] = await scene.claim()
      if (claimed === undefined) throw new Error('the erasure cannot be claimed')
      await scene.remember(['Ada begins anew.'])
      const { piece, pieces } = await eraseAll(claimed.claim)
      expect(pieces).toBeGreaterThan(5)
      expect(piece).toMatchObject({ kind: 'finished', result: { left: 0, erased: { memories: 3, runs: 1 } } })
      // An attempt after a crash learns the same.
      expect((await eraseAll(claimed.claim)).piece).toEqual(piece)
      expect(await scene.project.getVersion({ memoryId: old?.memoryId ?? '', version: null })).toBeNull()
      expect(await contents()).toEqual(['Ada begins anew.'])
      expect(await scene.project.getMemories(kept.map(({ memoryId }) => memoryId))).toEqual(kept)
      for (let position = 0; ; ) {
        const scrubbed = await scene.project.erasure.scrub(position)
        if (scrubbed.kind !== 'more') {
          expect(scrubbed).toEqual({ kind: 'done' })
          break
        }
        position = scrubbed.position
      }
      expect((await scene.storage.examine()).filter(({ wrongCount }) => wrongCount > 0)).toEqual([])
    })

    test('the memory of a scope is found, that of another is not', async () => {
      const [first] = await scene.remember(['One.', 'Two.'])
      expect(await scene.project.findInScope(scene.scope({}))).toEqual(first)
      expect(await scene.project.findInScope(scene.scope({ user: 'bob' }))).toBeNull()
      expect(await scene.project.findInScope(scene.scope({ topic: 'summary' }))).toBeNull()
    })
  })
