import { Type } from 'typebox'
import { problem } from '../../kernel/problem.ts'
import { problems } from '../representations/schema.ts'
import type { Route } from '../route.ts'

/** Tells the truth: the store can be written, and no run has waited longer than its bound. */
export const ready: Route = (app, { storage, clock, limits, log }) => {
  app.route({
    method: 'GET',
    url: '/ready',
    schema: {
      tags: ['service'],
      summary: 'Can the server do its work',
      response: {
        200: Type.Object({
          status: Type.String(),
          storage: Type.String(),
          open_runs: Type.Integer({ description: 'Runs that have not ended.' }),
          oldest_waiting_ms: Type.Integer({
            description: 'Age of the oldest run that waits for its first attempt.',
          }),
        }),
        ...problems(503),
      },
    },
    handler: async () => {
      await storage.check().catch((error: unknown) => {
        log.error({ err: error }, 'the store failed its check')
        throw problem('unavailable', 'The store cannot be read or written.')
      })
      const { openCount, oldestWaitingAt } = await storage.queueStatus()
      const oldestWaitingMs = oldestWaitingAt === null ? 0 : Math.max(0, clock.now() - oldestWaitingAt)
      if (oldestWaitingMs > limits.oldestWaitingMsMax) {
        throw problem(
          'unavailable',
          `The oldest run has waited for ${oldestWaitingMs} ms; the bound is ${limits.oldestWaitingMsMax} ms.`,
        )
      }
      return {
        status: 'ready',
        storage: storage.engine,
        open_runs: openCount,
        oldest_waiting_ms: oldestWaitingMs,
      }
    },
  })
}
