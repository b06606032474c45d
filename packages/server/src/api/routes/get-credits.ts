import { getCredits as get } from '../../agents/manage-credits.ts'
import { CreditRepresentation, toCreditRepresentation } from '../representations/credit.ts'
import { problems } from '../representations/schema.ts'
import type { Route } from '../route.ts'

export const getCredits: Route = (app) => {
  app.route({
    method: 'GET',
    url: '/v1/credits',
    config: { scope: 'read' },
    schema: {
      tags: ['credits'],
      summary: 'Read rates, caps, the balance, and what was used in this month',
      security: [{ key: [] }],
      response: { 200: CreditRepresentation, ...problems(401, 403) },
    },
    handler: async ({ access }) => toCreditRepresentation(await get(access)),
  })
}
