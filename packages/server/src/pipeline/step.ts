import type { DocumentReader } from '../documents/document-reader.ts'
import type { Clock } from '../kernel/clock.ts'
import type { Ids } from '../kernel/ids.ts'
import type { Limits } from '../kernel/limits.ts'
import type { Log } from '../kernel/log.ts'
import type { Signals } from '../kernel/signals.ts'
import type { Extractor, ModelUse } from '../models/model.ts'
import type { Group } from '../projects/group.ts'
import type { RunPayload } from '../runs/input.ts'
import type { Claim, Run } from '../runs/run.ts'
import type { ProjectStorage, Storage } from '../storage/storage.ts'

/** What every step may use, whatever the run. */
export type PipelineDependencies = {
  readonly storage: Storage
  readonly extractor: Extractor
  readonly documents: DocumentReader
  readonly limits: Limits
  readonly clock: Clock
  readonly ids: Ids
  readonly log: Log
  readonly signals: Signals
  /** A number in [0, 1), for the jitter of retries. */
  readonly random: () => number
  /** Tells the worker that a run was accepted. */
  readonly wakeWorker: () => void
  /** Tells the worker that a run it may have in hand is to end. */
  readonly abortRun: (runId: string) => void
}

/** One attempt of one run. */
export type Attempt = {
  readonly claim: Claim
  readonly run: Run
  readonly group: Group
  readonly payload: RunPayload
  readonly storage: ProjectStorage
  readonly signal: AbortSignal
  /** Notes what a model took, with the step in work. */
  readonly used?: (use: ModelUse) => void
}
