/** Endpoints, and the deliveries that events are written with: to whom, in which order, who makes them, and what becomes of them. */
import { describe, expect, test } from 'vitest'
import { WEBHOOK_RETRY_MS } from '../../kernel/limits.ts'
import { runCounts, runError, startAt } from '../../testing/storage-factories.ts'
import { type EngineUnderTest, useScene } from '../../testing/storage-scene.ts'
import type { ClaimedDelivery, DeliveryResult, Webhook } from '../../webhooks/webhook.ts'
import type { ProjectStorage } from '../storage.ts'

const leaseMs = 1_000

const webhookOf = (webhookId: string, over: Partial<Webhook> = {}): Webhook => ({
  webhookId,
  runId: null,
  url: 'https://a.example/hook',
  description: 'a webhook',
  events: ['*'],
  userId: null,
  userKey: null,
  tags: [],
  secret: 'whsec_one',
  previousSecret: null,
  previousSecretUntil: null,
  disabledAt: null,
  disabledReason: null,
  createdAt: startAt,
  updatedAt: startAt,
  ...over,
})

const delivered: DeliveryResult = {
  state: 'delivered',
  retryAt: null,
  status: 200,
  error: null,
  response: 'thanks',
  disableReason: null,
}
const failed = (retryAt: number): DeliveryResult => ({
  ...delivered,
  state: 'pending',
  retryAt,
  status: 500,
  error: 'the endpoint answered 500',
})
const dead: DeliveryResult = { ...delivered, state: 'dead', status: null, error: 'refused' }

