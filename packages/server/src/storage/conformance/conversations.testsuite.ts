/** Conversations: what is recorded, numbered and listed, who may add to it, what it comes to, and how it ends. */
import { describe, expect, test } from 'vitest'
import type { CompactionContent } from '../../conversations/conversation.ts'
import { transcriptKeyOf } from '../../conversations/transcript-key.ts'
import { startAt } from '../../testing/storage-factories.ts'
import { type EngineUnderTest, useScene } from '../../testing/storage-scene.ts'
import type { NewMessage, ProjectStorage, Recording } from '../storage.ts'

export const describeConversationsConformance = (engine: EngineUnderTest) =>
  describe(`${engine.name}: conversations`, () => {
    const scene = useScene(engine)
    const id = '00000000-0000-4000-8000-0000000000c1'

    const message = (messageId: string, over: Partial<NewMessage> = {}): NewMessage => ({
      ...{ messageId, role: 'user', content: `This is ${messageId}.`, saidAt: startAt, speaker: null },
      ...{ sessionId: null, metadata: null },
      ...over,
    })
    const recording = (messageIds: readonly string[], over: Partial<Recording> = {}): Recording => ({
      ...{ conversationId: id, externalId: null, userId: 'Ada', userKey: 'ada', customer: null },
      messages: messageIds.map((messageId) => message(messageId)),
      messageCountMax: 100,
      ...over,
    })
    const record = async (
      messageIds: readonly string[],
      {
        now = startAt,
        in: target = scene.project,
        ...over
      }: Partial<Recording> & { now?: number; in?: ProjectStorage } = {},
    ) => {
      const [result] = await target.conversations.record({ recordings: [recording(messageIds, over)], now })
      if (result === undefined) throw new Error('a recording was not answered')
      return result
    }
    const seqs = async (conversationId = id) =>
      (await scene.project.conversations.listMessages({ conversationId, after: 0, limit: 100 })).map(
        ({ seq, messageId }) => `${seq} ${messageId}`,
      )
    const sound = async () =>
      expect((await scene.storage.examine()).filter(({ wrongCount }) => wrongCount > 0)).toEqual([])

    test('messages are numbered in order, counted with their characters, and there after a restart', async () => {
      expect(await record(['a', 'b'])).toMatchObject({
        kind: 'recorded',
        messages: [{ seq: 1, recordedAt: startAt }, { seq: 2 }],
      })
      await record(['c'], { messages: [message('c', { content: '🐝🐝', saidAt: startAt + 5 })] })
      await scene.reopen()
      expect(await seqs()).toEqual(['1 a', '2 b', '3 c'])
      expect(await scene.project.conversations.get(id)).toMatchObject({
        ...{ userId: 'Ada', userKey: 'ada', messageCount: 3, length: 22, lastMessageAt: startAt + 5 },
      })
      const page = { conversationId: id, after: 1, limit: 1 }
      expect(await scene.project.conversations.listMessages(page)).toMatchObject([{ seq: 2 }])
      expect(await scene.project.getUser('ada')).toMatchObject({ userId: 'Ada', runCount: 0 })
      await sound()
    })

    test('the same message once more is not recorded again, be it thirty times at once', async () => {
      const all = await Promise.all(Array.from({ length: 30 }, () => record(['a', 'b'])))
      for (const result of all) expect(result).toEqual(all[0])
      await record(['b', 'c'])
      expect(await seqs()).toEqual(['1 a', '2 b', '3 c'])
      await sound()
    })

    test('nobody adds to what is another’s, and each recording is answered by itself', async () => {
      await record(['a'])
      await record(['d'], { conversationId: 'nobody', userId: null, userKey: null })
      const recordings = [
        recording(['b'], { userId: 'Bob', userKey: 'bob' }),
        recording(['c']),
        recording(['e'], { userId: null, userKey: null }),
        recording(['f'], { conversationId: 'nobody' }),
        recording(['g'], { customer: 'acme' }),
        recording(['h'], { customer: 'other' }),
      ]
      const results = await scene.project.conversations.record({ recordings, now: startAt })
      expect(results.map(({ kind }) => kind)).toEqual([
        ...['foreign', 'recorded', 'recorded', 'foreign', 'recorded', 'foreign'],
      ])
      expect(await seqs()).toEqual(['1 a', '2 c', '3 e', '4 g'])
      expect(await scene.project.getUser('bob')).toBeNull()
    })

    test('it takes so many messages and no more', async () => {
      expect(await record(['a', 'b'], { messageCountMax: 2 })).toMatchObject({ kind: 'recorded' })
      expect(await record(['c'], { messageCountMax: 2 })).toEqual({ kind: 'full' })
      expect(await record(['b'], { messageCountMax: 2 })).toMatchObject({ kind: 'recorded' })
      expect(await seqs()).toEqual(['1 a', '2 b'])
    })

    test('a message without a session is of that of the last one, while it is recent', async () => {
      const at = async (now: number, sessionId: string, over: Partial<Recording> = {}) => {
        const result = await record([sessionId], { now, newSession: { sessionId, idleMs: 10 }, ...over })
        return result.kind === 'recorded' ? result.messages[0]?.sessionId : result.kind
      }
      expect(await at(startAt, 's1')).toBe('s1')
      expect(await at(startAt + 10, 's2')).toBe('s1')
      expect(await at(startAt + 21, 's3')).toBe('s3')
      expect(await at(startAt + 22, 's4', { messages: [message('m', { sessionId: 'own' })] })).toBe('own')
    })

    test('what is said about it replaces what was said before, and what is not said stays', async () => {
      await record(['a'], { about: { type: 'call', metadata: { a: 1 } } })
      await record(['b'], { about: { analysis: { mood: 'good' }, endedAt: 9, type: 'chat' } })
      expect(await scene.project.conversations.get(id)).toMatchObject({
        ...{ type: 'chat', metadata: { a: 1 }, analysis: { mood: 'good' }, startedAt: null, endedAt: 9 },
      })
    })

    test('they are listed by their last activity, of one user or of all, and of no other project', async () => {
      await record(['a'], { conversationId: 'one', now: startAt + 1 })
      await record(['a'], { conversationId: 'two', now: startAt + 2, userId: 'Bob', userKey: 'bob' })
      await record(['a'], { conversationId: 'three', now: startAt + 2 })
      await record(['b'], { conversationId: 'one', now: startAt + 3 })
      const other = await scene.createProject()
      const list = async (userKey: string | null, limit = 10) => {
        const seen: string[] = []
        for (let cursor: string | null = null; ; ) {
          const page = await scene.project.conversations.list({ userKey, customer: null, limit, cursor })
          seen.push(...page.items.map(({ conversationId }) => conversationId))
          cursor = page.nextCursor
          if (cursor === null) return seen
        }
      }
      expect(await list(null)).toEqual(['one', 'three', 'two'])
      expect(await list(null, 1)).toEqual(['one', 'three', 'two'])
      expect(await list('ada', 1)).toEqual(['one', 'three'])
      expect(await list('nobody')).toEqual([])
      expect(await other.conversations.get('one')).toBeNull()
      expect(await other.conversations.listMessages({ conversationId: 'one', after: 0, limit: 9 })).toEqual(
        [],
      )
      const all = { userKey: null, customer: null, limit: 9, cursor: null }
      expect((await other.conversations.list(all)).items).toEqual([])
    })

    test('a run and what was said are there together, or neither; a run that is known records it again', async () => {
      const idempotency = { key: transcriptKeyOf(id), digest: 'd', isKept: true }
      const accept = (over: Partial<Recording> = {}, digest = 'd', queueDepthMax = 100) =>
        scene.accept({
          idempotency: { ...idempotency, digest },
          queueDepthMax,
          recording: recording(['a', 'b'], over),
        })
      expect(await accept({}, 'd', 0)).toMatchObject({ kind: 'queue_full' })
      expect(await accept({ messageCountMax: 1 })).toEqual({ kind: 'full' })
      expect(await scene.project.conversations.get(id)).toBeNull()
      expect(await accept()).toMatchObject({ kind: 'accepted' })
      expect(await accept()).toMatchObject({ kind: 'replayed' })
      expect(await accept({ userId: 'Bob', userKey: 'bob' })).toEqual({ kind: 'foreign' })
      expect(await accept({ messages: [message('c')] }, 'other')).toEqual({ kind: 'idempotency_mismatch' })
      expect(await seqs()).toEqual(['1 a', '2 b'])
      await scene.project.conversations.remove({ conversationId: id, keys: [], now: startAt })
      expect(await accept()).toMatchObject({ kind: 'replayed' })
      expect(await seqs()).toEqual(['1 a', '2 b'])
    })

    const compaction: CompactionContent = {
      strategy: 'balanced',
      ...{ targetTokens: null, throughSeq: 1, text: 'User: Bees.', currentState: '' },
      ...{ facts: ['User: Bees.'], decisions: [], preferences: [] },
      ...{ originalTokens: 9, compactedTokens: 3, validationScore: 0.5 },
    }

    test('each run makes one version, and only while it holds its claim', async () => {
      await record(['a'])
      const { conversations } = scene.project
      expect(await conversations.getCompaction({ conversationId: id, version: null })).toBeNull()
      const first = await scene.begin()
      const put = (claim: typeof first.claim, text: string, conversationId = id) =>
        conversations.putCompaction({
          claim,
          conversationId,
          compaction: { ...compaction, text },
          now: startAt,
        })
      expect(await put(first.claim, 'one')).toEqual({ kind: 'done' })
      expect(await put(first.claim, 'one again')).toEqual({ kind: 'done' })
      expect(await put({ ...first.claim, attempt: 9 }, 'lost')).toEqual({ kind: 'claim_lost' })
      await scene.commit(first)
      expect(await put(first.claim, 'too late')).toEqual({ kind: 'claim_lost' })
      const second = await scene.begin()
      expect(await put(second.claim, 'two')).toEqual({ kind: 'done' })
      expect(await put(second.claim, 'of nothing', 'unknown')).toEqual({ kind: 'done' })
      const get = (version: number | null) => conversations.getCompaction({ conversationId: id, version })
      expect(await get(null)).toMatchObject({ version: 2, text: 'two', compactionId: second.run.runId })
      expect(await get(1)).toEqual({
        ...{ ...compaction, text: 'one again', version: 1, createdAt: startAt },
        ...{ conversationId: id, compactionId: first.run.runId },
      })
      expect(await get(3)).toBeNull()
      await scene.project.cancelRun({ runId: second.run.runId, reason: null, now: startAt })
      expect(await put(second.claim, 'unwanted')).toEqual({ kind: 'cancelling' })
      await sound()
    })

    test('one that is removed is not found, its name begins anew, and its rows go bit by bit', async () => {
      await record(['a', 'b', 'c'])
      await record(['x'], { conversationId: 'other' })
      const accepted = await scene.accept({ idempotency: { key: 'of the first', digest: 'd', isKept: true } })
      const { conversations } = scene.project
      const remove = () => conversations.remove({ conversationId: id, keys: ['of the first'], now: startAt })
      expect(await remove()).toBe(true)
      expect(await remove()).toBe(false)
      expect(accepted.kind).toBe('accepted')
      expect(await scene.project.findRunByKey('of the first')).toBeNull()
      expect(await conversations.get(id)).toBeNull()
      await record(['a'])
      expect(await seqs()).toEqual(['1 a'])
      let rounds = 1
      while (await conversations.clear({ limit: 2 })) rounds++
      expect(rounds).toBeGreaterThan(1)
      expect(await seqs()).toEqual(['1 a'])
      expect(await seqs('other')).toEqual(['1 x'])
      await sound()
    })

    test('with its retention goes what nothing was recorded into since', async () => {
      await record(['a'], { conversationId: 'old', now: startAt })
      await record(['a'], { conversationId: 'new', now: startAt + 10 })
      const params = { kind: 'conversations', before: startAt + 10, limit: 1, cursor: null } as const
      expect(await scene.project.prune(params)).toEqual({ removed: 1, next: '' })
      expect(await scene.project.prune(params)).toEqual({ removed: 0, next: null })
      expect(await scene.project.conversations.get('old')).toBeNull()
      expect(await scene.project.conversations.get('new')).not.toBeNull()
      await sound()
    })

    test('an erasure hides those of the user at once, and leaves those of others and of later', async () => {
      await record(['a', 'b', 'c', 'd', 'e'])
      await record(['x'], { conversationId: 'bobs', userId: 'Bob', userKey: 'bob' })
      await scene.project.erasure.accept({
        ...{ runId: scene.nextId(), groupId: scene.groupIdOf(scene.project.projectId), userKey: 'ada' },
        ...{ timeoutMs: 60_000, queueDepthMax: 100, now: startAt },
      })
      expect(await scene.project.conversations.get(id)).toBeNull()
      await record(['later'], { now: startAt + 7 })
      const [claimed] = await scene.claim()
      if (claimed === undefined) throw new Error('the erasure cannot be claimed')
      for (;;) {
        const piece = await scene.project.erasure.eraseSome({ ...claimed, limit: 2, now: startAt })
        if (piece.kind === 'more') continue
        expect(piece).toMatchObject({ result: { left: 0, erased: { conversations: 1, messages: 5 } } })
        break
      }
      expect(await seqs()).toEqual(['1 later'])
      expect(await seqs('bobs')).toEqual(['1 x'])
      expect(await scene.project.getUser('ada')).toMatchObject({ createdAt: startAt + 7 })
      await sound()
    })
  })
