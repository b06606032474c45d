/**
 * Random histories against a model that fits a screen. The model keeps, per lane, the runs that have not ended; the store must
 * agree with it after each step: the head of a lane is the only one that can be claimed, what ends leaves, nothing is lost.
 *
 * The name of a failed test holds its seed, which gives the same history each time.
 */
import { describe, expect, test } from 'vitest'
import type { Run } from '../../runs/run.ts'
import { seededRandom } from '../../testing/seeded-random.ts'
import { leaseMs, runCounts, runError, startAt, stepRecord } from '../../testing/storage-factories.ts'
import { type Claimed, type EngineUnderTest, useScene } from '../../testing/storage-scene.ts'
import type { ProjectStorage } from '../storage.ts'

const HISTORY_COUNT = 12
const STEP_COUNT = 150
const users = ['ada', 'ben', 'cleo']

type Entry = { readonly runId: string; attempt: number; claimed: Claimed | null; dueAt: number }
/** Runs that have not ended, by lane, in order of acceptance. */
type Lanes = Map<string, Entry[]>

export const describeModelConformance = (engine: EngineUnderTest) =>
  describe(`${engine.name}: random histories`, () => {
    const scene = useScene(engine)
    const seeds = Array.from({ length: HISTORY_COUNT }, (_, n) => n + 1)

    test.each(seeds)('seed %i', async (seed) => {
      const random = seededRandom(seed)
      const pick = <Item>(items: readonly Item[]): Item | undefined =>
        items[Math.floor(random() * items.length)]
      const projects = [scene.project, await scene.createProject()]
      const lanes: Lanes = new Map()
      const stale: Claimed[] = []
      const ended = new Map<string, Run>()
      const commits: string[] = []
      let now = startAt

      const open = () => [...lanes.values()].flat()
      const held = () => open().flatMap(({ claimed }) => (claimed === null ? [] : [claimed]))
      const projectOf = ({ claim }: Claimed) => scene.storage.project(claim.projectId)

      const accept = async () => {
        const project = pick(projects) as ProjectStorage // safety: there are two
        const run = await scene.add({ in: project, user: pick(users) ?? null, now })
        const lane = lanes.get(run.projectId + run.laneId) ?? []
        lanes.set(run.projectId + run.laneId, [
          ...lane,
          { runId: run.runId, attempt: 0, claimed: null, dueAt: 0 },
        ])
      }

      const claim = async () => {
        for (const claimed of await scene.claim(1 + Math.floor(random() * 3), now)) {
          const entry = lanes.get(claimed.run.projectId + claimed.run.laneId)?.[0]
          expect(claimed.run.runId, 'only the head of a lane is claimed').toBe(entry?.runId)
          if (entry === undefined) continue
          expect(entry.dueAt, 'not before its time').toBeLessThanOrEqual(now)
          expect(claimed.claim.attempt).toBe(entry.attempt + 1)
          if (entry.claimed !== null) stale.push(entry.claimed)
          Object.assign(entry, { claimed, attempt: claimed.claim.attempt, dueAt: now + leaseMs })
        }
      }

      const end = async (claimed: Claimed) => {
        const { runId } = claimed.run
        const view = await projectOf(claimed).getRun(runId)
        if (view === null) throw new Error('a run is lost')
        ended.set(runId, view.run)
        const lane = claimed.run.projectId + claimed.run.laneId
        lanes.set(
          lane,
          (lanes.get(lane) ?? []).filter((entry) => entry.runId !== runId),
        )
      }

      const actions: Record<string, (claimed: Claimed) => Promise<unknown>> = {
        step: (claimed) =>
          projectOf(claimed).recordStep({
            claim: claimed.claim,
            step: stepRecord({ attempt: claimed.claim.attempt }),
          }),
        retry: async (claimed) => {
          const retryAt = now + Math.floor(random() * 50)
          const failed = { claim: claimed.claim, error: runError, step: null, now }
          const answer = await projectOf(claimed).retryRun({ ...failed, retryAt })
          const entry = open().find(({ runId }) => runId === claimed.run.runId)
          if (entry !== undefined) Object.assign(entry, { claimed: null, dueAt: retryAt })
          return answer
        },
        fail: async (claimed) => {
          const failed = { claim: claimed.claim, error: runError, step: null, now }
          const answer = await projectOf(claimed).failRun({ ...failed, counts: runCounts() })
          await end(claimed)
          return answer
        },
        commit: async (claimed) => {
          const scope = scene.scope({ in: projectOf(claimed), user: claimed.run.userKey })
          const statement = `Statement of ${claimed.run.runId}.`
          const result = await scene.commit(claimed, [scene.creation(statement, { scope })], { now })
          commits.push(claimed.run.runId)
          await end(claimed)
          return { kind: result.kind === 'committed' ? 'done' : result.kind }
        },
      }

      const check = async () => {
        const dueAt = await scene.storage.nextDueAt()
        const heads = [...lanes.values()].flatMap((lane) => lane.slice(0, 1))
        const modelDueAt = heads.length === 0 ? null : Math.min(...heads.map((entry) => entry.dueAt))
        expect(dueAt === null ? null : Math.max(dueAt, now)).toBe(
          modelDueAt === null ? null : Math.max(modelDueAt, now),
        )
        expect((await scene.storage.queueStatus()).openCount).toBe(open().length)
      }

      for (let step = 0; step < STEP_COUNT; step++) {
        const claimed = pick(held())
        const roll = random()
        if (roll < 0.3) await accept()
        else if (roll < 0.55) await claim()
        else if (roll < 0.65) now += Math.floor(random() * 60)
        else if (roll < 0.68) now += leaseMs
        else if (roll < 0.75) {
          const lost = pick(stale)
          if (lost !== undefined) {
            const { claim } = lost
            expect(await projectOf(lost).recordStep({ claim, step: stepRecord() })).toEqual({
              kind: 'claim_lost',
            })
            expect(await scene.commit(lost)).toEqual({ kind: 'claim_lost' })
          }
        } else if (claimed !== undefined) {
          const action = pick(Object.keys(actions)) ?? ''
          expect(await actions[action]?.(claimed), action).toEqual({ kind: 'done' })
        }
        await check()
      }

      for (let round = 0; open().length > 0 && round < STEP_COUNT; round++) {
        now += leaseMs
        await claim()
        for (const claimed of held()) await actions.commit?.(claimed)
      }
      await check()
      expect(open()).toEqual([])
      await expectHistory({ ended, commits, projects })
    })

    const expectHistory = async (history: {
      ended: ReadonlyMap<string, Run>
      commits: readonly string[]
      projects: readonly ProjectStorage[]
    }) => {
      const { ended, commits, projects } = history
      for (const project of projects) {
        const { items } = await project.listRuns({ states: null, userKey: null, limit: 1_000, cursor: null })
        for (const { run, operations } of items) {
          expect(run, 'what has ended never changes').toEqual(ended.get(run.runId))
          expect(operations).toHaveLength(commits.includes(run.runId) ? 1 : 0)
        }
        for (const lane of new Set(items.map(({ run }) => run.laneId))) {
          const accepted = items
            .map(({ run }) => run)
            .filter((run) => run.laneId === lane && commits.includes(run.runId))
          const inOrder = accepted.toSorted((a, b) => commits.indexOf(a.runId) - commits.indexOf(b.runId))
          expect(inOrder.map(({ seq }) => seq)).toEqual(accepted.map(({ seq }) => seq).sort((a, b) => a - b))
        }
      }
    }
  })
