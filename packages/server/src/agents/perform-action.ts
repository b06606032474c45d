/**
 * One action of an agent or tool run. What is recorded is not done again. An action that was done and not yet recorded when the
 * process died is done once more by the next attempt, under the same name of its step: what changes memories here is committed with
 * the record and so happens once, and what is done elsewhere is asked for under a name that tells it is the same.
 */
import {
  ACTION_INPUT_LENGTH_MAX,
  ACTION_OUTPUT_LENGTH_MAX,
  MODEL_MESSAGE_LENGTH_MAX,
} from '../kernel/limits.ts'
import { StepError } from '../kernel/step-error.ts'
import type { Attempt, PipelineDependencies } from '../pipeline/step.ts'
import { withinTime } from '../pipeline/within-time.ts'
import type { Action, ActionAnswer } from './actions/action.ts'
import type { AgentAttempt } from './agent-attempt.ts'
import type { ActionStepOutput } from './agent-input.ts'
import { type Done, runPaidStep } from './paid-step.ts'

export type WantedAction = {
  readonly stepName: string
  /** The call to the model that asked for it, from 1; 0 in a tool run. */
  readonly iteration: number
  /** Among the actions of the run, from 1. */
  readonly number: number
  readonly name: string
  /** Null when there is none of that name. */
  readonly action: Action | null
  readonly arguments: Readonly<Record<string, unknown>>
  /** Why the arguments could not be read. */
  readonly malformed?: string | undefined
}

/**
 * Answers what was recorded: `isError` when it did not work and the arguments, or the name, are why; that costs nothing unless it came
 * to the action. Throws StepFailure and RunCancelled.
 */
export const performAction = async (
  dependencies: PipelineDependencies,
  attempt: AgentAttempt,
  wanted: WantedAction,
): Promise<ActionStepOutput> => {
  const { stepName, action, number } = wanted
  const recorded = attempt.recorded<ActionStepOutput>(stepName)
  if (recorded !== null) return recorded
  return runPaidStep(dependencies, attempt, {
    ...{ name: stepName, type: 'action', of: toldName(wanted), number },
    work: async (metered): Promise<Done<ActionStepOutput>> => {
      const refusal = await refuse(attempt, wanted)
      if (refusal !== null || action === null)
        return { output: told(wanted, { output: { error: refusal }, isError: true }), actions: 0 }
      const answer = await perform(dependencies, metered, { wanted, action })
      return { output: told(wanted, answer), actions: 1, change: answer.change }
    },
  })
}

const refuse = async (attempt: AgentAttempt, wanted: WantedAction): Promise<string | null> => {
  const { action, malformed } = wanted
  if (action === null) return `there is no action "${toldName(wanted)}"`
  if (malformed !== undefined) return malformed
  if (lengthOf(wanted.arguments) > ACTION_INPUT_LENGTH_MAX)
    return `the arguments are longer than ${ACTION_INPUT_LENGTH_MAX} characters`
  // Of a schema that cannot be compiled here, whoever made it is the judge.
  const check = await attempt.checks(action.parameters)
  const wrong = check?.(wanted.arguments) ?? null
  return wrong === null ? null : `the arguments are wrong: ${wrong}`
}

const perform = async (
  { limits }: PipelineDependencies,
  metered: Attempt,
  { wanted, action }: { readonly wanted: WantedAction; readonly action: Action },
): Promise<ActionAnswer> => {
  const { stepName, arguments: given } = wanted
  const call = { arguments: given, stepName, attempt: metered }
  if (action.isLong) return action.perform({ ...call, signal: metered.signal })
  try {
    return await withinTime(limits.stepTimeoutMs, metered.signal, (signal) =>
      action.perform({ ...call, attempt: { ...metered, signal }, signal }),
    )
  } catch (error) {
    metered.signal.throwIfAborted()
    // That of the run is another one, and means that the run has ended.
    throw error instanceof StepError && error.code === 'timeout' ? actionTimeout(error) : error
  }
}

const actionTimeout = (cause: StepError): StepError => {
  const { retryable, retryAfterMs } = cause
  return new StepError('action_timeout', cause.message, { retryable, retryAfterMs, cause })
}

const told = (
  { iteration, name, arguments: input }: WantedAction,
  { output, isError }: Pick<ActionAnswer, 'output' | 'isError'>,
): ActionStepOutput => ({
  iteration,
  name: toldName({ name }),
  input: lengthOf(input) > ACTION_INPUT_LENGTH_MAX ? {} : input,
  output: bounded(output),
  isError,
})

/** Models ask for actions by whatever name. */
const toldName = ({ name }: Pick<WantedAction, 'name'>): string =>
  name.slice(0, MODEL_MESSAGE_LENGTH_MAX).toWellFormed()

const lengthOf = (value: unknown): number => JSON.stringify(value).length

/** Of what is too long, the beginning, as text. */
const bounded = (output: unknown): unknown => {
  const json = JSON.stringify(output) ?? 'null'
  if (json.length <= ACTION_OUTPUT_LENGTH_MAX) return output ?? null
  const text = typeof output === 'string' ? output : json
  // Escaped once more it may be twice as long.
  const beginning = text.slice(0, ACTION_OUTPUT_LENGTH_MAX / 2).toWellFormed()
  return { truncated: true, length: text.length, beginning }
}
