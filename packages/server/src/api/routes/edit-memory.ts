import { Type } from 'typebox'
import { IdempotencyHeaders } from '../../http/idempotency.ts'
import { STATEMENT_LENGTH_MAX } from '../../kernel/limits.ts'
import { editMemory as edit } from '../../memories/edit-memory.ts'
import { MemoryRepresentation, toMemoryRepresentation } from '../representations/memory.ts'
import { MemoryAddressPath, MemoryAddressQuery, readAddress } from '../representations/memory-address.ts'
import { problems, RequestBody } from '../representations/schema.ts'
import type { Route } from '../route.ts'

export const editMemory: Route = (app) => {
  app.route({
    method: 'PATCH',
    url: '/v1/memories/:id',
    config: { scope: 'write' },
    schema: {
      tags: ['memories'],
      summary: 'Give a memory another text',
      description:
        'The edit is a run of its own, complete when this is answered; the header `Remanence-Run-Id` names it. The text before stays in the history.',
      security: [{ key: [] }],
      params: MemoryAddressPath,
      querystring: MemoryAddressQuery,
      headers: IdempotencyHeaders,
      body: RequestBody({
        content: Type.String({ maxLength: STATEMENT_LENGTH_MAX }),
        expected_version: Type.Optional(
          Type.Integer({
            minimum: 1,
            description: 'Refused with 409 when the memory is at another version.',
          }),
        ),
      }),
      response: { 200: MemoryRepresentation, ...problems(400, 401, 403, 404, 409, 413, 415, 422) },
    },
    handler: async ({ access, params, query, body, headers }, reply) => {
      const key = headers['idempotency-key']
      const { memory, runId, isReplayed } = await edit(access, {
        ...readAddress(params, query),
        content: body.content,
        ...(body.expected_version !== undefined && { expectedVersion: body.expected_version }),
        ...(key !== undefined && { idempotencyKey: key }),
      })
      reply.header('remanence-run-id', runId)
      if (isReplayed) reply.header('idempotency-replayed', 'true')
      return toMemoryRepresentation(memory, { projectId: access.storage.projectId })
    },
  })
}
