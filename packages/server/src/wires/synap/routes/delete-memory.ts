import type { Route } from '../../../api/route.ts'
import { toIso } from '../../../kernel/clock.ts'
import { deleteMemory as remove } from '../../../memories/delete-memory.ts'
import { findKnownMemory } from '../memory-body.ts'
import { IdPath } from '../schema.ts'

/** Answers with a body, which clients look into. The deletion is a run, and can be undone by its id. */
export const deleteMemory: Route = (app) => {
  app.route({
    method: 'DELETE',
    url: '/api/v1/memories/:id',
    config: { scope: 'write' },
    schema: { params: IdPath },
    handler: async ({ access, params }, reply) => {
      const { memoryId, groupName: group, userId } = (await findKnownMemory(access, params.id)).memory
      const run = await remove(access, { memoryId, group, ...(userId !== null && { userId }) })
      reply.header('remanence-run-id', run.runId)
      return { memory_id: memoryId, deleted_at: toIso(run.completedAt ?? run.createdAt) }
    },
  })
}
