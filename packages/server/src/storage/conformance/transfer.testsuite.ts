/** Exports and imports as a store sees them. What travels in a line is for the API's own tests. */
import { describe, expect, test } from 'vitest'
import { laneIdOf } from '../../projects/scope.ts'
import { contentKey } from '../../search/content-key.ts'
import { documentOf, startAt } from '../../testing/storage-factories.ts'
import { type EngineUnderTest, useScene } from '../../testing/storage-scene.ts'
import type { ProjectStorage } from '../storage.ts'
import type { Arrival, TransferRecord } from '../transfer.ts'

export const describeTransferConformance = (engine: EngineUnderTest) =>
  describe(`${engine.name}: transfer`, () => {
    const scene = useScene(engine)

    const readAll = (project: ProjectStorage, limit = 100): readonly TransferRecord[] => {
      using source = project.transfer.openExport()
      const records: TransferRecord[] = []
      for (;;) {
        const page = source.read({ after: records.at(-1)?.cursor ?? null, limit })
        records.push(...(page ?? []))
        if (page === null || page.length < limit) return records
      }
    }

    const live = async () => {
      await scene.remember(['Ada keeps bees.', 'Ada sings.'])
      await scene.remember(['Bob sails.'], { scope: scene.scope({ user: 'bob' }) })
    }

    const arrivalOf = (target: ProjectStorage, record: TransferRecord): Arrival => {
      const groupId = scene.groupIdOf(target.projectId)
      switch (record.type) {
        case 'group':
          return { type: 'group', record }
        case 'user':
          return { type: 'user', record, userKey: record.user_id }
        case 'agent':
        case 'tool':
          return { type: 'definition', record }
        case 'conversation':
        case 'message':
        case 'compaction':
          return { type: 'conversation', record, userKey: record.user_id }
        case 'conversation_key':
          return { type: 'conversation_key', record }
        case 'run':
          return {
            type: 'run',
            record,
            groupId,
            laneId: laneIdOf(groupId, record.user_id),
            userKey: record.user_id,
          }
        case 'memory': {
          const { content = '' } = record.versions.at(-1) ?? {}
          return {
            ...{ type: 'memory', record },
            scopes: record.versions.map(({ user_id }) => scene.scope({ in: target, user: user_id })),
            found: { contentKey: contentKey(content), document: documentOf(content) },
          }
        }
      }
    }

    test('records come in the same order whatever the page, and go on after any of them', async () => {
      await live()
      const all = readAll(scene.project)
      expect(all.map(({ type }) => type)).toEqual([
        'group',
        'user',
        'user',
        'run',
        'run',
        'memory',
        'memory',
        'memory',
      ])
      expect(readAll(scene.project, 1)).toEqual(all)
      expect(readAll(scene.project, 3)).toEqual(all)
      using source = scene.project.transfer.openExport()
      for (const [index, { cursor }] of all.entries())
        expect(source.read({ after: cursor, limit: 100 })).toEqual(all.slice(index + 1))
      for (const after of ['', 'x', 'run:unknown', 'nothing:at all'])
        expect(source.read({ after, limit: 1 })).toBeNull()
    })

    test('an export is of the moment it was opened, and of one project', async () => {
      await live()
      const all = readAll(scene.project)
      using source = scene.project.transfer.openExport()
      await scene.remember(['Ada dances.'])
      expect(source.read({ after: null, limit: 100 })).toEqual(all)
      expect(readAll(await scene.createProject()).map(({ type }) => type)).toEqual(['group'])
    })

    test('what is taken in reads the same, is found, and may come again', async () => {
      await live()
      const records = readAll(scene.project)
      const target = await scene.createProject()
      const importing = await scene.begin({ in: target, user: null })
      const take = (isLast: boolean) =>
        target.transfer.takeIn({
          claim: importing.claim,
          arrivals: records.filter(({ type }) => type !== 'group').map((record) => arrivalOf(target, record)),
          conflicts: [{ cursor: 'group:other', reason: 'it is not there' }],
          isLast,
          now: startAt,
        })
      expect(await take(false)).toEqual({ kind: 'done' })
      const resultOf = async () => (await target.getRun(importing.run.runId))?.run.result
      expect(await resultOf()).toMatchObject({ read: 8, created: 7, unchanged: 0, conflicts: 1 })
      const memories = readAll(target).filter(({ type }) => type === 'memory')
      expect(memories).toEqual(records.filter(({ type }) => type === 'memory'))
      const hits = await target.findDocuments({
        partitions: [{ groupId: scene.groupIdOf(target.projectId), userKey: 'ada' }],
        topics: [{ topic: 'facts', properties: {} }],
        terms: ['bee'],
        window: 0,
      })
      expect(hits.documents).toHaveLength(1)
      expect(await take(true)).toEqual({ kind: 'done' })
      expect(await resultOf()).toMatchObject({ read: 16, created: 7, unchanged: 7, conflicts: 2 })
      await scene.commit(importing)
      expect((await scene.storage.examine()).filter(({ wrongCount }) => wrongCount > 0)).toEqual([])
    })

    const converse = async (
      project: ProjectStorage,
      messageIds: readonly string[],
      user: string | null = 'ada',
    ) => {
      const message = { role: 'user', content: 'Bees.', saidAt: startAt, speaker: null } as const
      const [result] = await project.conversations.record({
        recordings: [
          {
            ...{ conversationId: 'c', externalId: null, userId: user, userKey: user, customer: null },
            messages: messageIds.map((messageId) => ({
              ...{ ...message, messageId, sessionId: null, metadata: null },
            })),
            messageCountMax: 100,
          },
        ],
        now: startAt,
      })
      expect(result?.kind).toBe('recorded')
    }

    const takeAll = async (target: ProjectStorage, records: readonly TransferRecord[]) => {
      const importing = await scene.begin({ in: target, user: null })
      await target.transfer.takeIn({
        claim: importing.claim,
        arrivals: records.filter(({ type }) => type !== 'group').map((record) => arrivalOf(target, record)),
        ...{ conflicts: [], isLast: true, now: startAt },
      })
      const result = (await target.getRun(importing.run.runId))?.run.result
      await scene.commit(importing)
      expect((await scene.storage.examine()).filter(({ wrongCount }) => wrongCount > 0)).toEqual([])
      return result
    }

    const idsIn = async (project: ProjectStorage) =>
      (await project.conversations.listMessages({ conversationId: 'c', after: 0, limit: 9 })).map(
        ({ messageId }) => messageId,
      )

    test('messages of conversations go on after any of them, and those that were removed are not there', async () => {
      await converse(scene.project, ['a', 'b', 'c'])
      const all = readAll(scene.project)
      expect(readAll(scene.project, 1)).toEqual(all)
      using source = scene.project.transfer.openExport()
      for (const [index, { cursor }] of all.entries())
        expect(source.read({ after: cursor, limit: 2 })).toEqual(all.slice(index + 1, index + 3))
      for (const after of ['message:c:x', 'message:d:1', 'conversation:d', 'compaction:1'])
        expect(source.read({ after, limit: 1 })).toBeNull()
      await scene.project.conversations.remove({ conversationId: 'c', keys: [], now: startAt })
      expect(readAll(scene.project).map(({ type }) => type)).toEqual(['group', 'user'])
    })

    test('messages are added behind those that are the same, and to nothing else', async () => {
      await converse(scene.project, ['a', 'b'])
      const [beginning, target] = [readAll(scene.project), await scene.createProject()]
      expect(await takeAll(target, beginning)).toMatchObject({ created: 4, conflicts: 0 })
      await converse(scene.project, ['c', 'd'])
      const later = readAll(scene.project)
      expect(await takeAll(target, later.toReversed())).toMatchObject({ created: 1, conflicts: 1 })
      expect(await takeAll(target, later)).toMatchObject({ created: 1, unchanged: 5, conflicts: 0 })
      expect(await idsIn(target)).toEqual(['a', 'b', 'c', 'd'])
      for (const [messageIds, user] of [
        [['a', 'x'], 'ada'],
        [['x', 'd'], 'ada'],
        [['a', 'b'], 'bob'],
        [['a', 'b'], null],
        [[], 'bob'],
      ] as const) {
        const other = await scene.createProject()
        await converse(other, messageIds, user)
        const result = await takeAll(other, later)
        expect(result).not.toMatchObject({ conflicts: 0 })
        expect(await idsIn(other)).toEqual(messageIds)
      }
    })

    test('a claim that is lost takes nothing in', async () => {
      await live()
      const [record] = readAll(scene.project)
      const target = await scene.createProject()
      const { claim } = await scene.begin({ in: target })
      const arrivals = record === undefined ? [] : [arrivalOf(target, record)]
      const params = { claim: { ...claim, attempt: 9 }, arrivals, conflicts: [], isLast: true, now: startAt }
      expect(await target.transfer.takeIn(params)).toEqual({ kind: 'claim_lost' })
    })
  })
