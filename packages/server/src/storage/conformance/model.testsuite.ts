/**
 * Random histories against a model that fits a screen. The model keeps, per lane, the runs that have not ended; the store must
 * agree with it after each step: the head of a lane is the only one that can be claimed, what ends leaves, nothing is lost.
 *
 * The name of a failed test holds its seed, which gives the same history each time.
 */

import { describe, expect, test } from 'vitest'
import type { Run } from '../../runs/run.ts'
import { everyRun } from '../../runs/run-filter.ts'
import { seededRandom } from '../../testing/seeded-random.ts'
import { leaseMs, runCounts, runError, startAt, stepRecord } from '../../testing/storage-factories.ts'
import { type Claimed, type EngineUnderTest, type Scene, useScene } from '../../testing/storage-scene.ts'
import type { ProjectStorage } from '../storage.ts'

const HISTORY_COUNT = 12
const STEP_COUNT = 150
const users = ['ada', 'ben', 'cleo', null]

export const describeModelConformance = (engine: EngineUnderTest) =>
  describe(`${engine.name}: random histories`, () => {
    const scene = useScene(engine)

    test.each(Array.from({ length: HISTORY_COUNT }, (_, n) => n + 1))('seed %i', async (seed) => {
      const random = seededRandom(seed)
      const model = createModel(scene, { random, projects: [scene.project, await scene.createProject()] })
      for (let step = 0; step < STEP_COUNT; step++) {
        const roll = random()
        if (roll < 0.3) await model.accept()
        else if (roll < 0.55) await model.claim()
        else if (roll < 0.65) model.pass(60)
        else if (roll < 0.68) model.pass(3 * leaseMs)
        else if (roll < 0.75) await model.useLostClaim()
        else await model.useClaim()
        await model.compare()
      }
      await model.drain()
      await model.compareHistory()
    })
  })

type Entry = { readonly runId: string; attempt: number; claimed: Claimed | null; dueAt: number }

