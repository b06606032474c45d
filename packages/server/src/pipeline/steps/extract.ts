/**
 * Extract turns the inputs of a run into candidates. Every input stands alone: one that fails for good does not take the others
 * with it, and when the step is tried again only the inputs without a result are worked on again.
 */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { StepError } from '../../kernel/step-error.ts'
import type { Candidate } from '../../memories/candidate.ts'
import type { Extractor, Passage } from '../../models/model.ts'
import type { Group, Topic } from '../../projects/group.ts'
import { inputCount, type RunInput } from '../../runs/input.ts'
import type { RunError } from '../../runs/run.ts'
import { asStepError } from '../as-step-error.ts'
import type { Attempt } from '../step.ts'
import { withinTime } from '../within-time.ts'

/** A settled input was committed before the run was tried again, so it has no candidates any more. */
export type InputResult =
  | { readonly input: number; readonly candidates: readonly Candidate[]; readonly isSettled?: true }
  | { readonly input: number; readonly failure: { readonly code: string; readonly detail: string } }

/** The output of the step, one result per input in order; fewer while the step is unfinished. */
export type Extraction = { readonly results: readonly InputResult[] }

/** A step that must be tried again, with the results it has so far. */
export class UnfinishedExtraction extends Error {
  override readonly name = 'UnfinishedExtraction'
  readonly extraction: Extraction
  override readonly cause: StepError

  constructor(extraction: Extraction, cause: StepError) {
    super(cause.message)
    this.extraction = extraction
    this.cause = cause
  }
}

/**
 * @param inputs their numbers; all of the run when absent
 * @param topics those that statements are found for
 * @param previous results of an earlier attempt
 * @param inputTimeoutMs time for each input, so that a long batch is no failure
 * @param isLastAttempt a failure that could be retried is final then
 * Throws UnfinishedExtraction, and the signal's reason when it aborts.
 */
export const extract = async (
  extractor: Extractor,
  attempt: Attempt,
  options: {
    readonly inputs?: readonly number[]
    readonly topics: readonly Topic[]
    readonly previous: Extraction | null
    readonly inputTimeoutMs: number
    readonly isLastAttempt: boolean
  },
): Promise<Extraction> => {
  const results: InputResult[] = []
  const previous = new Map(options.previous?.results.map((result) => [result.input, result]))
  for (const input of options.inputs ?? Array(inputCount(attempt.payload.input)).keys()) {
    const known = previous.get(input)
    if (known !== undefined) {
      results.push(known)
      continue
    }
    // An extractor may keep the process busy for the whole of an input: others get their turn between two.
    await nextTurn()
    try {
      const candidates = await withinTime(options.inputTimeoutMs, attempt.signal, (signal) =>
        extractInput(extractor, { ...attempt, signal, topics: options.topics }, input),
      )
      results.push({ input, candidates })
    } catch (error) {
      attempt.signal.throwIfAborted()
      const reason = asStepError(error)
      if (reason.retryable && !options.isLastAttempt) throw new UnfinishedExtraction({ results }, reason)
      results.push({ input, failure: { code: reason.code, detail: reason.message } })
    }
  }
  return { results }
}

const extractInput = async (
  extractor: Extractor,
  { run, group, payload, signal, used, topics }: Attempt & { readonly topics: readonly Topic[] },
  input: number,
): Promise<Candidate[]> => {
  const origin = { runId: run.runId, input, message: null, messageId: null, role: null, name: null }
  if (payload.input.type === 'pre_extracted') {
    const item = payload.input.items[input]
    if (item === undefined) return []
    refuseUnknownTopic(group, item.topic)
    return [{ ...item, source: { ...origin, saidAt: run.createdAt } }]
  }
  if (payload.input.type !== 'string' && payload.input.type !== 'conversation')
    throw new Error(`run ${run.runId} has nothing to extract from`)
  const passage = passageOf(payload.input, input, run.createdAt)
  const statements = await extractor.extract({ passage, topics, signal, used })
  const messages = passage.type === 'conversation' ? passage.messages : []
  return statements.map(({ topic, content, context, message, saidAt }) => {
    refuseUnknownTopic(group, topic)
    const spoken = message === null ? undefined : messages[message]
    return {
      topic,
      content,
      ...(context !== undefined && { context }),
      source: {
        ...origin,
        message,
        messageId: spoken?.id ?? null,
        role: spoken?.role ?? null,
        name: spoken?.name ?? null,
        saidAt,
      },
    }
  })
}

// The group may have changed since the run was accepted, and an extractor may make a topic up.
const refuseUnknownTopic = (group: Group, topic: string): void => {
  if (!group.topics.some(({ name }) => name === topic)) {
    throw new StepError('unknown_topic', `topic "${topic}" not found in group "${group.name}"`)
  }
}

const passageOf = (
  input: Extract<RunInput, { type: 'string' | 'conversation' }>,
  index: number,
  acceptedAt: number,
): Passage => {
  const saidAt = input.createdAt ?? acceptedAt
  return input.type === 'conversation'
    ? { type: 'conversation', messages: input.messages, saidAt }
    : { type: 'text', text: input.content[index] ?? '', saidAt }
}

/** What is to be said about the inputs that failed for good; null when none did. */
export const partialError = (extraction: Extraction): RunError | null => {
  const failures = extraction.results.filter((result) => 'failure' in result)
  const first = failures[0]
  if (first === undefined) return null
  const isAlone = extraction.results.length === 1
  const named = failures
    .map(({ input, failure }) => (isAlone ? failure.detail : `input ${input}: ${failure.detail}`))
    .join('; ')
  return { stage: 'extraction', code: first.failure.code, detail: named.slice(0, ERROR_LENGTH_MAX) }
}

const ERROR_LENGTH_MAX = 2_000
