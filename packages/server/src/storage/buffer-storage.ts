/** The part of the seam that is about buffers: runs that wait for each other and go on together. What storage.ts says of verbs holds for these too. */
import type { Trigger } from '../projects/pipeline.ts'
import type { Properties } from '../projects/scope.ts'
import type { Claim, Outcome, Run, RunCounts, RunError, StepRecord } from '../runs/run.ts'
import type { Guarded, SteerResult } from './storage.ts'

/** One of the runs that go on together, and what the step that was done for all of them is to it. */
export type Companion = {
  readonly runId: string
  readonly counts: RunCounts
  readonly step: StepRecord
}

export type EndedCompanion = Companion & {
  readonly state: 'completed' | 'partial'
  readonly outcome: Outcome
  readonly error: RunError | null
}

/** Whose statements a buffer gathers: those of the user if one divides it (else null), and of these property values. */
export type BufferScope = { readonly userKey: string | null; readonly properties: Properties }

export type JoinBuffer = {
  readonly claim: Claim
  readonly step: string
  readonly trigger: Trigger
  readonly scope: BufferScope
  /** The runs that join, in the order they were accepted; `bufferId` is for the buffer it opens when none is open. */
  readonly joining: readonly (Companion & { readonly bufferId: string })[]
  /** Of those that came here together, the runs that have nothing to wait for: they end. */
  readonly ending: readonly EndedCompanion[]
  readonly now: number
}

/** `company_changed`: a run that goes on together with this one was cancelled meanwhile, so what was made for it does not hold. */
export type JoinResult = Guarded | { readonly kind: 'company_changed' }

/** One of the runs that go on together, with what it brought to the stage they have passed. */
export type CompanyMember = { readonly run: Run; readonly output: unknown }

export type BufferStorage = {
  /**
   * The run of the claim, and those that came with it, wait in the buffer of their scope that is open, or open one. The one that fills
   * it makes all of them go on. The claim is over then.
   */
  readonly joinBuffer: (params: JoinBuffer) => Promise<JoinResult>
  /** The runs that go on together, in the order they were accepted, each with its output of the step. */
  readonly listCompany: (params: { bufferId: string; step: string }) => Promise<readonly CompanyMember[]>
  /** The buffer that the run waits in goes on at once; `unchanged` when it waits in none. */
  readonly flushRun: (params: { runId: string; now: number }) => Promise<SteerResult>
  /** Buffers of the group go on as soon as there is somebody to see to it: all, or those of a user or of property values; at most `limit`. */
  readonly flushBuffers: (params: {
    groupId: string
    /** Of any user when absent. */
    userKey?: string
    properties: Properties
    limit: number
    now: number
  }) => Promise<{ readonly buffers: number; readonly runs: number }>
}
