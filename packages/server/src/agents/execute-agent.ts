/**
 * A run of an agent.
 *
 *     ┌─▶ call to the model ──▶ an answer ──▶ completed
 *     │        │      └───────▶ an answer that is not of the schema asked for: it is told so, once ─┐
 *     │        ▼                                                                                    │
 *     │   calls of actions ──▶ one after another ──▶ their outputs                                  │
 *     └────────────────────────────────────────────────┴────────────────────────────────────────────┘
 *       a bound is reached ──▶ completed, with what it said last
 *
 * Each call to the model and each action is a step, recorded before the next one begins. The way of a run follows from its records,
 * so an attempt after a crash or a failure walks it again without doing anything twice, and goes on where they end. Several calls of
 * one answer are done in their order, one after another: they may build on each other, what they commit has an order that can be
 * told, and when the process dies at most one action is in hand.
 *
 * A run that fails or is cancelled has no result: what it said and did until then is in its steps.
 */
import { RECALL_COUNT_MAX } from '../kernel/limits.ts'
import { Problem } from '../kernel/problem.ts'
import { StepError } from '../kernel/step-error.ts'
import type { ChatMessage } from '../models/chat-model.ts'
import type { NamedChatModel } from '../models/chat-models.ts'
import { recallModel } from '../models/recall.ts'
import { asStepError } from '../pipeline/as-step-error.ts'
import { StepFailure } from '../pipeline/run-step.ts'
import type { Attempt } from '../pipeline/step.ts'
import type { ActionSpec } from './action-spec.ts'
import type { Action } from './actions/action.ts'
import type { Actions } from './actions/index.ts'
import { type AgentAttempt, openAttempt } from './agent-attempt.ts'
import type { ActionStepOutput, AgentInput, AgentResult, ModelStepOutput, StopReason } from './agent-input.ts'
import { boundBefore, outputTokenCountMax, stepCountMaxOf } from './bounds.ts'
import { callModel, modelStepName } from './call-model.ts'
import { readConversation } from './conversation.ts'
import type { AgentDependencies } from './dependencies.ts'
import { type CheckedAnswer, checkAnswer } from './final-answer.ts'
import { finishRun } from './finish-run.ts'
import { instructionsOf } from './instructions.ts'
import { performAction } from './perform-action.ts'
import { fillInputs } from './run-inputs.ts'
import { messagesOf, type Turn } from './transcript.ts'

/** All that stays the same during an attempt. */
type Work = {
  readonly dependencies: AgentDependencies
  readonly attempt: AgentAttempt
  readonly input: AgentInput
  readonly chat: NamedChatModel
  readonly actions: ReadonlyMap<string, Action>
  /** What was said before in the conversation. */
  readonly earlier: readonly ChatMessage[]
}

export const executeAgent = async (dependencies: AgentDependencies, plain: Attempt): Promise<void> => {
  const { input } = plain.payload
  if (input.type !== 'agent') throw new Error(`run ${plain.run.runId} is none of an agent`)
  const attempt = await openAttempt(dependencies, plain)
  const chat = modelOf(dependencies, input)
  await using made = await makeActions(dependencies, attempt, specsOf(input, chat))
  const actions = new Map(made.list.map((action) => [action.name, action]))
  const earlier = input.agent.conversationMemory ? await readConversation(attempt) : []
  const result = await converse({ dependencies, attempt, input, chat, actions, earlier })
  await finishRun(dependencies, attempt, result)
}

const converse = async (work: Work): Promise<AgentResult> => {
  const turns: Turn[] = []
  for (;;) {
    const next = await goOn(work, turns)
    if ('stopReason' in next) return next
    turns.push(next)
  }
}

/** The next turn, or how the run ends. */
const goOn = async (work: Work, turns: readonly Turn[]): Promise<Turn | AgentResult> => {
  const { attempt, input } = work
  const iteration = turns.length + 1
  const recorded = attempt.recorded<ModelStepOutput>(modelStepName(iteration))
  const bound = recorded === null ? boundBefore(iteration, input, attempt.spent()) : null
  if (bound !== null) return endWith(turns, '', bound)
  const said = recorded ?? (await ask(work, turns))
  if (said.toolCalls.length > 0) return { said, outputs: await performAll(work, turns, said), mistake: null }
  if (said.isCut) return endWith(turns, said.text, 'max_tokens')
  const checked = await checkAnswer(attempt.checks, input.outputSchema, said.text)
  return checked.kind === 'good'
    ? endWith(turns, checked.text, 'final_answer')
    : { said, outputs: [], mistake: mistakeText(checked) }
}

