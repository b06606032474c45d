/** Runs and buffers for tests: pipelines that gather, and the common questions to what became of the runs. */
import { expect } from 'vitest'
import type { Extractor } from '../models/model.ts'
import type { Pipeline, Trigger } from '../projects/pipeline.ts'
import { makeTopic } from './factories.ts'
import { echoExtractor } from './fake-extractor.ts'
import { openPipelineScene, type PipelineScene, type PipelineSceneOptions } from './pipeline-scene.ts'

const scoping = { userScoped: true, scopeProperties: [] }
export const topics = [makeTopic('facts', { scoping }), makeTopic('digest', { isBounded: true, scoping })]
export const HOUR_MS = 3_600_000

export const never: Trigger = { count: null, ageMs: null, idleMs: null }

/** Facts are committed at once; what they changed waits, and goes into the digest. */
export const digesting = (trigger: Partial<Trigger>): Pipeline => ({
  steps: [
    { name: 'extract', type: 'extract', next: 'transform', inputs: null },
    { name: 'transform', type: 'transform', next: 'commit', topics: ['facts'] },
    { name: 'commit', type: 'commit', next: 'gather' },
    { name: 'gather', type: 'buffer', next: 'aggregate', trigger: { ...never, ...trigger } },
    { name: 'aggregate', type: 'transform', next: 'commit digest', topics: ['digest'] },
    { name: 'commit digest', type: 'commit', next: null },
  ],
})

/** Nothing is committed before all are together. */
export const gathering = (trigger: Partial<Trigger>): Pipeline => ({
  steps: [
    { name: 'extract', type: 'extract', next: 'gather', inputs: null },
    { name: 'gather', type: 'buffer', next: 'transform', trigger: { ...never, ...trigger } },
    { name: 'transform', type: 'transform', next: 'commit', topics: null },
    { name: 'commit', type: 'commit', next: null },
  ],
})

export const openBufferScene = (pipeline: Pipeline, options: PipelineSceneOptions = {}) =>
  openPipelineScene({ topics, pipeline, ...options })

/** Works until nothing is due. */
export const settle = async (scene: PipelineScene): Promise<void> => {
  for (;;) {
    const dueAt = await scene.storage.nextDueAt()
    if (dueAt === null || dueAt > scene.clock.now()) return
    const { leaseMs, runTimeoutMs } = scene.limits
    const now = scene.clock.now()
    const claimed = await scene.storage.claimRuns({ limit: 4, leaseMs, runTimeoutMs, now })
    for (const one of claimed) await scene.execute(one, new AbortController().signal)
  }
}

export const add = async (scene: PipelineScene, text: string, userKey = 'ada'): Promise<string> => {
  const runId = await scene.add(text, { userKey })
  await settle(scene)
  return runId
}

export const states = async (scene: PipelineScene, runIds: readonly string[]): Promise<readonly string[]> =>
  Promise.all(runIds.map(async (runId) => (await scene.run(runId)).state))

export const digest = async (scene: PipelineScene, userKey = 'ada') =>
  (await scene.memories('digest', userKey)).map(({ content }) => content)

export const committed = async (scene: PipelineScene, runId: string) =>
  (await scene.project.getRun(runId))?.operations.map(({ kind }) => kind)

export const types = async (scene: PipelineScene, runId: string) =>
  (await scene.project.listEvents({ runId, after: 0, limit: 100 })).map(({ type }) => type)

export const healthy = async (scene: PipelineScene) => {
  expect((await scene.storage.examine()).filter(({ wrongCount }) => wrongCount > 0)).toEqual([])
}

/** An extractor whose summaries wait for what the test does meanwhile. */
export const interrupting = (during: () => Promise<unknown>): Extractor => {
  let isFirst = true
  return {
    ...echoExtractor,
    summarise: async (request) => {
      if (isFirst) {
        isFirst = false
        await during()
      }
      request.signal.throwIfAborted()
      return echoExtractor.summarise(request)
    },
  }
}
