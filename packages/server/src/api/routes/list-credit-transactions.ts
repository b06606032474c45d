import { Type } from 'typebox'
import { type CreditTransaction, transactionKinds } from '../../agents/credits.ts'
import { listCreditTransactions as list } from '../../agents/manage-credits.ts'
import { Cursor, readCursor, writeCursor } from '../../http/cursor.ts'
import { PAGE_COUNT_MAX } from '../../kernel/limits.ts'
import {
  CreditTransactionRepresentation,
  toCreditTransactionRepresentation,
} from '../representations/credit.ts'
import { NullableString, problems, Uuid } from '../representations/schema.ts'
import type { Route } from '../route.ts'

const LIMIT_DEFAULT = 20

const Query = Type.Object(
  {
    run_id: Type.Optional(Uuid),
    kind: Type.Optional(
      Type.Unsafe<CreditTransaction['kind']>({ type: 'string', enum: [...transactionKinds] }),
    ),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: PAGE_COUNT_MAX, default: LIMIT_DEFAULT })),
    cursor: Type.Optional(Cursor),
  },
  { additionalProperties: false },
)

export const listCreditTransactions: Route = (app) => {
  app.route({
    method: 'GET',
    url: '/v1/credits/transactions',
    config: { scope: 'read' },
    schema: {
      tags: ['credits'],
      summary: 'List charges and grants, newest first',
      description:
        'Those that are kept. Where earlier ones are not, the last of the list is of the kind `carried`: its amount is the balance that they left.',
      security: [{ key: [] }],
      querystring: Query,
      response: {
        200: Type.Object({
          transactions: Type.Array(CreditTransactionRepresentation),
          next_cursor: NullableString('The cursor of the next page; null on the last.'),
        }),
        ...problems(401, 403, 422),
      },
    },
    handler: async ({ access, query }) => {
      const { items, nextCursor } = await list(access, {
        runId: query.run_id?.toLowerCase() ?? null,
        kind: query.kind ?? null,
        limit: query.limit ?? LIMIT_DEFAULT,
        cursor: readCursor(query.cursor, { form: /^\d{1,16}$/, location: 'query.cursor' }),
      })
      return {
        transactions: items.map(toCreditTransactionRepresentation),
        next_cursor: writeCursor(nextCursor),
      }
    },
  })
}
