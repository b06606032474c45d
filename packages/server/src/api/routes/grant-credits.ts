import { Type } from 'typebox'
import { grantCredits as grant } from '../../agents/manage-credits.ts'
import { CreditRepresentation, toCreditRepresentation } from '../representations/credit.ts'
import { problems, RequestBody } from '../representations/schema.ts'
import type { Route } from '../route.ts'

export const grantCredits: Route = (app) => {
  app.route({
    method: 'POST',
    url: '/v1/credits/grants',
    config: { scope: 'admin' },
    schema: {
      tags: ['credits'],
      summary: 'Add to the balance, or end counting it down',
      security: [{ key: [] }],
      body: RequestBody({
        amount: Type.Unsafe<string | null>({
          type: ['string', 'null'],
          pattern: '^-?\\d{1,15}(\\.\\d{1,6})?$',
          description:
            'A decimal, as text; a negative one takes from it. A balance that was not counted begins at 0; null ends counting it.',
        }),
      }),
      response: { 200: CreditRepresentation, ...problems(401, 403, 422) },
    },
    handler: async ({ access, body }) => toCreditRepresentation(await grant(access, body.amount)),
  })
}