export const describeWebhooksConformance = (engine: EngineUnderTest) =>
  describe(`${engine.name}: webhooks`, () => {
    const scene = useScene(engine)

    const hook = async (over: Partial<Webhook> = {}, project: ProjectStorage = scene.project) => {
      const webhook = webhookOf(scene.nextId(), over)
      await project.webhooks.create({ webhook, countMax: 10 })
      return webhook
    }
    const claim = (
      over: Partial<Parameters<typeof scene.storage.deliveries.claim>[0]> = {},
    ): Promise<readonly ClaimedDelivery[]> =>
      scene.storage.deliveries.claim({
        limit: 100,
        roomMax: 100,
        rooms: new Map(),
        leaseMs,
        now: startAt,
        ...over,
      })
    const record = (claimed: ClaimedDelivery | undefined, result: DeliveryResult, now = startAt) => {
      if (claimed === undefined) throw new Error('nothing was claimed')
      return scene.storage.project(claimed.projectId).webhooks.record({ claimed, result, now })
    }
    const list = async (webhook: Webhook, project = scene.project) => {
      const query = { webhookId: webhook.webhookId, state: null, limit: 100, cursor: null }
      return (await project.webhooks.listDeliveries(query)).items
    }
    const types = (claimed: readonly { readonly type: string }[]) => claimed.map(({ type }) => type)

    test('endpoints are stored, listed in order of creation, and bounded in number', async () => {
      const one = await hook()
      const two = await hook({ userId: 'Ada', userKey: 'ada', createdAt: startAt + 1 })
      expect(await scene.project.webhooks.list()).toEqual([one, two])
      expect(await scene.project.webhooks.get(two.webhookId)).toEqual(two)
      const third = { webhook: webhookOf(scene.nextId()), countMax: 2 }
      expect(await scene.project.webhooks.create(third)).toEqual({ kind: 'limit_reached' })
      const other = await scene.createProject()
      expect(await other.webhooks.list()).toEqual([])
      expect(await other.webhooks.get(one.webhookId)).toBeNull()
      expect(await other.webhooks.remove(one.webhookId)).toBe(false)
      expect(await other.webhooks.create(third)).toMatchObject({ kind: 'created' })
    })

    test('a change touches what it names', async () => {
      const { webhookId } = await hook({ userId: 'Ada', userKey: 'ada' })
      const now = startAt + 5
      const changed = await scene.project.webhooks.update({
        webhookId,
        changes: { url: 'https://b.example/', events: ['run.failed'] },
        now,
      })
      expect(changed).toMatchObject({
        url: 'https://b.example/',
        events: ['run.failed'],
        userKey: 'ada',
        updatedAt: now,
      })
      const everyone = { webhookId, changes: { user: null, description: '' }, now }
      expect(await scene.project.webhooks.update(everyone)).toMatchObject({ userId: null, userKey: null })
      const unknown = { webhookId: scene.nextId(), changes: {}, now }
      expect(await scene.project.webhooks.update(unknown)).toBeNull()
      expect(await scene.project.webhooks.get(webhookId)).toMatchObject({ url: 'https://b.example/' })
    })

    test('a commit writes its deliveries, for the endpoints that ask for the type, of that user and project', async () => {
      const all = await hook()
      const completed = await hook({ events: ['run.completed'], createdAt: startAt + 1 })
      const memories = await hook({ events: ['memory.*'] })
      const failures = await hook({ events: ['run.failed'] })
      const jons = await hook({ userId: 'Jon', userKey: 'jon' })
      const other = await scene.createProject()
      const foreign = await hook({}, other)
      await scene.remember(['Ada keeps bees.', 'Ada keeps goats.'])
      const told = async (webhook: Webhook) => types(await list(webhook)).toReversed()
      expect(await told(all)).toEqual(['memory.created', 'memory.created', 'run.completed'])
      expect(await told(completed)).toEqual(['run.completed'])
      expect(await told(memories)).toEqual(['memory.created', 'memory.created'])
      expect(await told(failures)).toEqual([])
      expect(await told(jons)).toEqual([])
      expect(await list(foreign, other)).toEqual([])
      const ids = [...(await list(all)), ...(await list(completed)), ...(await list(memories))]
      expect(new Set(ids.map(({ deliveryId }) => deliveryId)).size).toBe(6)
    })

    describe('of a run', () => {
      /** A run that brings an endpoint along. */
      const begun = async (user = 'ada') => {
        const runId = scene.nextId()
        const webhook = webhookOf(scene.nextId(), { runId })
        return { webhook, claimed: await scene.begin({ runId, webhook, user }) }
      }
      const healthy = async () =>
        expect((await scene.storage.examine()).filter(({ wrongCount }) => wrongCount > 0)).toEqual([])

      test('they are made with it, told of it alone, and are none of the project', async () => {
        const ofProject = await hook()
        const { webhook, claimed } = await begun()
        await scene.commit(claimed, [scene.creation('Ada keeps bees.')])
        await scene.remember(['Ada keeps goats.'])
        expect(types(await list(webhook))).toEqual(['run.completed', 'memory.created'])
        expect(types(await list(ofProject))).toHaveLength(4)
        expect(await scene.project.webhooks.list()).toEqual([ofProject])
        expect(await scene.project.webhooks.ofRun(claimed.run.runId)).toEqual(webhook)
        expect(await scene.project.webhooks.get(webhook.webhookId)).toEqual(webhook)
        const another = { webhook: webhookOf(scene.nextId()), countMax: 2 }
        expect(await scene.project.webhooks.create(another)).toMatchObject({ kind: 'created' })
        const other = await scene.createProject()
        expect(await other.webhooks.ofRun(claimed.run.runId)).toBeNull()
        await healthy()
      })

      test('they are not made with a run that is not accepted, or was before', async () => {
        const idempotency = { key: 'k', digest: 'd' }
        const bring = async (over: Parameters<typeof scene.accept>[0]) => {
          const runId = scene.nextId()
          const webhook = webhookOf(scene.nextId(), { runId })
          const { kind } = await scene.accept({ idempotency, runId, webhook, ...over })
          return [kind, (await scene.project.webhooks.get(webhook.webhookId)) !== null]
        }
        expect(await bring({ queueDepthMax: 0 })).toEqual(['queue_full', false])
        expect(await bring({})).toEqual(['accepted', true])
        expect(await bring({})).toEqual(['replayed', false])
        expect(await bring({ idempotency: { key: 'k', digest: 'other' } })).toEqual([
          'idempotency_mismatch',
          false,
        ])
      })

      test('they go with it, whatever is still to be delivered', async () => {
        const { webhook, claimed } = await begun()
        await scene.commit(claimed, [scene.creation('Ada keeps bees.')])
        const { webhookId } = webhook
        await scene.project.webhooks.addTest({
          webhookId,
          deliveryId: scene.nextId(),
          body: '{}',
          now: startAt,
        })
        const [inHand] = await claim({ limit: 1 })
        await scene.project.prune({ kind: 'runs', before: startAt + 10, limit: 10, cursor: null })
        expect(await scene.project.getRun(claimed.run.runId)).toBeNull()
        expect(await scene.project.webhooks.get(webhookId)).toBeNull()
        expect(await record(inHand, delivered)).toEqual({ kind: 'claim_lost' })
        expect(await claim({ now: startAt + 10 * leaseMs })).toEqual([])
        await healthy()
      })

      test('they go with the user whose run it was, and another one keeps its own', async () => {
        const gone = await begun('ada')
        await scene.commit(gone.claimed)
        const kept = await begun('ben')
        await scene.commit(kept.claimed)
        await scene.project.erasure.accept({
          ...{ runId: scene.nextId(), groupId: scene.groupIdOf(scene.project.projectId), userKey: 'ada' },
          ...{ timeoutMs: 60_000, queueDepthMax: 100, now: startAt },
        })
        const [erasing] = await scene.claim()
        if (erasing === undefined) throw new Error('the erasure cannot be claimed')
        const params = { claim: erasing.claim, limit: 10, now: startAt }
        let piece = await scene.project.erasure.eraseSome(params)
        while (piece.kind === 'more') piece = await scene.project.erasure.eraseSome(params)
        expect(piece).toMatchObject({ kind: 'finished', result: { left: 0, erased: { webhooks: 1 } } })
        expect(await scene.project.webhooks.get(gone.webhook.webhookId)).toBeNull()
        expect(await scene.project.webhooks.get(kept.webhook.webhookId)).toEqual(kept.webhook)
        await scene.storage
          .project(erasing.claim.projectId)
          .cancelAttempt({ claim: erasing.claim, now: startAt })
        await healthy()
      })
    })

    test('a commit that does not happen writes none', async () => {
      const webhook = await hook()
      const claimed = await scene.begin()
      await scene.storage.project(claimed.claim.projectId).failRun({
        claim: claimed.claim,
        error: runError,
        step: null,
        counts: runCounts(),
        now: startAt,
      })
      expect((await scene.commit(claimed, [scene.creation('Ada keeps bees.')])).kind).toBe('claim_lost')
      expect(types(await list(webhook))).toEqual(['run.failed'])
    })

    test('what an endpoint hears of a run it hears in order, one after the other', async () => {
      const webhook = await hook()
      const other = await hook()
      await scene.remember(['Ada keeps bees.', 'Ada keeps goats.'])
      const [first, ...rest] = (await claim()).filter(({ webhookId }) => webhookId === webhook.webhookId)
      expect(rest).toEqual([])
      expect(first?.type).toBe('memory.created')
      expect(await claim({ now: startAt + 5 })).toEqual([])
      await record(first, failed(startAt + 100))
      expect(await claim({ now: startAt + 99 })).toEqual([])
      const [again] = await claim({ now: startAt + 100 })
      expect(again).toMatchObject({ deliveryId: first?.deliveryId, body: first?.body, attempts: 1 })
      await record(again, dead, startAt + 100)
      const [second] = await claim({ now: startAt + 100 })
      expect(second?.type).toBe('memory.created')
      await record(second, delivered, startAt + 100)
      const [third] = await claim({ now: startAt + 100 })
      expect(third?.type).toBe('run.completed')
      expect((await list(other)).filter(({ state }) => state === 'pending')).toHaveLength(3)
    })

    test('runs do not wait for each other', async () => {
      await hook({ events: ['run.*'] })
      for (const user of ['ada', 'jon', 'eve']) await scene.commit(await scene.begin({ user }))
      expect(types(await claim())).toEqual(['run.completed', 'run.completed', 'run.completed'])
    })

    test('a result is recorded once, by the newest claim only', async () => {
      const webhook = await hook({ events: ['run.*'] })
      await scene.commit(await scene.begin())
      const [first] = await claim()
      const [second] = await claim({ now: startAt + leaseMs })
      expect(second?.deliveryId).toBe(first?.deliveryId)
      expect(await record(first, delivered)).toEqual({ kind: 'claim_lost' })
      expect(await record(second, delivered, startAt + 7)).toEqual({ kind: 'done' })
      expect(await record(second, dead)).toEqual({ kind: 'claim_lost' })
      expect(await list(webhook)).toMatchObject([
        {
          state: 'delivered',
          attempts: 1,
          nextAttemptAt: null,
          lastAttemptAt: startAt + 7,
          lastStatus: 200,
          lastError: null,
          lastResponse: 'thanks',
          endedAt: startAt + 7,
        },
      ])
    })

    test('endpoints take turns, each with its room, whatever waits for one of them', async () => {
      const busy = await hook({ events: ['run.*'] })
      for (let n = 0; n < 20; n++) await scene.commit(await scene.begin({ user: `user ${n}`, now: startAt }))
      const quiet = await hook({ events: ['run.*'] })
      await scene.commit(await scene.begin({ user: 'eve' }))
      const of = (claimed: readonly ClaimedDelivery[], webhook: Webhook) =>
        claimed.filter(({ webhookId }) => webhookId === webhook.webhookId).length
      const first = await claim({ limit: 4, roomMax: 2 })
      expect([of(first, busy), of(first, quiet)]).toEqual([2, 1])
      expect(await claim({ limit: 4, rooms: new Map([[busy.webhookId, 0]]) })).toEqual([])
      expect(await claim({ limit: 4, rooms: new Map([[busy.webhookId, 1]]) })).toHaveLength(1)
      expect(await claim({ limit: 4, roomMax: 0 })).toEqual([])
      expect(await claim()).toHaveLength(18)
    })

    test('the next due instant is that of what is not due now', async () => {
      await hook({ events: ['run.*'] })
      expect(await scene.storage.deliveries.nextDueAt(startAt)).toBeNull()
      await scene.commit(await scene.begin())
      const [claimed] = await claim()
      expect(await scene.storage.deliveries.nextDueAt(startAt)).toBe(startAt + leaseMs)
      await record(claimed, failed(startAt + 50))
      expect(await scene.storage.deliveries.nextDueAt(startAt)).toBe(startAt + 50)
      expect(await scene.storage.deliveries.nextDueAt(startAt + 50)).toBeNull()
      await record((await claim({ now: startAt + 50 }))[0], delivered)
      expect(await scene.storage.deliveries.nextDueAt(startAt)).toBeNull()
    })

    test('what was claimed when the process ended is to be made again at once', async () => {
      const webhook = await hook({ events: ['run.*'] })
      await scene.commit(await scene.begin())
      const [before] = await claim()
      await scene.reopen()
      const [after] = await claim()
      expect(after).toMatchObject({ deliveryId: before?.deliveryId, body: before?.body, attempts: 0 })
      expect(await record(before, delivered)).toEqual({ kind: 'claim_lost' })
      expect(await record(after, delivered)).toEqual({ kind: 'done' })
      expect(await list(webhook)).toMatchObject([{ state: 'delivered', attempts: 1 }])
    })

    test('while a secret is rotated both sign, afterwards only the new one', async () => {
      const { webhookId } = await hook({ events: ['run.*'] })
      const rotation = { webhookId, secret: 'whsec_two', previousUntil: startAt + 100, now: startAt }
      expect(await scene.project.webhooks.rotate(rotation)).toMatchObject({
        secret: 'whsec_two',
        previousSecret: 'whsec_one',
        previousSecretUntil: startAt + 100,
      })
      await scene.commit(await scene.begin())
      const [during] = await claim()
      expect(during?.secrets).toEqual(['whsec_two', 'whsec_one'])
      await record(during, failed(startAt + 100))
      expect((await claim({ now: startAt + 100 }))[0]?.secrets).toEqual(['whsec_two'])
      expect(await scene.project.webhooks.rotate({ ...rotation, webhookId: scene.nextId() })).toBeNull()
    })

    test('a disabled endpoint is told nothing; what waits goes on when it is enabled', async () => {
      const { webhookId } = await hook({ events: ['run.*'] })
      await scene.commit(await scene.begin({ user: 'ada' }))
      await scene.commit(await scene.begin({ user: 'jon' }))
      const [one] = await claim({ limit: 1 })
      await record(one, { ...dead, disableReason: 'gone' }, startAt + 1)
      expect(await scene.project.webhooks.get(webhookId)).toMatchObject({
        disabledAt: startAt + 1,
        disabledReason: 'gone',
      })
      expect(await claim({ now: startAt + 10 })).toEqual([])
      await scene.commit(await scene.begin({ user: 'eve' }))
      const test = { webhookId, deliveryId: scene.nextId(), body: '{}', now: startAt }
      expect(await scene.project.webhooks.addTest(test)).toBeNull()
      const changes = { enabled: true }
      expect(await scene.project.webhooks.update({ webhookId, changes, now: startAt })).toMatchObject({
        disabledAt: null,
        disabledReason: null,
      })
      expect(await claim({ now: startAt + 10 })).toHaveLength(1)
    })

    test('disabled by hand it keeps the first reason', async () => {
      const { webhookId } = await hook()
      const off = (disabledReason: string, now: number) =>
        scene.project.webhooks.update({ webhookId, changes: { enabled: false, disabledReason }, now })
      await off('first', startAt + 1)
      expect(await off('second', startAt + 2)).toMatchObject({
        disabledAt: startAt + 1,
        disabledReason: 'first',
      })
    })

    test('a removed endpoint is told nothing more, and its deliveries are removed piece by piece', async () => {
      const webhook = await hook({ events: ['run.*'] })
      for (const user of ['ada', 'jon', 'eve']) await scene.commit(await scene.begin({ user }))
      const [underway] = await claim({ limit: 1 })
      expect(await scene.project.webhooks.remove(webhook.webhookId)).toBe(true)
      expect(await scene.project.webhooks.remove(webhook.webhookId)).toBe(false)
      expect(await claim({ now: startAt + leaseMs })).toEqual([])
      await record(underway, delivered)
      expect(await scene.storage.deliveries.nextDueAt(0)).toBeNull()
      const clear = { webhookId: webhook.webhookId, limit: 2 }
      expect(await scene.project.webhooks.clear(clear)).toBe(2)
      expect(await scene.project.webhooks.clear(clear)).toBe(1)
      expect(await list(webhook)).toEqual([])
    })

    test('a test is delivered by itself and not again', async () => {
      const { webhookId } = await hook({ events: ['run.failed'] })
      const deliveryId = scene.nextId()
      const params = { webhookId, deliveryId, body: '{"a":1}', now: startAt }
      expect(await scene.project.webhooks.addTest(params)).toMatchObject({
        deliveryId,
        type: 'webhook.test',
        runId: null,
        state: 'pending',
      })
      expect(await claim()).toMatchObject([{ deliveryId, body: '{"a":1}', retryUntil: startAt }])
      const other = await scene.createProject()
      expect(await other.webhooks.addTest({ ...params, deliveryId: scene.nextId() })).toBeNull()
    })

    test('deliveries are listed newest first, page by page, by state, and read with their body', async () => {
      const webhook = await hook({ events: ['run.*'] })
      for (const user of ['ada', 'jon', 'eve']) await scene.commit(await scene.begin({ user }))
      const all = await list(webhook)
      const page = async (cursor: string | null, state: 'pending' | 'dead' | null = null) =>
        scene.project.webhooks.listDeliveries({ webhookId: webhook.webhookId, state, limit: 2, cursor })
      const first = await page(null)
      expect(first.items).toEqual(all.slice(0, 2))
      expect(await page(first.nextCursor)).toEqual({ items: all.slice(2), nextCursor: null })
      const [one] = await claim({ limit: 1 })
      await record(one, dead)
      expect((await page(null, 'dead')).items).toMatchObject([{ deliveryId: one?.deliveryId }])
      expect((await page(null, 'pending')).items).toHaveLength(2)
      const address = { webhookId: webhook.webhookId, deliveryId: one?.deliveryId ?? '' }
      expect(await scene.project.webhooks.getDelivery(address)).toMatchObject({
        delivery: { deliveryId: one?.deliveryId },
        body: one?.body,
      })
      const other = await scene.createProject()
      expect(await other.webhooks.getDelivery(address)).toBeNull()
      expect(await other.webhooks.replay({ ...address, now: startAt })).toBeNull()
    })

    test('a replay makes a delivery again, under its id, with its attempts and its time anew', async () => {
      const webhook = await hook({ events: ['run.*'] })
      await scene.commit(await scene.begin())
      const [first] = await claim()
      await record(first, dead)
      const now = startAt + 10 * WEBHOOK_RETRY_MS
      const address = { webhookId: webhook.webhookId, deliveryId: first?.deliveryId ?? '' }
      expect(await scene.project.webhooks.replay({ ...address, now })).toMatchObject({
        state: 'pending',
        attempts: 0,
        endedAt: null,
        nextAttemptAt: now,
      })
      const [again] = await claim({ now })
      expect(again).toMatchObject({
        deliveryId: first?.deliveryId,
        body: first?.body,
        retryUntil: now + WEBHOOK_RETRY_MS,
      })
      // While it is being made, another replay changes nothing about it.
      await scene.project.webhooks.replay({ ...address, now })
      expect(await claim({ now })).toEqual([])
      expect(await record(again, failed(now + 1_000), now)).toEqual({ kind: 'done' })
      // One that waits is made without further wait.
      await scene.project.webhooks.replay({ ...address, now })
      expect(await claim({ now })).toMatchObject([{ attempts: 1 }])
    })

    test('a replayed event of a run goes before the later ones that wait', async () => {
      const webhook = await hook({ events: ['*'] })
      await scene.remember(['Ada keeps bees.'])
      const [created] = await claim()
      await record(created, dead)
      const address = { webhookId: webhook.webhookId, deliveryId: created?.deliveryId ?? '' }
      await scene.project.webhooks.replay({ ...address, now: startAt })
      const [again, ...rest] = await claim()
      expect([again?.deliveryId, rest]).toEqual([created?.deliveryId, []])
      await record(again, delivered)
      expect(types(await claim())).toEqual(['run.completed'])
    })

    test('all dead ones are made again, the oldest first, so many at a time', async () => {
      const webhook = await hook({ events: ['run.*'] })
      for (const user of ['ada', 'jon', 'eve']) await scene.commit(await scene.begin({ user }))
      for (const claimed of await claim()) await record(claimed, dead)
      const oldest = (await list(webhook)).at(-1)
      const params = { webhookId: webhook.webhookId, limit: 2, now: startAt }
      expect(await scene.project.webhooks.replayDead({ ...params, limit: 1 })).toBe(1)
      expect(await claim()).toMatchObject([{ deliveryId: oldest?.deliveryId }])
      expect(await scene.project.webhooks.replayDead(params)).toBe(2)
      expect(await scene.project.webhooks.replayDead(params)).toBe(0)
      expect(await claim()).toHaveLength(2)
    })

    test('a delivery says what the run was when the event happened', async () => {
      await hook({ events: ['run.completed'] })
      const claimed = await scene.begin()
      await scene.commit(claimed, [scene.creation('Ada keeps bees.')])
      const [told] = await claim()
      expect(JSON.parse(told?.body ?? '')).toMatchObject({
        type: 'run.completed',
        timestamp: new Date(startAt).toISOString(),
        data: {
          run_id: claimed.run.runId,
          state: 'completed',
          user_id: 'ada',
          counts: { created: 1 },
          committed_operations: { created: [{}], updated: [], deleted: [] },
        },
      })
    })
  })
