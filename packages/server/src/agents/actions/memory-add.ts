/**
 * Keeps a text in the scope of the run. It goes through extraction and comparison like an add; what was decided is handed to whoever
 * commits it together with the record of the step, as operations of this run.
 */
import { ACTION_TEXT_LENGTH_MAX } from '../../kernel/limits.ts'
import type { Candidate } from '../../memories/candidate.ts'
import { countCompany, memberOf, ownersIn } from '../../pipeline/company.ts'
import { flowOf } from '../../pipeline/flow.ts'
import type { Attempt, PipelineDependencies } from '../../pipeline/step.ts'
import { toOperation } from '../../pipeline/steps/commit.ts'
import { type Extraction, extract, UnfinishedExtraction } from '../../pipeline/steps/extract.ts'
import { transform } from '../../pipeline/steps/transform.ts'
import { extractedTopics, pathOf, type TransformStep } from '../../projects/pipeline.ts'
import type { RunInput } from '../../runs/input.ts'
import type { RunCounts } from '../../runs/run.ts'
import type { ActionSpec } from '../action-spec.ts'
import type { ActionAnswer, ActionCall } from './action.ts'
import type { ActionDependencies, MadeActions } from './dependencies.ts'
import { topicsInScope } from './run-scope.ts'

type Spec = Extract<ActionSpec, { type: 'memory_add' }>

export const memoryAdd = (
  dependencies: ActionDependencies,
  attempt: Attempt,
  { name, description, topic: onlyTopic }: Spec,
): MadeActions => {
  /** By step: a step that is performed again, because a memory moved, is not paid for again. */
  const extractions = new Map<string, Extraction>()
  const topicNames = topicsInScope(attempt).map((topic) => topic.name)
  const content = { type: 'string', minLength: 1, maxLength: ACTION_TEXT_LENGTH_MAX }
  const topic = {
    type: 'string',
    description: `One of: ${topicNames.join(', ')}. Found by itself when absent.`,
  }
  return {
    actions: [
      {
        name,
        description,
        parameters: {
          type: 'object',
          properties: {
            content: { ...content, description: 'A statement that stands by itself.' },
            ...(onlyTopic === null && { topic }),
          },
          required: ['content'],
          additionalProperties: false,
        },
        perform: async (call) => {
          const asked = onlyTopic ?? call.arguments.topic ?? null
          if (asked !== null && !topicNames.includes(String(asked)))
            return refused(
              `there is no topic "${asked}" in this scope; there is ${topicNames.join(', ') || 'none'}`,
            )
          const input = inputOf(call, asked === null ? null : String(asked))
          const extraction = extractions.get(call.stepName) ?? (await extractInput(dependencies, call, input))
          extractions.set(call.stepName, extraction)
          return decide(dependencies, call, extraction)
        },
      },
    ],
  }
}

const refused = (error: string): ActionAnswer => ({ output: { error }, isError: true })

const inputOf = ({ arguments: { content } }: ActionCall, topic: string | null): RunInput => {
  if (typeof content !== 'string') throw new Error('the arguments were not checked by their schema')
  return topic === null
    ? { type: 'string', content: [content] }
    : { type: 'pre_extracted', items: [{ content, topic }] }
}

const extractInput = async (
  { extractor, limits }: PipelineDependencies,
  { attempt, signal }: ActionCall,
  input: RunInput,
): Promise<Extraction> => {
  const { topics, pipeline } = attempt.group
  const inScope = topicsInScope(attempt)
  const found = extractedTopics(topics, pathOf(pipeline, input.type)).filter((topic) =>
    inScope.includes(topic),
  )
  try {
    return await extract(
      extractor,
      { ...attempt, signal, payload: { ...attempt.payload, input } },
      { topics: found, previous: null, inputTimeoutMs: limits.stepTimeoutMs, isLastAttempt: false },
    )
  } catch (error) {
    throw error instanceof UnfinishedExtraction ? error.cause : error
  }
}

/** One that decides about every topic, wherever the pipeline of the group does. */
const everyTopic: TransformStep = { name: 'transform', type: 'transform', next: null, topics: null }

const decide = async (
  dependencies: PipelineDependencies,
  { attempt, signal }: ActionCall,
  { results }: Extraction,
): Promise<ActionAnswer> => {
  const candidates: Candidate[] = []
  for (const result of results) {
    if ('failure' in result) return refused(result.failure.detail)
    candidates.push(...result.candidates)
  }
  const decided = { step: everyTopic, flow: flowOf(candidates) }
  const plan = await transform(dependencies, { ...attempt, signal }, decided)
  const company = [memberOf(attempt, { counts: { ...noCounts, candidates: candidates.length }, error: null })]
  const [{ counts } = { counts: noCounts }] = countCompany(company, plan)
  const { created, updated, unchanged } = counts
  const owners = ownersIn(company)
  return {
    output: { run_id: attempt.run.runId, created, updated, unchanged },
    isError: false,
    change: {
      operations: plan.decisions.map((decision) => toOperation(attempt, owners, decision)),
      confirmations: plan.confirmations,
      counts,
    },
  }
}

const noCounts: RunCounts = {
  ...{ inputs: 0, failedInputs: 0, candidates: 0 },
  ...{ created: 0, updated: 0, deleted: 0, unchanged: 0 },
}
