/**
 * Extract turns the inputs of a run into candidates. Every input stands alone: one that fails for good does not take the others
 * with it, and when the step is tried again only the inputs without a result are worked on again.
 */
import { StepError } from '../../kernel/step-error.ts'
import type { Candidate } from '../../memories/candidate.ts'
import type { Extractor, Passage } from '../../models/model.ts'
import type { RunInput } from '../../runs/input.ts'
import type { Attempt } from '../step.ts'

export type InputResult =
  | { readonly input: number; readonly candidates: readonly Candidate[] }
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
 * @param previous results of an earlier attempt
 * @param isLastAttempt a failure that could be retried is final then
 * Throws UnfinishedExtraction.
 */
export const extract = async (
  extractor: Extractor,
  attempt: Attempt,
  { previous, isLastAttempt }: { readonly previous: Extraction | null; readonly isLastAttempt: boolean },
): Promise<Extraction> => {
  const results: InputResult[] = [...(previous?.results ?? [])]
  for (let input = results.length; input < inputCount(attempt.payload.input); input++) {
    attempt.signal.throwIfAborted()
    try {
      results.push({ input, candidates: await extractInput(extractor, attempt, input) })
    } catch (error) {
      if (!(error instanceof StepError)) throw error
      if (error.retryable && !isLastAttempt) throw new UnfinishedExtraction({ results }, error)
      results.push({ input, failure: { code: error.code, detail: error.message } })
    }
  }
  return { results }
}

export const inputCount = (input: RunInput): number => {
  switch (input.type) {
    case 'string':
      return input.content.length
    case 'pre_extracted':
      return input.items.length
    case 'conversation':
      return 1
  }
}

const extractInput = async (
  extractor: Extractor,
  { run, group, payload, signal }: Attempt,
  input: number,
): Promise<Candidate[]> => {
  const origin = { runId: run.runId, input, message: null, messageId: null, role: null, name: null }
  if (payload.input.type === 'pre_extracted') {
    const item = payload.input.items[input]
    return item === undefined ? [] : [{ ...item, source: { ...origin, saidAt: run.createdAt } }]
  }
  const passage = passageOf(payload.input, input, run.createdAt)
  const statements = await extractor.extract({ passage, topics: group.topics, signal })
  const messages = passage.type === 'conversation' ? passage.messages : []
  return statements.map(({ topic, content, context, message, saidAt }) => {
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
