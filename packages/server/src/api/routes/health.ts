import { Type } from 'typebox'
import type { Route } from '../route.ts'

/** The process answers. Whether it can do its work is what `/ready` tells. `message` is what clients of another API read. */
export const health: Route = (app) => {
  app.route({
    method: 'GET',
    url: '/health',
    schema: {
      tags: ['service'],
      summary: 'Is the process alive',
      response: {
        200: Type.Object({ status: Type.String(), service: Type.String(), message: Type.String() }),
      },
    },
    handler: async () => ({ status: 'healthy', service: 'remanence', message: 'Server is healthy!' }),
  })
}
