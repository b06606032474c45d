import { getMemory as get } from '../../memories/get-memory.ts'
import { MemoryRepresentation, toMemoryRepresentation } from '../representations/memory.ts'
import { MemoryAddressPath, MemoryAddressQuery, readAddress } from '../representations/memory-address.ts'
import { problems } from '../representations/schema.ts'
import type { Route } from '../route.ts'

export const getMemory: Route = (app) => {
  app.route({
    method: 'GET',
    url: '/v1/memories/:id',
    config: { scope: 'read' },
    schema: {
      tags: ['memories'],
      summary: 'Read a memory',
      security: [{ key: [] }],
      params: MemoryAddressPath,
      querystring: MemoryAddressQuery,
      response: { 200: MemoryRepresentation, ...problems(400, 401, 403, 404, 422) },
    },
    handler: async ({ access, params, query }) => {
      const memory = await get(access, readAddress(params, query))
      return toMemoryRepresentation(memory, { projectId: access.storage.projectId })
    },
  })
}
