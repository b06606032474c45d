import { type Static, Type } from 'typebox'
import { listAgentRuns as list } from '../../../agents/read-agent-run.ts'
import type { Route } from '../../../api/route.ts'
import { Cursor, readCursor, writeCursor } from '../../../http/cursor.ts'
import { PAGE_COUNT_MAX } from '../../../kernel/limits.ts'
import type { Run } from '../../../runs/run.ts'
import { toAgentRun } from '../agent-run.ts'
import { Id } from '../schema.ts'
import { type Status, statesOf, statuses } from '../statuses.ts'

const LIMIT_DEFAULT = 20
const METADATA = 'metadata.'

const Query = Type.Object({
  agentId: Type.Optional(Id),
  status: Type.Optional(
    Type.Array(Type.String({ pattern: `^(${statuses.join('|')})(,(${statuses.join('|')}))*$` })),
  ),
  conversationId: Type.Optional(Id),
  createdAfter: Type.Optional(Type.String({ format: 'date-time' })),
  createdBefore: Type.Optional(Type.String({ format: 'date-time' })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: PAGE_COUNT_MAX, default: LIMIT_DEFAULT })),
  cursor: Type.Optional(Cursor),
})

/**
 * Newest first, without steps. `metadata.KEY=VALUE` is looked for in what a page finds, so a page may be short, even empty, and yet
 * have a next one.
 */
export const listAgentRuns: Route = (app) => {
  app.route({
    method: 'GET',
    url: '/v1/agents/runs',
    config: { scope: 'read' },
    schema: { querystring: Query },
    handler: async ({ access, query }) => {
      const { items, nextCursor } = await list(access, {
        filter: filterOf(query),
        limit: query.limit ?? LIMIT_DEFAULT,
        cursor: readCursor(query.cursor, { form: /^\d{1,16}\.\d{1,16}$/, location: 'query.cursor' }),
      })
      const wanted = Object.entries(query).filter(([name]) => name.startsWith(METADATA))
      return {
        items: items.filter(({ view }) => hasMetadata(view.run, wanted)).map(toAgentRun),
        nextCursor: writeCursor(nextCursor),
      }
    },
  })
}

const filterOf = ({
  agentId,
  status,
  conversationId,
  createdAfter,
  createdBefore,
}: Static<typeof Query>) => ({
  subjectId: agentId ?? null,
  conversationId: conversationId ?? null,
  createdAfter: createdAfter === undefined ? null : Date.parse(createdAfter),
  createdBefore: createdBefore === undefined ? null : Date.parse(createdBefore),
  // safety: the schema admits nothing else
  states: status?.flatMap((some) => some.split(',')).flatMap((one) => statesOf(one as Status)) ?? null,
})

const hasMetadata = ({ metadata }: Run, wanted: readonly (readonly [string, unknown])[]): boolean =>
  wanted.every(([name, value]) => {
    const key = name.slice(METADATA.length)
    return metadata !== null && Object.hasOwn(metadata, key) && String(metadata[key]) === String(value)
  })
