import { toIso } from '../../kernel/clock.ts'
import { ACTION_TEXT_LENGTH_MAX, PAGE_COUNT_MAX, QUERY_LENGTH_MAX } from '../../kernel/limits.ts'
import type { Attempt } from '../../pipeline/step.ts'
import { searchMemories } from '../../search/query.ts'
import type { ActionSpec } from '../action-spec.ts'
import type { ActionCall } from './action.ts'
import type { ActionDependencies, MadeActions } from './dependencies.ts'
import { memoriesInScope } from './run-scope.ts'

type Spec = Extract<ActionSpec, { type: 'memory_search' }>

/** Searches the memories of the run's scope, and no others. */
export const memorySearch = (
  _dependencies: ActionDependencies,
  _attempt: Attempt,
  { name, description, limit }: Spec,
): MadeActions => ({
  actions: [
    {
      name,
      description,
      parameters: {
        type: 'object',
        properties: {
          query: {
            type: 'string',
            minLength: 1,
            maxLength: QUERY_LENGTH_MAX,
            description: 'What to look for, in words that the memory may hold.',
          },
          limit: { type: 'integer', minimum: 1, maximum: limit },
        },
        required: ['query'],
        additionalProperties: false,
      },
      perform: async (call) => ({ output: { memories: await find(call, limit) }, isError: false }),
    },
  ],
})

const find = async ({ arguments: given, attempt }: ActionCall, limitMax: number) => {
  const { query, limit = limitMax } = given
  const filter = memoriesInScope(attempt)
  if (typeof query !== 'string' || typeof limit !== 'number')
    throw new Error('the arguments were not checked by their schema')
  if (filter.topics.length === 0) return []
  const found = await searchMemories(attempt.storage, {
    ...{ query, filter, retrieval: 'hybrid' },
    limit: Math.min(limit, limitMax, PAGE_COUNT_MAX),
  })
  let room = ACTION_TEXT_LENGTH_MAX
  return found
    .map(({ memory, score }) => ({
      memory_id: memory.memoryId,
      content: memory.content,
      topic: memory.scope.topic,
      score,
      created_at: toIso(memory.createdAt),
    }))
    .filter(({ content }, index) => {
      room -= content.length
      return room >= 0 || index === 0
    })
}
