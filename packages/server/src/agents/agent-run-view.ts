/**
 * A run of an agent or a tool as every API tells it, from what is recorded of it. Counters are of what was done and paid for, also by
 * attempts that failed; the list of steps has what the run goes on from.
 */
import type { RecordedStep, RunError, RunView } from '../runs/run.ts'
import type { ActionStepOutput, AgentResult, ModelStepOutput, StopReason, ToolResult } from './agent-input.ts'
import { addAmounts } from './amount.ts'

export type ActionView = {
  /** From 1, in order. */
  readonly number: number
  /** The call to the model that asked for it; 0 in a tool run. */
  readonly iteration: number
  /** Of the action. */
  readonly name: string
  readonly input: Readonly<Record<string, unknown>>
  readonly output: unknown
  readonly isError: boolean
  /** What the model said before it. */
  readonly reasoning: string
  /** Of that call to the model, told with the first action it asked for. */
  readonly inputTokens: number
  readonly outputTokens: number
  readonly startedAt: number
  readonly durationMs: number
}

type Spent = {
  readonly actionsUsed: number
  readonly inputTokens: number
  readonly outputTokens: number
  readonly tokensUsed: number
  /** A decimal. */
  readonly creditsUsed: string
  readonly actions: readonly ActionView[]
}

export type AgentRunView = Spent & {
  /** Calls to the model, the answering one included. */
  readonly stepsExecuted: number
  /** Of the input, what the provider had kept from before. */
  readonly cachedTokens: number
  /** Only of a completed run. */
  readonly finalOutput: string | null
  /** What the model said last, wholly or in part, of a run that has not completed; null when it said nothing. */
  readonly partialOutput: string | null
  readonly stopReason: StopReason | null
  readonly error: RunError | null
}

export type ToolRunView = Spent & {
  /** Only of a completed run. */
  readonly output: unknown
  readonly error: RunError | null
}

export const toAgentRunView = ({ run }: RunView, steps: readonly RecordedStep[]): AgentRunView => {
  const calls = doneModelSteps(steps)
  const isCompleted = run.state === 'completed'
  // safety: what the executor of agents reports
  const result = isCompleted ? (run.result as AgentResult | null) : null
  return {
    ...spentOf(steps),
    stepsExecuted: calls.length,
    cachedTokens: calls.reduce((sum, { output }) => sum + output.usage.cachedTokens, 0),
    finalOutput: isCompleted ? (result?.finalOutput ?? '') : null,
    partialOutput: isCompleted ? null : lastTextOf(steps),
    stopReason: result?.stopReason ?? stopReasonOf(run),
    error: errorOf(run),
  }
}

/** Also of a call that broke off: a cancelled run has said what it has said. */
const lastTextOf = (steps: readonly RecordedStep[]): string | null => {
  const calls = withOutput<ModelStepOutput>(steps.filter(({ type, isVoid }) => type === 'model' && !isVoid))
  return calls.findLast(({ output }) => output.text !== '')?.output.text ?? null
}

export const toToolRunView = ({ run }: RunView, steps: readonly RecordedStep[]): ToolRunView => ({
  ...spentOf(steps),
  // safety: what the executor of tools reports
  output: run.state === 'completed' ? ((run.result as ToolResult | null)?.output ?? null) : null,
  error: errorOf(run),
})

const stopReasonOf = ({ state, error }: RunView['run']): StopReason | null => {
  if (state === 'cancelled') return 'cancelled'
  if (state !== 'failed' && state !== 'partial') return null
  return error?.code === 'timeout' ? 'timeout' : 'error'
}

/** Between two attempts a run tells why it will be tried again; that is no error of the run yet. */
const errorOf = ({ state, error }: RunView['run']): RunError | null =>
  state === 'failed' || state === 'partial' || state === 'cancelled' ? error : null

type Done<Output> = RecordedStep & { readonly output: Output }

/** Of each step the record that the run goes on from. */
const doneSteps = (steps: readonly RecordedStep[], type: RecordedStep['type']): readonly RecordedStep[] => {
  const done = steps.filter((step) => step.type === type && step.status === 'completed' && !step.isVoid)
  return [...new Map(done.map((step) => [step.name, step])).values()]
}

/** An erased run has no outputs any more: what is counted of it is what is left. */
const withOutput = <Output>(steps: readonly RecordedStep[]): readonly Done<Output>[] =>
  // safety: steps of one type have outputs of one type, see agent-input.ts
  steps.filter(({ output }) => output !== null) as readonly Done<Output>[]

const doneModelSteps = (steps: readonly RecordedStep[]): readonly Done<ModelStepOutput>[] =>
  withOutput<ModelStepOutput>(doneSteps(steps, 'model')).toSorted((a, b) => iterationOf(a) - iterationOf(b))

const iterationOf = ({ name }: Pick<RecordedStep, 'name'>): number => Number(name.split('-')[1] ?? 0)

const spentOf = (steps: readonly RecordedStep[]): Spent => {
  const actions = actionViews(steps)
  const tokens = (member: 'inputTokens' | 'outputTokens') =>
    steps.reduce((sum, step) => sum + tokensOf(step)[member], 0)
  const [inputTokens, outputTokens] = [tokens('inputTokens'), tokens('outputTokens')]
  return {
    ...{ actions, inputTokens, outputTokens },
    actionsUsed: actions.length,
    tokensUsed: inputTokens + outputTokens,
    creditsUsed: addAmounts(...steps.map(({ charge }) => charge?.amount ?? '0')),
  }
}

const noTokens = { inputTokens: 0, outputTokens: 0 }

const tokensOf = ({ use }: Pick<RecordedStep, 'use'>): typeof noTokens => use ?? noTokens

const actionViews = (steps: readonly RecordedStep[]): readonly ActionView[] => {
  const calls = new Map(doneModelSteps(steps).map((step) => [iterationOf(step), step]))
  const told = new Set<number>()
  return withOutput<ActionStepOutput>(doneSteps(steps, 'action'))
    .toSorted(inOrder)
    .map(({ output, startedAt, completedAt }, index) => {
      const { iteration, name, input, isError } = output
      const call = calls.get(iteration)
      const { inputTokens, outputTokens } =
        call === undefined || told.has(iteration) ? noTokens : tokensOf(call)
      told.add(iteration)
      return {
        ...{ number: index + 1, iteration, name, input, output: output.output, isError },
        reasoning: call?.output.text ?? '',
        ...{ inputTokens, outputTokens, startedAt, durationMs: completedAt - startedAt },
      }
    })
}

/** Steps of an agent run by the numbers in their names; those of a tool run as they were done. */
const inOrder = (a: Done<ActionStepOutput>, b: Done<ActionStepOutput>): number =>
  a.output.iteration - b.output.iteration || callOf(a) - callOf(b) || a.startedAt - b.startedAt

const callOf = ({ name, output }: Done<ActionStepOutput>): number =>
  output.iteration === 0 ? 0 : Number(name.split('-')[2] ?? 0)
