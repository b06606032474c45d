import type { Route } from '../../../api/route.ts'
import { toIso } from '../../../kernel/clock.ts'
import { findDeletion, deleteMemory as remove } from '../../../memories/delete-memory.ts'
import type { Access } from '../../../projects/access.ts'
import type { Run } from '../../../runs/run.ts'
import { ownKey } from '../../../runs/run-key.ts'
import { callOf } from '../call.ts'
import { findKnownMemory } from '../memory-body.ts'
import { IdPath } from '../schema.ts'

/** Answers with a body, which clients look into. The deletion is a run, and can be undone by its id; a repeated call is told of it again. */
export const deleteMemory: Route = (app) => {
  app.route({
    method: 'DELETE',
    url: '/api/v1/memories/:id',
    config: { scope: 'write' },
    schema: { params: IdPath },
    handler: async ({ access, params, headers }, reply) => {
      const call = callOf(headers)
      const key = call === null ? null : ownKey('deletion of a call', [params.id, call])
      const run =
        (key === null ? null : await findDeletion(access, key)) ?? (await removeOnce(access, params.id, key))
      reply.header('remanence-run-id', run.runId)
      return { memory_id: params.id, deleted_at: toIso(run.completedAt ?? run.createdAt) }
    },
  })
}

const removeOnce = async (access: Access, id: string, key: string | null): Promise<Run> => {
  const { memoryId, groupName: group, userId } = (await findKnownMemory(access, id)).memory
  return remove(access, {
    ...{ memoryId, group },
    ...(userId !== null && { userId }),
    ...(key !== null && { idempotencyKey: key }),
  })
}
