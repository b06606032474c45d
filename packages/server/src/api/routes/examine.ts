import { Type } from 'typebox'
import { problems } from '../representations/schema.ts'
import type { Route } from '../route.ts'

/** The doctor of a running server. It tells of the whole store, over all projects. */
export const examine: Route = (app, { storage }) => {
  app.route({
    method: 'GET',
    url: '/v1/doctor',
    config: { scope: 'operator' },
    schema: {
      tags: ['service'],
      summary: 'Check the whole store',
      description:
        'Holds everything stored against what must be true of it. It only reads and delays nobody, but takes its time in a large store.',
      security: [{ key: [] }],
      response: {
        200: Type.Object({
          healthy: Type.Boolean({ description: 'Nothing is wrong.' }),
          checks: Type.Array(
            Type.Object({
              check: Type.String({ description: 'Stable, for programs.' }),
              sentence: Type.String({ description: 'What must hold.' }),
              wrong_count: Type.Integer({ description: 'Where it does not hold, counted up to a thousand.' }),
              examples: Type.Array(Type.String(), { description: 'Ids and numbers, never contents.' }),
            }),
          ),
        }),
        ...problems(401, 403),
      },
    },
    handler: async () => {
      const checks = await storage.examine()
      return {
        healthy: checks.every(({ wrongCount }) => wrongCount === 0),
        checks: checks.map(({ check, sentence, wrongCount, examples }) => ({
          check,
          sentence,
          wrong_count: wrongCount,
          examples: [...examples],
        })),
      }
    },
  })
}
