/**
 * A run of a tool: its steps in their order, each with what the input and the steps before have given. What a finished step came to is
 * recorded under its name, and no later attempt does it again. A step that does not work fails the run; when somebody has it tried
 * again, that step is done anew.
 */
import { StepError } from '../kernel/step-error.ts'
import { asStepError } from '../pipeline/as-step-error.ts'
import { StepFailure } from '../pipeline/run-step.ts'
import type { Attempt } from '../pipeline/step.ts'
import type { ActionSpec } from './action-spec.ts'
import { optionalArguments } from './actions/http.ts'
import { type AgentAttempt, openAttempt } from './agent-attempt.ts'
import type { ActionStepOutput, ToolInput, ToolResult } from './agent-input.ts'
import type { AgentDependencies } from './dependencies.ts'
import { finishRun } from './finish-run.ts'
import { performAction } from './perform-action.ts'
import { fill, TemplateError, type Values } from './template.ts'
import type { Tool, ToolStep } from './tool.ts'

export const runTool = async (dependencies: AgentDependencies, plain: Attempt): Promise<void> => {
  const { input } = plain.payload
  if (input.type !== 'tool') throw new Error(`run ${plain.run.runId} is none of a tool`)
  const attempt = await withFailedStepsUndone(await openAttempt(dependencies, plain))
  const outputs: Record<string, unknown> = {}
  for (const [index, step] of input.tool.steps.entries()) {
    const values = valuesOf(input, outputs)
    outputs[step.name] = await takeStep(dependencies, attempt, { step, number: index + 1, values })
  }
  const result: ToolResult = { output: await outputOf(attempt, input, outputs) }
  await finishRun(dependencies, attempt, result)
}

/** What somebody wants tried again had not worked. */
const withFailedStepsUndone = async (attempt: AgentAttempt): Promise<AgentAttempt> => {
  const { run, storage } = attempt
  if (run.attemptBase === 0) return attempt
  const failed = new Set(
    (await storage.listSteps(run.runId))
      .filter((step) => step.attempt <= run.attemptBase && step.type === 'action')
      // safety: the output of a completed action is written by it only
      .filter(({ output }) => (output as ActionStepOutput | null)?.isError === true)
      .map(({ name }) => name),
  )
  const recorded: AgentAttempt['recorded'] = (name) => (failed.has(name) ? null : attempt.recorded(name))
  return { ...attempt, recorded }
}

const valuesOf = ({ tool, input }: ToolInput, outputs: Values): Values => ({
  input: { ...optionalArguments(tool.parameters), ...input },
  steps: outputs,
})

/** A step, which of all it is (from 1), and what it is filled with. */
type NextStep = { readonly step: ToolStep; readonly number: number; readonly values: Values }

const takeStep = async (
  dependencies: AgentDependencies,
  attempt: AgentAttempt,
  next: NextStep,
): Promise<unknown> => {
  attempt.signal.throwIfAborted()
  const { step } = next
  const known = attempt.recorded<ActionStepOutput>(step.name)
  const { output, isError } = known ?? (await perform(dependencies, attempt, next))
  if (isError) throw failure(step, new StepError('action_failed', sentenceOf(output)))
  return output
}

const perform = async (
  dependencies: AgentDependencies,
  attempt: AgentAttempt,
  { step, number, values }: NextStep,
): Promise<ActionStepOutput> => {
  const { name, action } = step
  const given = filled(step, values)
  await using actions = await dependencies
    .createActions(dependencies, attempt, [specOf(step)])
    .catch((error: unknown) => {
      throw failure(step, asStepError(error))
    })
  return await performAction(dependencies, attempt, {
    ...{ stepName: name, iteration: 0, number, name: action.name, arguments: given },
    action: actions.list[0] ?? null,
  })
}

/** Of all tools of an MCP server only the one that is called. */
const specOf = ({ action, mcpTool }: ToolStep): ActionSpec =>
  action.type === 'mcp' ? { ...action, tools: mcpTool === null ? [] : [mcpTool] } : action

const filled = (step: ToolStep, values: Values): Readonly<Record<string, unknown>> => {
  try {
    // safety: an object with places gives an object
    return fill(step.arguments, values) as Readonly<Record<string, unknown>>
  } catch (error) {
    if (error instanceof TemplateError) throw failure(step, invalidTemplate(error))
    throw error
  }
}

const invalidTemplate = (error: TemplateError): StepError => new StepError('invalid_template', error.message)

const failure = (
  { name }: ToolStep,
  { code, message, retryable, retryAfterMs, cause }: StepError,
): StepFailure =>
  new StepFailure(
    'action',
    new StepError(code, `step "${name}": ${message}`, { retryable, retryAfterMs, cause }),
    null,
  )

/** What an action said of its failure, as shortly as it can be said. */
const sentenceOf = (output: unknown): string => {
  const { error, status, text }: Readonly<Record<string, unknown>> = Object(output)
  if (typeof error === 'string') return error.slice(0, SENTENCE_LENGTH_MAX)
  if (typeof status === 'number') return `the server answered ${status}`
  return typeof text === 'string' && text !== '' ? text.slice(0, SENTENCE_LENGTH_MAX) : 'it did not work'
}
const SENTENCE_LENGTH_MAX = 500

const outputOf = async (attempt: AgentAttempt, input: ToolInput, outputs: Values): Promise<unknown> => {
  const { tool } = input
  const output = tool.output === null ? lastOf(tool, outputs) : filledOutput(input, outputs)
  if (tool.outputSchema === null) return output
  const check = await attempt.checks(tool.outputSchema)
  const wrong = check?.(output) ?? null
  if (wrong === null) return output
  throw atEnd(new StepError('output_invalid', `the output is not what its schema asks for: ${wrong}`))
}

const lastOf = ({ steps }: Tool, outputs: Values): unknown => outputs[steps.at(-1)?.name ?? ''] ?? null

const filledOutput = (input: ToolInput, outputs: Values): unknown => {
  try {
    return fill(input.tool.output, valuesOf(input, outputs))
  } catch (error) {
    throw error instanceof TemplateError ? atEnd(invalidTemplate(error)) : error
  }
}

const atEnd = (reason: StepError): StepFailure => new StepFailure('apply', reason, null)
