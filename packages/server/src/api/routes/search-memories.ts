import { Type } from 'typebox'
import { PAGE_COUNT_MAX, QUERY_LENGTH_MAX } from '../../kernel/limits.ts'
import { problem } from '../../kernel/problem.ts'
import { memoryFilter } from '../../memories/filter.ts'
import { findGroup } from '../../projects/find-group.ts'
import { type Retrieval, retrievals, searchMemories as search } from '../../search/query.ts'
import { MemoryRepresentation, toMemoryRepresentation } from '../representations/memory.ts'
import { AsOf, problems, RequestBody, readAsOf } from '../representations/schema.ts'
import { readSelection, selectionMembers } from '../representations/selection.ts'
import type { Route } from '../route.ts'

const LIMIT_DEFAULT = 10

const Body = RequestBody({
  query: Type.String({
    minLength: 1,
    maxLength: QUERY_LENGTH_MAX,
    description: 'Ignored by `fetch`, but required.',
  }),
  ...selectionMembers,
  as_of: Type.Optional(AsOf),
  retrieval_config: Type.Optional(
    Type.Object(
      {
        retrieval_type: Type.String({
          description:
            '`bm25`: only memories that share a word with the query. `hybrid`: also by their conversation, and never empty-handed while there are memories. `vector`: as hybrid while no embedding model is configured. `fetch`: newest first, without ranking.',
        }),
        limit: Type.Optional(Type.Integer({ minimum: 1, maximum: PAGE_COUNT_MAX, default: LIMIT_DEFAULT })),
      },
      { additionalProperties: false },
    ),
  ),
})

const RetrievalReport = Type.Object({
  requested: Type.String(),
  used: Type.String({ description: 'lexical or none.' }),
  note: Type.Optional(Type.String()),
})

export const searchMemories: Route = (app, { usageMeter }) => {
  app.route({
    method: 'POST',
    url: '/v1/memories/search',
    config: { scope: 'read' },
    schema: {
      tags: ['memories'],
      summary: 'Search memories',
      security: [{ key: [] }],
      body: Body,
      response: {
        200: Type.Object({
          memories: Type.Array(MemoryRepresentation),
          total: Type.Integer({ description: 'The number of memories in this answer.' }),
          retrieval: RetrievalReport,
        }),
        ...problems(400, 401, 403, 422),
      },
    },
    handler: async ({ access, body }) => {
      const { retrieval_type = 'hybrid', limit = LIMIT_DEFAULT } = body.retrieval_config ?? {}
      const retrieval = readRetrieval(retrieval_type)
      const group = await findGroup(access.storage, body.group)
      const filter = memoryFilter(group, readSelection(body))
      const found = await search(access.storage, {
        ...{ query: body.query, retrieval, filter, limit },
        ...readAsOf(body.as_of),
      })
      const { projectId } = access.storage
      usageMeter.countSearch(projectId)
      return {
        memories: found.map(({ memory, score }) => toMemoryRepresentation(memory, { projectId, score })),
        total: found.length,
        retrieval: reportRetrieval(retrieval),
      }
    },
  })
}

const readRetrieval = (type: string): Retrieval => {
  const retrieval = retrievals.find((one) => one === type)
  if (retrieval !== undefined) return retrieval
  throw problem('invalid_request', `The retrieval_type must be one of ${retrievals.join(', ')}.`, {
    errors: [{ message: 'unknown retrieval type', location: 'body.retrieval_config.retrieval_type' }],
  })
}

const reportRetrieval = (requested: Retrieval) => {
  if (requested === 'fetch') return { requested, used: 'none' }
  if (requested === 'bm25') return { requested, used: 'lexical' }
  return {
    requested,
    used: 'lexical',
    note: 'No embedding model is configured: this is the answer of the lexical index.',
  }
}
