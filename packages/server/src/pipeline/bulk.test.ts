import { expect, test } from 'vitest'
import { createRandomIds } from '../kernel/ids.ts'
import { everyRun } from '../runs/run-filter.ts'
import type { Storage } from '../storage/storage.ts'
import { openPipelineScene } from '../testing/pipeline-scene.ts'

/** A store that loses what a bulk run says of its progress, once: as when the process ends between the work and its record. */
const losingProgress = () => {
  let isLost = false
  const wrap = (storage: Storage): Storage => ({
    ...storage,
    project: (projectId) => {
      const project = storage.project(projectId)
      return {
        ...project,
        recordStep: async (params) => {
          if (params.step.name !== 'progress' || isLost) return project.recordStep(params)
          isLost = true
          throw new Error('the store is away')
        },
      }
    },
  })
  return { wrap, isLost: () => isLost }
}

test('what was done without a record is not done twice', async () => {
  const { wrap, isLost } = losingProgress()
  await using scene = await openPipelineScene({ wrap, limits: { retryBaseMs: 1, retryMaxMs: 1 } })
  const worker = scene.startWork()
  const runIds = []
  for (let n = 0; n < 5; n++) runIds.push(await scene.add(`Statement ${n} stands alone.`))
  for (const runId of runIds) await scene.until(runId, ({ state }) => state === 'completed')
  const bulkId = createRandomIds().next()
  await scene.project.acceptRun({
    runId: bulkId,
    groupId: scene.groupId,
    laneId: 'bulk',
    userId: null,
    userKey: null,
    inputType: 'bulk',
    payload: {
      input: { type: 'bulk', action: 'replay', filter: { ...everyRun, userKey: 'ada' }, reason: null },
      properties: {},
    },
    inputCount: 1,
    idempotency: null,
    queueDepthMax: 100,
    now: scene.clock.now(),
  })
  worker.wake()
  const run = await scene.until(bulkId, ({ state }) => state === 'completed')
  expect(isLost()).toBe(true)
  expect(run).toMatchObject({ failures: 1, result: { action: 'replay', matched: 5, done: 5 } })
  const { items } = await scene.project.listRuns({ filter: everyRun, limit: 100, cursor: null })
  expect(items.filter(({ run: { replayOf } }) => replayOf !== null)).toHaveLength(5)
})
