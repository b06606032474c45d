/** What a claim may write, and that a lost one writes nothing. */
import { describe, expect, test } from 'vitest'
import type { RunState } from '../../runs/run.ts'
import { leaseMs, runCounts, runError, startAt, stepRecord } from '../../testing/storage-factories.ts'
import { type Claimed, type EngineUnderTest, useScene } from '../../testing/storage-scene.ts'

export const describeAttemptsConformance = (engine: EngineUnderTest) =>
  describe(`${engine.name}: attempts`, () => {
    const scene = useScene(engine)

    const events = async (runId: string) =>
      (await scene.project.listEvents({ runId, after: 0, limit: 100 })).map(({ type }) => type)
    const failure = (claimed: Claimed, now = startAt + 1) => ({
      claim: claimed.claim,
      error: runError,
      step: stepRecord({ name: 'extract', type: 'extract', status: 'failed', error: runError }),
      now,
    })

    const beginning = {
      ...{ name: 'model-1', attempt: 1, startedAt: startAt + 1 },
      ...{ kind: 'model' as const, of: 'small', number: 1 },
    }

    /** Every write a claim can make. */
    const writes = (claimed: Claimed) => ({
      renewLease: () => scene.project.renewLease({ claim: claimed.claim, leaseUntil: startAt + 9 * leaseMs }),
      beginStep: () => scene.project.beginStep({ claim: claimed.claim, step: beginning }),
      recordStep: () =>
        scene.project.recordStep({
          claim: claimed.claim,
          step: stepRecord({ name: 'extract', type: 'extract', output: 1 }),
        }),
      retryRun: () => scene.project.retryRun({ ...failure(claimed), retryAt: startAt + 2 }),
      failRun: () => scene.project.failRun({ ...failure(claimed), counts: runCounts() }),
      commitRun: () => scene.commit(claimed, [scene.creation('Ada keeps bees.')]),
    })

    const refuseAll = async (claimed: Claimed) => {
      const { runId } = claimed.run
      const state = async () => [
        await scene.project.getRun(runId),
        await scene.project.listSteps(runId),
        await events(runId),
        await scene.storage.nextDueAt(),
        await scene.storage.queueStatus(),
        await scene.project.listMemories({
          partitions: [scene.scope({})],
          topics: [{ topic: 'facts', properties: {} }],
          limit: 10,
          cursor: null,
        }),
      ]
      const before = await state()
      for (const [name, write] of Object.entries(writes(claimed))) {
        expect(await write(), name).toEqual({ kind: 'claim_lost' })
        expect(await state(), name).toEqual(before)
      }
    }

    test('a claim that another attempt has replaced writes nothing', async () => {
      const lost = await scene.begin()
      expect(await scene.claim(1, startAt + leaseMs)).toHaveLength(1)
      await refuseAll(lost)
    })

    test('a claim that has given its run back for a retry writes nothing', async () => {
      const claimed = await scene.begin()
      expect(await scene.project.retryRun({ ...failure(claimed), retryAt: startAt + 50 })).toEqual({
        kind: 'done',
      })
      await refuseAll(claimed)
    })

    test('a claim of an unknown run, of a queued one and through another project writes nothing', async () => {
      const queued = await scene.add()
      const claim = { projectId: scene.project.projectId, attempt: 0, leaseUntil: startAt }
      await refuseAll({ run: queued, claim: { ...claim, runId: queued.runId } })
      await refuseAll({ run: queued, claim: { ...claim, runId: scene.nextId(), attempt: 1 } })
      const [claimed] = await scene.claim()
      const other = await scene.createProject()
      if (claimed === undefined) throw new Error('nothing was claimed')
      const foreign = { ...claimed.claim, projectId: other.projectId }
      expect(await other.recordStep({ claim: foreign, step: stepRecord() })).toEqual({ kind: 'claim_lost' })
      expect(await other.renewLease({ claim: foreign, leaseUntil: 0 })).toEqual({ kind: 'claim_lost' })
      expect((await scene.commit({ ...claimed, claim: foreign })).kind).toBe('claim_lost')
      expect((await scene.commit(claimed)).kind).toBe('committed')
    })

    test.each<[RunState, (claimed: Claimed) => Promise<unknown>]>([
      ['completed', (claimed) => scene.commit(claimed)],
      ['partial', (claimed) => scene.commit(claimed, [], { state: 'partial', error: runError })],
      ['failed', (claimed) => scene.project.failRun({ ...failure(claimed), counts: runCounts() })],
    ])('a %s run never changes', async (state, end) => {
      const claimed = await scene.begin()
      await end(claimed)
      expect((await scene.project.getRun(claimed.run.runId))?.run).toMatchObject({ state })
      await refuseAll(claimed)
      expect(await scene.claim(10, startAt + 100 * leaseMs)).toEqual([])
    })

    test('a step is recorded once per attempt: the last record stands', async () => {
      const { claim } = await scene.begin()
      const step = stepRecord({ name: 'extract', type: 'extract', output: { first: true } })
      await scene.project.recordStep({ claim, step })
      const again = { ...step, completedAt: startAt + 4, output: { second: ['ä', 1] } }
      expect(await scene.project.recordStep({ claim, step: again })).toEqual({ kind: 'done' })
      expect(await scene.project.listSteps(claim.runId)).toMatchObject([again])
    })

    test('what models took for a step is kept with it, and counted on its day', async () => {
      const { claim } = await scene.begin()
      const use = { model: 'small-1', inputTokens: 100, outputTokens: 10, cost: 0.5 }
      await scene.project.recordStep({ claim, step: stepRecord({ name: 'extract', type: 'extract', use }) })
      expect(await scene.project.listSteps(claim.runId)).toMatchObject([{ name: 'extract', use }])
      const day = Math.floor(startAt / 86_400_000)
      const [usage] = await scene.project.usage({ fromDay: day, toDay: day })
      expect(usage).toMatchObject({ tokens: { input: 100, output: 10 }, cost: 0.5 })
    })

    test('steps are listed by attempt, then in order of their record', async () => {
      const first = await scene.begin()
      await scene.project.recordStep({
        claim: first.claim,
        step: stepRecord({ name: 'extract', type: 'extract' }),
      })
      await scene.project.recordStep({
        claim: first.claim,
        step: stepRecord({ name: 'transform', type: 'transform' }),
      })
      const [second] = await scene.claim(1, startAt + leaseMs)
      if (second === undefined) throw new Error('nothing was claimed')
      const step = stepRecord({ name: 'extract', type: 'extract', attempt: 2 })
      await scene.project.recordStep({ claim: second.claim, step })
      const steps = await scene.project.listSteps(first.run.runId)
      expect(steps.map(({ attempt, name }) => `${attempt} ${name}`)).toEqual([
        '1 extract',
        '1 transform',
        '2 extract',
      ])
    })

    test('a step that begins is an event and no record, and who begins it hears of a cancellation', async () => {
      const { claim, run } = await scene.begin()
      expect(await scene.project.beginStep({ claim, step: beginning })).toEqual({ kind: 'done' })
      const told = await scene.project.listEvents({ runId: run.runId, after: 2, limit: 10 })
      expect(told).toMatchObject([
        {
          ...{ seq: 3, type: 'step.started', at: startAt + 1 },
          data: { step: 'model-1', attempt: 1, kind: 'model', name: 'small', number: 1 },
        },
      ])
      expect(await scene.project.listSteps(run.runId)).toEqual([])
      await scene.project.cancelRun({ runId: run.runId, reason: null, now: startAt + 2 })
      expect(await scene.project.beginStep({ claim, step: beginning })).toEqual({ kind: 'cancelling' })
    })

    test('a retry keeps the run running, counts the failure, and says why and when', async () => {
      const claimed = await scene.begin()
      await scene.project.retryRun({ ...failure(claimed), retryAt: startAt + 50 })
      expect((await scene.project.getRun(claimed.run.runId))?.run).toMatchObject({
        state: 'running',
        attempt: 1,
        failures: 1,
        retryAt: startAt + 50,
        error: runError,
        completedAt: null,
        updatedAt: startAt + 1,
      })
      expect(await scene.project.listSteps(claimed.run.runId)).toMatchObject([
        { status: 'failed', error: runError },
      ])
      expect(await events(claimed.run.runId)).toEqual([
        'run.accepted',
        'run.started',
        'step.failed',
        'run.retrying',
      ])
      expect((await scene.storage.queueStatus()).openCount).toBe(1)
    })

    test('a run that fails for good ends with its error, and its lane goes on', async () => {
      const claimed = await scene.begin()
      const next = await scene.add()
      const counts = runCounts({ failedInputs: 1 })
      await scene.project.failRun({ ...failure(claimed), counts })
      expect((await scene.project.getRun(claimed.run.runId))?.run).toMatchObject({
        state: 'failed',
        outcome: null,
        error: runError,
        counts,
        completedAt: startAt + 1,
      })
      expect(await events(claimed.run.runId)).toEqual([
        'run.accepted',
        'run.started',
        'step.failed',
        'run.failed',
      ])
      expect((await scene.storage.queueStatus()).openCount).toBe(1)
      expect((await scene.claim())[0]?.run.runId).toBe(next.runId)
    })

    test('a run that succeeds at a later attempt shows no error', async () => {
      const claimed = await scene.begin()
      await scene.project.retryRun({ ...failure(claimed), retryAt: startAt + 2 })
      const [again] = await scene.claim(1, startAt + 2)
      if (again === undefined) throw new Error('nothing was claimed')
      await scene.commit(again)
      expect((await scene.project.getRun(again.run.runId))?.run).toMatchObject({
        state: 'completed',
        error: null,
        failures: 1,
      })
    })

    test('events are numbered without a gap, per run and per project, and read on from any of them', async () => {
      const first = await scene.begin({ user: 'ada' })
      const second = await scene.begin({ user: 'ben' })
      await scene.commit(second)
      await scene.commit(first)
      const list = (runId: string, after: number, limit = 100) =>
        scene.project.listEvents({ runId, after, limit })
      const both = [...(await list(first.run.runId, 0)), ...(await list(second.run.runId, 0))]
      expect((await list(first.run.runId, 0)).map(({ seq }) => seq)).toEqual([1, 2, 3, 4])
      expect(both.map(({ projectSeq }) => projectSeq).sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
      expect((await list(first.run.runId, 2)).map(({ type }) => type)).toEqual([
        'step.completed',
        'run.completed',
      ])
      expect(await list(first.run.runId, 2, 1)).toHaveLength(1)
      expect(await list(first.run.runId, 4)).toEqual([])
      expect((await list(first.run.runId, 0)).at(-1)?.data).toMatchObject({
        outcome: 'unchanged',
        created: 0,
      })
    })
  })
