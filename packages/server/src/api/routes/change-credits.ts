import { Type } from 'typebox'
import { setCredits } from '../../agents/manage-credits.ts'
import { Caps, CreditRepresentation, Rates, toCreditRepresentation } from '../representations/credit.ts'
import { problems, RequestBody } from '../representations/schema.ts'
import type { Route } from '../route.ts'

export const changeCredits: Route = (app) => {
  app.route({
    method: 'PATCH',
    url: '/v1/credits',
    config: { scope: 'admin' },
    schema: {
      tags: ['credits'],
      summary: 'Set rates and caps',
      description: 'What is given is replaced whole. Rates hold for what is charged from then on.',
      security: [{ key: [] }],
      body: RequestBody({ rates: Type.Optional(Rates), caps: Type.Optional(Caps) }),
      response: { 200: CreditRepresentation, ...problems(401, 403, 422) },
    },
    handler: async ({ access, body }) => {
      const { rates, caps } = body
      const account = await setCredits(access, {
        rates,
        caps:
          caps === undefined
            ? undefined
            : { tokens: caps.tokens ?? null, actions: caps.actions ?? null, credits: caps.credits ?? null },
      })
      return toCreditRepresentation(account)
    },
  })
}