/** Some models say nothing when all is done, or have said it before. */
const endWith = (turns: readonly Turn[], text: string, stopReason: StopReason): AgentResult => {
  const finalOutput =
    text.trim() === '' ? turns.findLast(({ said }) => said.text.trim() !== '')?.said.text : text
  return { finalOutput: finalOutput ?? '', stopReason }
}

const ask = (work: Work, turns: readonly Turn[]): Promise<ModelStepOutput> => {
  const { dependencies, attempt, input, chat, actions, earlier } = work
  const { agent, userMessage, outputSchema } = input
  const iteration = turns.length + 1
  const isLastCall = iteration === stepCountMaxOf(input)
  const offered = [...actions.values()]
  const instructions = instructionsOf({
    instructions: fillInputs(agent.instructions, input.inputs ?? {}),
    ...{ actions: offered, outputSchema, isLastCall },
    searches: agent.actions.filter(({ type }) => type === 'memory_search').map(({ name }) => name),
    userId: attempt.run.userId,
    now: dependencies.clock.now(),
  })
  return callModel(dependencies, attempt, {
    ...{ chat, iteration },
    request: {
      instructions,
      messages: [...earlier, { role: 'user', content: userMessage }, ...messagesOf(turns)],
      tools: offered.map(({ name, description, parameters }) => ({ name, description, parameters })),
      outputTokenCountMax: outputTokenCountMax(input, attempt.spent()),
      outputSchema: outputSchema ?? undefined,
    },
    judge: async (said) => {
      if (said.toolCalls.length > 0 || said.isCut) return
      const checked = await checkAnswer(attempt.checks, outputSchema, said.text)
      const isToldAlready = turns.some(({ mistake }) => mistake !== null)
      if (checked.kind === 'wrong' && (isToldAlready || isLastCall)) throw answerInvalid(checked)
    },
  })
}

type Mistaken = Extract<CheckedAnswer, { kind: 'wrong' }>

const mistakeText = ({ mistake }: Mistaken): string =>
  `Your answer cannot be read by the program that asked for it: ${mistake}. Answer again, with nothing but JSON of the schema.`

const answerInvalid = ({ mistake }: Mistaken): StepError =>
  new StepError('answer_invalid', `the answer is not what the schema asks for: ${mistake}`)

const performAll = async (
  { dependencies, attempt, actions }: Work,
  turns: readonly Turn[],
  { toolCalls }: ModelStepOutput,
): Promise<readonly ActionStepOutput[]> => {
  const iteration = turns.length + 1
  const doneCount = turns.reduce((sum, turn) => sum + turn.outputs.length, 0)
  const outputs: ActionStepOutput[] = []
  for (const [index, { name, arguments: given, malformed }] of toolCalls.entries()) {
    const stepName = `action-${iteration}-${index + 1}`
    const action = actions.get(name) ?? null
    const number = doneCount + index + 1
    const wanted = { stepName, iteration, number, name, action, arguments: given, malformed }
    outputs.push(await performAction(dependencies, attempt, wanted))
  }
  return outputs
}

const modelOf = ({ chatModels }: AgentDependencies, { agent }: AgentInput): NamedChatModel => {
  try {
    return chatModels(agent.model)
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    throw new StepFailure('model', new StepError(error.code, error.message, { cause: error }), null)
  }
}

/** Without a language model an agent answers from its memory, whether it is told to or not. */
const specsOf = ({ agent }: AgentInput, { model }: NamedChatModel): readonly ActionSpec[] => {
  const name = 'memory_search'
  if (model !== recallModel || agent.actions.some((spec) => spec.name === name)) return agent.actions
  const description = 'Searches the memory.'
  return [...agent.actions, { name, description, type: name, limit: RECALL_COUNT_MAX }]
}

const makeActions = async (
  dependencies: AgentDependencies,
  attempt: AgentAttempt,
  specs: readonly ActionSpec[],
): Promise<Actions> => {
  try {
    return await dependencies.createActions(dependencies, attempt, specs)
  } catch (error) {
    throw new StepFailure('action', asStepError(error), null)
  }
}