const createModel = (
  scene: Scene,
  { random, projects }: { random: () => number; projects: readonly ProjectStorage[] },
) => {
  /** Runs that have not ended, by lane, in order of acceptance. */
  const lanes = new Map<string, Entry[]>()
  const lost: Claimed[] = []
  const ended = new Map<string, Run>()
  const committed: string[] = []
  let now = startAt

  const pick = <Item>(items: readonly Item[]): Item | undefined => items[Math.floor(random() * items.length)]
  const laneOf = (run: Run) => `${run.projectId} ${run.laneId}`
  const open = () => [...lanes.values()].flat()
  const held = () => open().flatMap(({ claimed }) => (claimed === null ? [] : [claimed]))
  const storageOf = ({ claim }: Claimed) => scene.storage.project(claim.projectId)

  const accept = async () => {
    const run = await scene.add({ in: pick(projects) ?? scene.project, user: pick(users) ?? null, now })
    const entry = { runId: run.runId, attempt: 0, claimed: null, dueAt: 0 }
    lanes.set(laneOf(run), [...(lanes.get(laneOf(run)) ?? []), entry])
  }

  const claim = async () => {
    for (const claimed of await scene.claim(1 + Math.floor(random() * 3), now)) {
      const entry = lanes.get(laneOf(claimed.run))?.[0]
      if (entry === undefined) throw new Error('a run was claimed that has ended')
      expect(claimed.run.runId, 'only the head of a lane is claimed').toBe(entry.runId)
      expect(entry.dueAt, 'not before its time').toBeLessThanOrEqual(now)
      expect(claimed.claim.attempt).toBe(entry.attempt + 1)
      if (entry.claimed !== null) lost.push(entry.claimed)
      Object.assign(entry, { claimed, attempt: claimed.claim.attempt, dueAt: now + leaseMs })
    }
  }

  const end = async (claimed: Claimed) => {
    const view = await storageOf(claimed).getRun(claimed.run.runId)
    if (view === null) throw new Error('a run is lost')
    ended.set(view.run.runId, view.run)
    const lane = lanes.get(laneOf(view.run)) ?? []
    lanes.set(
      laneOf(view.run),
      lane.filter(({ runId }) => runId !== view.run.runId),
    )
  }

  const step = (claimed: Claimed) =>
    storageOf(claimed).recordStep({
      claim: claimed.claim,
      step: stepRecord({ attempt: claimed.claim.attempt }),
    })

  const retry = async (claimed: Claimed) => {
    const retryAt = now + Math.floor(random() * 50)
    const failed = { claim: claimed.claim, error: runError, step: null, now, retryAt }
    const answer = await storageOf(claimed).retryRun(failed)
    const entry = open().find(({ runId }) => runId === claimed.run.runId)
    if (entry !== undefined) Object.assign(entry, { claimed: null, dueAt: retryAt })
    return answer
  }

  const fail = async (claimed: Claimed) => {
    const failed = { claim: claimed.claim, error: runError, step: null, now, counts: runCounts() }
    const answer = await storageOf(claimed).failRun(failed)
    await end(claimed)
    return answer
  }

  const commit = async (claimed: Claimed) => {
    const scope = scene.scope({ in: storageOf(claimed), user: claimed.run.userKey })
    const statement = `Statement of ${claimed.run.runId}.`
    const result = await scene.commit(claimed, [scene.creation(statement, { scope })], { now })
    committed.push(claimed.run.runId)
    await end(claimed)
    return { kind: result.kind === 'committed' ? 'done' : result.kind }
  }

  const useClaim = async () => {
    const claimed = pick(held())
    const use = pick([step, retry, fail, commit])
    if (claimed !== undefined) expect(await use?.(claimed)).toEqual({ kind: 'done' })
  }

  const useLostClaim = async () => {
    const claimed = pick(lost)
    if (claimed === undefined) return
    expect(await step(claimed)).toEqual({ kind: 'claim_lost' })
    expect(await scene.commit(claimed)).toEqual({ kind: 'claim_lost' })
  }

  const compare = async () => {
    const dueAt = await scene.storage.nextDueAt()
    const heads = [...lanes.values()].flatMap(([head]) => (head === undefined ? [] : [head.dueAt]))
    // How long ago something was due is the store's own affair.
    expect(dueAt === null ? null : Math.max(dueAt, now)).toBe(
      heads.length === 0 ? null : Math.max(Math.min(...heads), now),
    )
    expect((await scene.storage.queueStatus()).openCount).toBe(open().length)
  }

  return {
    accept,
    claim,
    useClaim,
    useLostClaim,
    compare,
    /** Up to `ms` go by. */
    pass: (ms: number) => {
      now += Math.floor(random() * ms)
    },
    drain: async () => {
      for (let round = 0; open().length > 0 && round < STEP_COUNT; round++) {
        now += leaseMs
        await claim()
        for (const claimed of held()) await commit(claimed)
      }
      expect(open()).toEqual([])
      await compare()
    },
    compareHistory: () => compareHistory({ projects, ended, committed }),
  }
}

const compareHistory = async (history: {
  projects: readonly ProjectStorage[]
  ended: ReadonlyMap<string, Run>
  committed: readonly string[]
}) => {
  const placeOf = ({ runId }: Run) => history.committed.indexOf(runId)
  for (const project of history.projects) {
    const { items } = await project.listRuns({ filter: everyRun, limit: 1_000, cursor: null })
    for (const { run, operations } of items) {
      expect(run, 'what has ended never changes').toEqual(history.ended.get(run.runId))
      expect(operations).toHaveLength(placeOf(run) === -1 ? 0 : 1)
    }
    const runs = items.map(({ run }) => run).filter((run) => placeOf(run) !== -1)
    for (const lane of new Set(runs.map(({ laneId }) => laneId))) {
      const inOrder = runs.filter(({ laneId }) => laneId === lane).sort((a, b) => placeOf(a) - placeOf(b))
      const numbers = inOrder.map(({ seq }) => seq)
      expect(numbers, 'commits of a lane are in order of acceptance').toEqual(
        numbers.toSorted((a, b) => a - b),
      )
    }
  }
}
