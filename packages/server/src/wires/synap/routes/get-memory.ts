import type { Route } from '../../../api/route.ts'
import { findKnownMemory, toMemoryBody } from '../memory-body.ts'
import { IdPath } from '../schema.ts'

export const getMemory: Route = (app) => {
  app.route({
    method: 'GET',
    url: '/api/v1/memories/:id',
    config: { scope: 'read' },
    schema: { params: IdPath },
    handler: async ({ access, params }) => toMemoryBody(await findKnownMemory(access, params.id)),
  })
}
