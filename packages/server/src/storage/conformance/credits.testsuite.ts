/** Credits: what a step costs is charged with its record, exactly once, and the balance, the month and the ledger agree. */
import { describe, expect, test } from 'vitest'
import type { StepRecord } from '../../runs/run.ts'
import { makeCharge } from '../../testing/agent-factories.ts'
import { leaseMs, runCounts, runError, startAt, stepRecord } from '../../testing/storage-factories.ts'
import { type Claimed, type EngineUnderTest, useScene } from '../../testing/storage-scene.ts'

/** November 2023, in which everything starts. */
const monthStartAt = Date.UTC(2023, 10, 1)

export const describeCreditsConformance = (engine: EngineUnderTest) =>
  describe(`${engine.name}: credits`, () => {
    const scene = useScene(engine)

    const credits = (project = scene.project) => project.agents.getCredits({ monthStartAt })
    const listed = { runId: null, kind: null, limit: 100, cursor: null }
    const transactions = async () =>
      (await scene.project.agents.listCreditTransactions(listed)).items.toReversed()
    const grant = (amount: string | null) => scene.project.agents.grantCredits({ amount, now: startAt })
    const modelStep = (over: Partial<StepRecord> = {}) =>
      stepRecord({
        name: 'model-1',
        type: 'model',
        use: { model: 'small-1', inputTokens: 90, outputTokens: 10, cost: 0 },
        charge: makeCharge(),
        ...over,
      })
    const isSound = async () =>
      expect((await scene.storage.examine()).filter(({ wrongCount }) => wrongCount > 0)).toEqual([])

    test('an account begins without rates, caps and balance, and keeps what is set', async () => {
      const rates = { models: { '*': { input: '0.1', output: '0.3' } }, action: '0.05' }
      const caps = { tokens: 1_000, actions: null, credits: '12.5' }
      const empty = {
        ...{ rates: { models: {}, action: '0' }, caps: { tokens: null, actions: null, credits: null } },
        ...{ balance: null, used: { tokens: 0, actions: 0, credits: '0' } },
      }
      expect(await credits()).toEqual(empty)
      await scene.project.agents.setCredits({ rates })
      await scene.project.agents.setCredits({ caps })
      expect(await credits()).toEqual({ ...empty, rates, caps })
      expect(await credits(await scene.createProject())).toEqual(empty)
    })

    test('a grant adds to the balance exactly, and null ends counting it', async () => {
      for (const amount of ['0.1', '0.2', '-0.05']) await grant(amount)
      expect(await credits()).toMatchObject({ balance: '0.25' })
      await grant(null)
      expect(await credits()).toMatchObject({ balance: null })
      await grant('7')
      expect(
        (await transactions()).map(({ seq, kind, amount, balanceBefore, balanceAfter }) => [
          ...[seq, kind, amount, balanceBefore, balanceAfter],
        ]),
      ).toEqual([
        [1, 'grant', '0.1', null, '0.1'],
        [2, 'grant', '0.2', '0.1', '0.3'],
        [3, 'grant', '-0.05', '0.3', '0.25'],
        [4, 'grant', '0', '0.25', null],
        [5, 'grant', '7', null, '7'],
      ])
      await isSound()
    })

    test('thirty-two grants at once add up', async () => {
      await Promise.all(Array.from({ length: 32 }, () => grant('0.1')))
      expect(await credits()).toMatchObject({ balance: '3.2' })
      expect((await transactions()).map(({ seq }) => seq)).toEqual(
        Array.from({ length: 32 }, (_, n) => n + 1),
      )
      await isSound()
    })

    test('a recorded step is charged with its record: balance, month and ledger', async () => {
      await grant('1')
      const { claim } = await scene.begin()
      const action = makeCharge({ amount: '0.05', tokens: 0, actions: 1 })
      await scene.project.recordStep({ claim, step: modelStep() })
      await scene.project.recordStep({
        claim,
        step: stepRecord({ name: 'action-1-1', type: 'action', charge: action }),
      })
      expect(await credits()).toMatchObject({
        balance: '0.7',
        used: { tokens: 100, actions: 1, credits: '0.3' },
      })
      const charged = { kind: 'charge', runId: claim.runId, at: startAt }
      expect((await transactions()).slice(1)).toEqual([
        {
          ...{ ...charged, seq: 2, step: 'model-1', model: 'small-1', tokens: 100, actions: 0 },
          ...{ amount: '-0.25', balanceBefore: '1', balanceAfter: '0.75' },
        },
        {
          ...{ ...charged, seq: 3, step: 'action-1-1', model: null, tokens: 0, actions: 1 },
          ...{ amount: '-0.05', balanceBefore: '0.75', balanceAfter: '0.7' },
        },
      ])
      expect((await scene.project.listSteps(claim.runId)).map(({ charge }) => charge)).toEqual([
        makeCharge(),
        action,
      ])
      await isSound()
    })

    test('without a balance the ledger and the month are kept all the same; what costs nothing is counted', async () => {
      const { claim } = await scene.begin()
      await scene.project.recordStep({ claim, step: modelStep({ charge: makeCharge({ amount: '0' }) }) })
      expect(await credits()).toMatchObject({ balance: null, used: { tokens: 100, credits: '0' } })
      expect(await transactions()).toMatchObject([{ amount: '0', balanceBefore: null, balanceAfter: null }])
      await isSound()
    })

    const failure = ({ claim }: Claimed) => ({
      ...{ claim, error: runError, now: startAt },
      step: modelStep({ status: 'failed', error: runError, attempt: claim.attempt }),
    })
    test.each<[string, (claimed: Claimed) => Promise<unknown>]>([
      ['recordStep', ({ claim }) => scene.project.recordStep({ claim, step: modelStep() })],
      [
        'commitStep',
        ({ claim }) =>
          scene.project.commitStep({
            ...{ claim, operations: [], confirmations: [], counts: runCounts(), step: modelStep() },
            now: startAt,
          }),
      ],
      ['commitRun', (claimed) => scene.commit(claimed, [], { step: modelStep() })],
      ['retryRun', (claimed) => scene.project.retryRun({ ...failure(claimed), retryAt: startAt })],
      ['failRun', (claimed) => scene.project.failRun(failure(claimed))],
    ])('%s charges what it records, and nothing when the claim is lost', async (_verb, write) => {
      await grant('1')
      const lost = await scene.begin()
      const [held] = await scene.claim(1, startAt + leaseMs)
      expect(await write(lost)).toEqual({ kind: 'claim_lost' })
      expect(await credits()).toMatchObject({ balance: '1', used: { tokens: 0, credits: '0' } })
      if (held === undefined) throw new Error('nothing was claimed')
      await write(held)
      expect(await credits()).toMatchObject({ balance: '0.75', used: { tokens: 100, credits: '0.25' } })
      expect(await transactions()).toHaveLength(2)
      await isSound()
    })

    test('a commit that meets a conflict charges nothing, and the next one once', async () => {
      const [memory] = await scene.remember(['Ada keeps bees.'])
      if (memory === undefined) throw new Error('nothing was remembered')
      const claimed = await scene.begin()
      const stale = scene.update({ ...memory, version: 7 }, 'Ada keeps many bees.')
      expect((await scene.commit(claimed, [stale], { step: modelStep() })).kind).toBe('conflict')
      expect(await transactions()).toEqual([])
      await scene.commit(claimed, [scene.update(memory, 'Ada keeps many bees.')], { step: modelStep() })
      expect(await transactions()).toHaveLength(1)
    })

    test('recorded thirty-two times at once, a step is charged once', async () => {
      const { claim } = await scene.begin()
      const amounts = Array.from({ length: 32 }, (_, n) => makeCharge({ amount: `0.${n + 10}` }))
      await Promise.all(
        amounts.map((charge) => scene.project.recordStep({ claim, step: modelStep({ charge }) })),
      )
      expect(await credits()).toMatchObject({ used: { tokens: 100, credits: '0.1' } })
      expect(await scene.project.listSteps(claim.runId)).toMatchObject([{ charge: { amount: '0.1' } }])
      await isSound()
    })

    test('each failed attempt is charged; once the step is done, it is not charged again', async () => {
      const again = async (at: number) => {
        const [claimed] = await scene.claim(1, at)
        if (claimed === undefined) throw new Error('nothing was claimed')
        return claimed
      }
      const first = await scene.begin()
      await scene.project.retryRun({ ...failure(first), retryAt: startAt })
      const second = await again(startAt)
      await scene.project.recordStep({ claim: second.claim, step: modelStep({ attempt: 2 }) })
      const third = await again(startAt + leaseMs)
      await scene.project.recordStep({ claim: third.claim, step: modelStep({ attempt: 3 }) })
      expect(await credits()).toMatchObject({ used: { tokens: 200, credits: '0.5' } })
      expect((await scene.project.listSteps(first.run.runId)).map(({ charge }) => charge)).toEqual([
        makeCharge(),
        makeCharge(),
        undefined,
      ])
      await isSound()
    })

    test('what is tried again from a step costs again from there', async () => {
      const { claim } = await scene.begin()
      for (const name of ['model-1', 'model-2'])
        await scene.project.recordStep({ claim, step: modelStep({ name }) })
      await scene.project.failRun({ claim, error: runError, step: null, now: startAt })
      const requeue = { runId: claim.runId, voidSteps: ['model-2'], queueDepthMax: 9, now: startAt }
      await scene.project.requeueRun(requeue)
      const [next] = await scene.claim()
      if (next === undefined) throw new Error('nothing was claimed')
      for (const name of ['model-1', 'model-2'])
        await scene.project.recordStep({ claim: next.claim, step: modelStep({ name, attempt: 2 }) })
      expect((await transactions()).map(({ step }) => step)).toEqual(['model-1', 'model-2', 'model-2'])
      await isSound()
    })

    test('amounts are decimals: rounded half-even to six places, with any number of digits before', async () => {
      await grant('123456789012345678901234567890')
      const { claim } = await scene.begin()
      for (const [n, amount] of ['0.0000005', '0.0000015', '0.0000025'].entries())
        await scene.project.recordStep({
          claim,
          step: modelStep({ name: `model-${n}`, charge: makeCharge({ amount }) }),
        })
      expect((await transactions()).slice(1).map(({ amount }) => amount)).toEqual([
        ...['0', '-0.000002', '-0.000002'],
      ])
      expect(await credits()).toMatchObject({
        balance: '123456789012345678901234567889.999996',
        used: { credits: '0.000004' },
      })
    })

    test('a charge belongs to the month in which its step ended', async () => {
      const { claim } = await scene.begin()
      const next = Date.UTC(2023, 11, 1)
      await scene.project.recordStep({ claim, step: modelStep({ completedAt: next - 1 }) })
      await scene.project.recordStep({ claim, step: modelStep({ name: 'model-2', completedAt: next }) })
      expect(await credits()).toMatchObject({ used: { tokens: 100 } })
      expect(await scene.project.agents.getCredits({ monthStartAt: next })).toMatchObject({
        used: { tokens: 100 },
      })
      await isSound()
    })

    test('transactions are listed by run and kind, page by page, and only those of the project', async () => {
      const other = await scene.createProject()
      const foreign = await scene.begin({ in: other })
      await other.recordStep({ claim: foreign.claim, step: modelStep() })
      await grant('5')
      const [first, second] = [await scene.begin({ user: 'ada' }), await scene.begin({ user: 'ben' })]
      for (const { claim } of [first, second, first])
        await scene.project.recordStep({ claim, step: modelStep({ name: `model-${scene.nextId()}` }) })
      const seqs = async (over: object) => {
        const page = await scene.project.agents.listCreditTransactions({ ...listed, ...over })
        return [page.items.map(({ seq }) => seq), page.nextCursor] as const
      }
      expect(await seqs({})).toEqual([[4, 3, 2, 1], null])
      expect(await seqs({ kind: 'grant' })).toEqual([[1], null])
      expect(await seqs({ runId: first.run.runId })).toEqual([[4, 2], null])
      expect(await seqs({ runId: first.run.runId, kind: 'charge', limit: 1 })).toEqual([[4], '4'])
      expect(await seqs({ runId: first.run.runId, kind: 'grant' })).toEqual([[], null])
      expect(await seqs({ runId: foreign.run.runId })).toEqual([[], null])
      const [page, cursor] = await seqs({ limit: 3 })
      expect(page).toEqual([4, 3, 2])
      expect(await seqs({ limit: 3, cursor })).toEqual([[1], null])
    })

    test('the ledger outlives its runs', async () => {
      const claimed = await scene.begin()
      await scene.project.recordStep({ claim: claimed.claim, step: modelStep() })
      await scene.commit(claimed)
      const prune = { kind: 'runs', before: startAt + 1, limit: 10, cursor: null } as const
      expect(await scene.project.prune(prune)).toMatchObject({ removed: 1 })
      expect(await transactions()).toHaveLength(1)
      await isSound()
    })

    describe('past its retention', () => {
      const december = Date.UTC(2023, 11, 1)
      const january = Date.UTC(2024, 0, 1)
      const pruneLedger = (before: number, limit = 100) =>
        scene.project.prune({ kind: 'ledger', before, limit, cursor: null })
      const charge = async (claimed: Claimed, name: string, completedAt: number) =>
        scene.project.recordStep({ claim: claimed.claim, step: modelStep({ name, completedAt }) })

      /** A grant and two charges of November, two of December; of a run that has ended. */
      const spend = async () => {
        await grant('2')
        const claimed = await scene.begin()
        for (const [n, at] of [startAt, december - 1, december, january - 1].entries())
          await charge(claimed, `model-${n}`, at)
        await scene.commit(claimed)
        return claimed
      }
      const account = async () => [
        await credits(),
        await scene.project.agents.getCredits({ monthStartAt: december }),
      ]

      test('whole months go, and their balance is carried forward', async () => {
        await spend()
        const before = await account()
        expect(await pruneLedger(december - 1)).toEqual({ removed: 0, next: null })
        expect(await pruneLedger(january - 1)).toEqual({ removed: 3, next: null })
        expect(await account()).toEqual(before)
        expect(await transactions()).toMatchObject([
          {
            ...{ seq: 3, kind: 'carried', runId: null, step: null, model: null, tokens: 0, actions: 0 },
            ...{ amount: '1.5', balanceBefore: null, balanceAfter: '1.5', at: december - 1 },
          },
          { seq: 4, kind: 'charge', amount: '-0.25', balanceBefore: '1.5' },
          { seq: 5, kind: 'charge', balanceAfter: '1' },
        ])
        await isSound()
        expect(await pruneLedger(january - 1)).toEqual({ removed: 0, next: null })
        expect(await pruneLedger(january)).toEqual({ removed: 2, next: null })
        await scene.reopen()
        await scene.project.agents.grantCredits({ amount: '0.5', now: january })
        expect(await transactions()).toMatchObject([
          { seq: 5, kind: 'carried', amount: '1', balanceBefore: null, balanceAfter: '1' },
          { seq: 6, kind: 'grant', balanceBefore: '1', balanceAfter: '1.5' },
        ])
        expect((await account())[1]).toMatchObject({ balance: '1.5', used: { credits: '0.5' } })
        await isSound()
      })

      test('a bounded number goes at a time, sound in between, and nothing of another project', async () => {
        const other = await scene.createProject()
        await other.agents.grantCredits({ amount: '9', now: startAt })
        await spend()
        const before = await account()
        const rounds: unknown[] = []
        for (let next: string | null = ''; next !== null; ) {
          const pruned = await pruneLedger(january, 1)
          rounds.push(pruned.removed)
          next = pruned.next
          expect(await account()).toEqual(before)
          await isSound()
        }
        expect(rounds).toEqual([1, 1, 1, 1, 1, 0])
        expect(await transactions()).toMatchObject([{ seq: 5, kind: 'carried', balanceAfter: '1' }])
        expect((await other.agents.listCreditTransactions(listed)).items).toMatchObject([{ kind: 'grant' }])
      })

      test('what a run in work was charged stays, with all after it: nothing is charged again', async () => {
        await grant('2')
        const held = await scene.begin({ user: 'ada' })
        await charge(held, 'model-1', startAt)
        const ended = await scene.begin({ user: 'ben' })
        await charge(ended, 'model-1', startAt)
        await scene.commit(ended)
        expect(await pruneLedger(january)).toEqual({ removed: 1, next: null })
        await charge(held, 'model-1', startAt)
        expect(await transactions()).toMatchObject([
          ...[
            { seq: 1, kind: 'carried', amount: '2' },
            { seq: 2, kind: 'charge' },
            { seq: 3, kind: 'charge' },
          ],
        ])
        expect(await credits()).toMatchObject({ balance: '1.5', used: { credits: '0.5' } })
        await scene.commit(held)
        expect(await pruneLedger(january)).toEqual({ removed: 2, next: null })
        await isSound()
      })

      test('a run that is tried again is charged for what it does anew, and for nothing else', async () => {
        const { claim } = await scene.begin()
        await charge({ claim } as Claimed, 'model-1', startAt)
        await scene.project.failRun({ claim, error: runError, step: null, now: startAt })
        await pruneLedger(january)
        await scene.project.requeueRun({ runId: claim.runId, voidSteps: [], queueDepthMax: 9, now: startAt })
        const [next] = await scene.claim()
        if (next === undefined) throw new Error('nothing was claimed')
        for (const name of ['model-1', 'model-2'])
          await scene.project.recordStep({ claim: next.claim, step: modelStep({ name, attempt: 2 }) })
        expect((await transactions()).map(({ kind, step }) => [kind, step])).toEqual([
          ['carried', null],
          ['charge', 'model-2'],
        ])
        expect(await credits()).toMatchObject({ used: { credits: '0.5' } })
        await isSound()
      })

      test('a balance that is not counted is carried as none, one below zero as that', async () => {
        await spend()
        await grant(null)
        await pruneLedger(january)
        expect(await transactions()).toMatchObject([{ amount: '0', balanceBefore: null, balanceAfter: null }])
        await isSound()
        await grant('-3')
        await pruneLedger(january)
        expect(await transactions()).toMatchObject([{ seq: 7, amount: '-3', balanceAfter: '-3' }])
        await isSound()
      })
    })
  })
