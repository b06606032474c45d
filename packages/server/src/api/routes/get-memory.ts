import { Type } from 'typebox'
import { getMemory as get } from '../../memories/get-memory.ts'
import { MemoryRepresentation, toMemoryRepresentation } from '../representations/memory.ts'
import { MemoryAddressPath, MemoryAddressQuery, readAddress } from '../representations/memory-address.ts'
import { AsOf, problems, readAsOf } from '../representations/schema.ts'
import type { Route } from '../route.ts'

const Query = Type.Object(
  { ...MemoryAddressQuery.properties, as_of: Type.Optional(AsOf) },
  { additionalProperties: false },
)

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
      querystring: Query,
      response: { 200: MemoryRepresentation, ...problems(400, 401, 403, 404, 422) },
    },
    handler: async ({ access, params, query }) => {
      const memory = await get(access, { ...readAddress(params, query), ...readAsOf(query.as_of) })
      return toMemoryRepresentation(memory, { projectId: access.storage.projectId })
    },
  })
}
