import { Type } from 'typebox'
import type { Route } from '../route.ts'

/** What Prometheus reads. It tells of the server as a whole, and nothing of any project, so it needs no key. */
export const metrics: Route = (app, { renderMetrics }) => {
  app.route({
    method: 'GET',
    url: '/metrics',
    schema: {
      tags: ['service'],
      summary: 'Metrics in the text format of Prometheus',
      response: {
        200: {
          description: 'Counters, gauges and histograms.',
          content: { 'text/plain': { schema: Type.String() } },
        },
      },
    },
    handler: async (_request, reply) => {
      if (renderMetrics === null) return reply.callNotFound()
      return reply.type('text/plain; version=0.0.4; charset=utf-8').send(await renderMetrics())
    },
  })
}
