/**
 * Tells an observer what becomes of runs. The store is where every end of an attempt passes, whatever the pipeline looks like, so
 * it is watched there: the verbs that record one are wrapped, all others are the store's own.
 */
import type { Clock } from '../kernel/clock.ts'
import type { Claim, Run } from '../runs/run.ts'
import type { ProjectStorage, Storage } from '../storage/storage.ts'
import type { AttemptEnd, Observer } from './observer.ts'

type Claimed = { readonly claim: Claim; readonly run: Run }
type Execute = (claimed: Claimed, signal: AbortSignal) => Promise<void>

export type RunWatch = {
  readonly storage: (storage: Storage) => Storage
  readonly execute: (execute: Execute) => Execute
}

type Watched = { readonly observer: Observer; readonly clock: Clock; readonly active: Map<string, Claimed> }

export const watchRuns = (observer: Observer, clock: Clock): RunWatch => {
  // The attempts of this process that have not ended: as many as run at the same time.
  const active = new Map<string, Claimed>()
  const watched = { observer, clock, active }
  return {
    storage: (storage) => watchStorage(watched, storage),
    execute: (execute) => async (claimed, signal) => {
      active.set(attemptKey(claimed.claim), claimed)
      observer.attemptStarted(claimed)
      try {
        await execute(claimed, signal)
      } finally {
        end(watched, claimed.claim, { state: 'interrupted', error: null, at: clock.now() })
      }
    },
  }
}

const attemptKey = ({ runId, attempt }: Claim): string => `${runId}#${attempt}`

/** Only the first end counts: what comes after a recorded one is the execution that returns. */
const end = ({ observer, active }: Watched, claim: Claim, { state, error, at }: AttemptEnd): void => {
  const claimed = active.get(attemptKey(claim))
  if (!active.delete(attemptKey(claim)) || claimed === undefined) return
  observer.attemptEnded(claim, { state, error, at })
  if (state === 'retrying' || state === 'interrupted') return
  observer.runEnded({ ...claimed.run, state, completedAt: at })
}

const watchStorage = (watched: Watched, storage: Storage): Storage => {
  const projects = new Map<string, ProjectStorage>()
  return {
    ...storage,
    project: (projectId) => {
      const known = projects.get(projectId)
      if (known !== undefined) return known
      const project = watchProject(watched, storage.project(projectId))
      projects.set(projectId, project)
      return project
    },
  }
}

const watchProject = (watched: Watched, storage: ProjectStorage): ProjectStorage => {
  const { observer, clock } = watched
  return {
    ...storage,
    acceptRun: async (run) => {
      const result = await storage.acceptRun(run)
      if (result.kind === 'accepted') observer.runAccepted(run.inputType)
      return result
    },
    deleteMemory: async (params) => {
      const run = await storage.deleteMemory(params)
      if (run === null) return null
      observer.runAccepted(run.inputType)
      observer.runEnded({ ...run, completedAt: run.completedAt ?? params.now })
      return run
    },
    recordStep: async (params) => {
      const result = await storage.recordStep(params)
      if (result.kind === 'done') observer.stepEnded(params.claim, params.step)
      return result
    },
    retryRun: async (params) => {
      const { claim, step, error, now } = params
      const result = await storage.retryRun(params)
      if (result.kind === 'claim_lost') return result
      if (step !== null) observer.stepEnded(claim, step)
      end(watched, claim, { state: 'retrying', error, at: now })
      return result
    },
    failRun: async (params) => {
      const { claim, step, error, now } = params
      const result = await storage.failRun(params)
      if (result.kind === 'claim_lost') return result
      if (step !== null) observer.stepEnded(claim, step)
      end(watched, claim, { state: 'failed', error, at: now })
      return result
    },
    commitRun: async (params) => {
      const { claim, step, state, error } = params
      const result = await storage.commitRun(params)
      if (result.kind !== 'committed') return result
      // The record of the step must stand in the commit that it tells of; only here is it known how long that took.
      const at = clock.now()
      observer.stepEnded(claim, { ...step, completedAt: at })
      end(watched, claim, { state, error, at })
      return result
    },
  }
}
