import { Type } from 'typebox'
import { deleteMemory as remove } from '../../memories/delete-memory.ts'
import { MemoryAddressPath, MemoryAddressQuery, readAddress } from '../representations/memory-address.ts'
import { problems } from '../representations/schema.ts'
import type { Route } from '../route.ts'

export const deleteMemory: Route = (app) => {
  app.route({
    method: 'DELETE',
    url: '/v1/memories/:id',
    config: { scope: 'write' },
    schema: {
      tags: ['memories'],
      summary: 'Delete a memory',
      description: 'The deletion is a run of its own; the header `Remanence-Run-Id` names it.',
      security: [{ key: [] }],
      params: MemoryAddressPath,
      querystring: MemoryAddressQuery,
      response: { 204: Type.Null(), ...problems(400, 401, 403, 404, 422) },
    },
    handler: async ({ access, params, query }, reply) => {
      const run = await remove(access, readAddress(params, query))
      return reply.code(204).header('remanence-run-id', run.runId).send(null)
    },
  })
}
