/** One attempt of one step, recorded however it ends. */
import { StepError } from '../kernel/step-error.ts'
import type { ModelUse } from '../models/model.ts'
import type { RecordedStep, StepRecord } from '../runs/run.ts'
import { RunCancelled } from '../runs/run-cancelled.ts'
import { asStepError } from './as-step-error.ts'
import type { Attempt, PipelineDependencies } from './step.ts'
import { UnfinishedExtraction } from './steps/extract.ts'

/** A step that failed, and the record of it when it had one. */
export class StepFailure extends Error {
  override readonly name = 'StepFailure'
  readonly stage: StepRecord['type']
  readonly reason: StepError
  readonly step: Omit<StepRecord, 'error'> | null

  constructor(stage: StepRecord['type'], reason: StepError, step: Omit<StepRecord, 'error'> | null) {
    super(reason.message, { cause: reason })
    this.stage = stage
    this.reason = reason
    this.step = step
  }
}

/** The noun of the sentence `<stage> failed: <detail>`. */
export const stageNames: Readonly<Record<StepRecord['type'], string>> = {
  extract: 'extraction',
  transform: 'transformation',
  buffer: 'buffering',
  commit: 'commit',
  apply: 'processing',
  model: 'model call',
  action: 'action',
}

/** Does the work of a step and records its output before anything goes on from it. Throws StepFailure and RunCancelled. */
export const runStep = async <Output>(
  { clock, signals }: PipelineDependencies,
  attempt: Attempt,
  {
    name,
    type,
    work,
  }: Pick<StepRecord, 'name' | 'type'> & { readonly work: (metered: Attempt) => Promise<Output> },
): Promise<Output> => {
  const record = { name, type, attempt: attempt.claim.attempt, startedAt: clock.now() }
  const meter = createMeter()
  signals.reached?.('mid_step')
  try {
    const output = await work({ ...attempt, used: meter.used })
    const end = { status: 'completed', completedAt: clock.now(), output, error: null } as const
    const step: StepRecord = { ...record, ...end, ...meter.total() }
    signals.reached?.('before_record')
    const answer = await attempt.storage.recordStep({ claim: attempt.claim, step })
    if (answer.kind === 'claim_lost') throw new StepError('claim_lost', 'the claim was lost')
    if (answer.kind === 'cancelling') throw new RunCancelled()
    signals.reached?.('after_step')
    return output
  } catch (error) {
    if (error instanceof RunCancelled) throw error
    const output = error instanceof UnfinishedExtraction ? error.extraction : null
    const reason = error instanceof UnfinishedExtraction ? error.cause : asStepError(error)
    throw new StepFailure(type, reason, {
      ...record,
      ...{ status: 'failed', completedAt: clock.now(), output },
      ...meter.total(),
    })
  }
}

/** Adds up what the calls of a step took; of several models the last is named. */
export const createMeter = () => {
  let sum: ModelUse | null = null
  return {
    used: (use: ModelUse) => {
      sum = {
        model: use.model,
        inputTokens: (sum?.inputTokens ?? 0) + use.inputTokens,
        outputTokens: (sum?.outputTokens ?? 0) + use.outputTokens,
        cost: (sum?.cost ?? 0) + use.cost,
      }
    },
    total: (): { readonly use?: ModelUse } => (sum === null ? {} : { use: sum }),
  }
}

/** The output of the step of this name as last recorded, if an attempt may go on from it. */
export const recordedOutput = <Output>(steps: readonly RecordedStep[], name: string): Output | null =>
  // safety: a step's output is written by the step of that name only
  (steps.findLast((step) => step.name === name && step.status === 'completed' && !step.isVoid)?.output as
    | Output
    | undefined) ?? null
