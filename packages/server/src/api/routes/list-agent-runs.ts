import { Type } from 'typebox'
import { getAgent } from '../../agents/manage-agents.ts'
import { Cursor, readCursor, writeCursor } from '../../http/cursor.ts'
import { PAGE_COUNT_MAX } from '../../kernel/limits.ts'
import { listRuns } from '../../runs/read-runs.ts'
import { AgentPath } from '../representations/agent.ts'
import { RunRepresentation, toRunRepresentation } from '../representations/run.ts'
import { readRunFilterMembers, runFilterMembers } from '../representations/run-filter.ts'
import { NullableString, problems } from '../representations/schema.ts'
import type { Route } from '../route.ts'

const LIMIT_DEFAULT = 20

const { state, status, user_id, conversation_id, tag, created_after, created_before } = runFilterMembers
const Query = Type.Object(
  {
    ...{ state, status, user_id, conversation_id, tag, created_after, created_before },
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: PAGE_COUNT_MAX, default: LIMIT_DEFAULT })),
    cursor: Type.Optional(Cursor),
  },
  { additionalProperties: false },
)

export const listAgentRuns: Route = (app) => {
  app.route({
    method: 'GET',
    url: '/v1/agents/:agent_id/runs',
    config: { scope: 'read' },
    schema: {
      tags: ['agents'],
      summary: 'List the runs of an agent, newest first',
      security: [{ key: [] }],
      params: AgentPath,
      querystring: Query,
      response: {
        200: Type.Object({
          runs: Type.Array(RunRepresentation),
          next_cursor: NullableString('The cursor of the next page; null on the last.'),
        }),
        ...problems(401, 403, 404, 422),
      },
    },
    handler: async ({ access, params, query }) => {
      const cursor = readCursor(query.cursor, { form: /^\d{1,16}\.\d{1,16}$/, location: 'query.cursor' })
      const { agentId: subjectId } = await getAgent(access, params.agent_id.toLowerCase())
      const filter = { ...readRunFilterMembers(query), subjectId }
      const limit = query.limit ?? LIMIT_DEFAULT
      const { items, nextCursor } = await listRuns(access, { filter, limit, cursor })
      return { runs: items.map(toRunRepresentation), next_cursor: writeCursor(nextCursor) }
    },
  })
}
