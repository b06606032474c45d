/**
 * Tells an observer what becomes of runs. The store is where every end of an attempt passes, whatever the pipeline looks like, so
 * it is watched there: the verbs that record one are wrapped, all others are the store's own. The ends of runs are heard of as
 * events, because some come without an attempt: a run that waits may be cancelled.
 */
import type { Clock } from '../kernel/clock.ts'
import type { Log } from '../kernel/log.ts'
import { type Claim, defaultRunOptions, isTerminal, type Run } from '../runs/run.ts'
import type { EventHint, ProjectStorage, Storage } from '../storage/storage.ts'
import type { AttemptEnd, Observer } from './observer.ts'

type Claimed = { readonly claim: Claim; readonly run: Run }
type Execute = (claimed: Claimed, signal: AbortSignal) => Promise<void>

export type RunWatch = {
  readonly storage: (storage: Storage) => Storage
  readonly execute: (execute: Execute) => Execute
}

type Watched = {
  readonly observer: Observer
  readonly clock: Clock
  readonly log: Log
  readonly active: Map<string, Claimed>
}

export const watchRuns = (observer: Observer, { clock, log }: { clock: Clock; log: Log }): RunWatch => {
  // The attempts of this process that have not ended: as many as run at the same time.
  const active = new Map<string, Claimed>()
  const watched = { observer, clock, log, active }
  return {
    storage: (storage) => {
      storage.watch((hint) => countUnattempted(watched, storage, hint))
      return watchStorage(watched, storage)
    },
    execute: (execute) => async (claimed, signal) => {
      const earlier = active.get(claimed.claim.runId)
      // It lost its claim to this one, and may not have noticed.
      if (earlier !== undefined) end(watched, earlier.claim, interrupted(clock))
      active.set(claimed.claim.runId, claimed)
      observer.attemptStarted(claimed)
      try {
        await execute(claimed, signal)
      } finally {
        end(watched, claimed.claim, interrupted(clock))
      }
    },
  }
}

const interrupted = (clock: Clock): AttemptEnd => ({ state: 'interrupted', error: null, at: clock.now() })

/** Only the first end counts: what comes after a recorded one is the execution that returns. */
const end = ({ observer, active }: Watched, claim: Claim, { state, error, at }: AttemptEnd): void => {
  const claimed = active.get(claim.runId)
  if (claimed === undefined || claimed.claim.attempt !== claim.attempt) return
  active.delete(claim.runId)
  observer.attemptEnded(claim, { state, error, at })
  if (state === 'retrying' || state === 'interrupted' || state === 'buffered') return
  observer.runEnded({ ...claimed.run, state, completedAt: at })
}

const endTypes: ReadonlySet<EventHint['type']> = new Set([
  'run.completed',
  'run.partial',
  'run.failed',
  'run.cancelled',
])

/** A hint only says where to look; the end of an attempt of this process is told by the attempt. */
const countUnattempted = ({ observer, log, active }: Watched, storage: Storage, hint: EventHint): void => {
  if (!endTypes.has(hint.type) || active.has(hint.runId)) return
  storage
    .project(hint.projectId)
    .getRun(hint.runId)
    .then((view) => {
      if (view === null || !isTerminal(view.run.state)) return
      observer.runEnded({ ...view.run, completedAt: view.run.completedAt ?? view.run.updatedAt })
    })
    .catch((error: unknown) => log.warn({ err: error }, 'the end of a run could not be counted'))
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
      if (result.kind === 'accepted') observer.runAccepted({ ...defaultRunOptions, ...run.options, ...run })
      return result
    },
    deleteMemory: async (params) => {
      const run = await storage.deleteMemory(params)
      if (run === null) return null
      observer.runAccepted(run)
      return run
    },
    webhooks: {
      ...storage.webhooks,
      record: async (params) => {
        const result = await storage.webhooks.record(params)
        if (result.kind !== 'claim_lost') observer.deliveryAttempted(params.result.state)
        return result
      },
    },
    recordStep: async (params) => {
      const result = await storage.recordStep(params)
      if (result.kind !== 'claim_lost') observer.stepEnded(params.claim, params.step)
      return result
    },
    retryRun: async (params) => {
      const { claim, step, error, now } = params
      const result = await storage.retryRun(params)
      if (result.kind === 'claim_lost') return result
      if (step !== null) observer.stepEnded(claim, step)
      // Somebody asked for the end of the run meanwhile, so it is not tried again.
      const state = result.kind === 'cancelling' ? 'cancelled' : 'retrying'
      end(watched, claim, { state, error, at: now })
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
    cancelAttempt: async (params) => {
      const result = await storage.cancelAttempt(params)
      if (result.kind !== 'claim_lost')
        end(watched, params.claim, { state: 'cancelled', error: null, at: params.now })
      return result
    },
    joinBuffer: async (params) => {
      const { claim, joining, ending } = params
      const result = await storage.joinBuffer(params)
      if (result.kind !== 'done') return result
      const isOwn = ({ runId }: { readonly runId: string }) => runId === claim.runId
      const step = [...joining, ...ending].find(isOwn)?.step
      if (step !== undefined) observer.stepEnded(claim, step)
      const ended = ending.find(isOwn)
      end(watched, claim, {
        state: ended?.state ?? 'buffered',
        error: ended?.error ?? null,
        at: clock.now(),
      })
      return result
    },
    commitStep: async (params) => {
      const result = await storage.commitStep(params)
      if (result.kind === 'committed')
        observer.stepEnded(params.claim, { ...params.step, completedAt: clock.now() })
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
