import type { Route } from '../../../api/route.ts'
import { BATCH_COUNT_MAX } from '../../../kernel/limits.ts'
import { Problem, problem } from '../../../kernel/problem.ts'
import { deleteMemory } from '../../../memories/delete-memory.ts'
import { getMemory } from '../../../memories/get-memory.ts'
import type { Access } from '../../../projects/access.ts'
import { requireUser } from '../../../projects/users.ts'
import { findGroup, type MemoryType, topicsOf } from '../memories.ts'
import { listOf, type Members, malformed, readBody, textOf } from '../read-body.ts'
import { sendJson } from '../send-json.ts'

const FAILED = 'Deletion failed'

type Rule = {
  readonly types: readonly MemoryType[]
  /** Whether it is a failure when none of the ids is one of the user's memories. */
  readonly needsOne: boolean
}

/** Deletes memories of the user by their ids: each as a run, and only those of the type that the path names. */
export const deleteMemories: Route = (app) => {
  const post = (url: string, { types, needsOne }: Rule) =>
    app.route({
      method: 'POST',
      url,
      config: { scope: 'write', isKeyless: true, gomemory: { malformed: 'Bad request', failed: FAILED } },
      handler: async ({ access, body }, reply) => {
        const members = readBody(body)
        const [userId, memoryIds] = [textOf(members, 'userid'), readIds(members)]
        const group = await findGroup(access)
        await requireUser(access, userId)
        const topics = types.flatMap((type) => topicsOf(group, type))
        const deleted = await Promise.all(
          memoryIds.map((memoryId) => remove(access, { memoryId, userId, group: group.name }, topics)),
        )
        if (needsOne && !deleted.includes(true)) return sendJson(reply, { Error: FAILED }, 500)
        return sendJson(reply, { message: 'Deletion was successful' })
      },
    })
  post('/delete_memory/general', { types: ['general'], needsOne: true })
  post('/delete_memory/core', { types: ['core'], needsOne: false })
  // The one that there was before there were two.
  post('/delete_memory', { types: ['core', 'general'], needsOne: true })
}

const readIds = (members: Members): readonly string[] => {
  const ids = new Set<string>()
  for (const id of listOf(members, 'memoryid') ?? []) {
    if (typeof id !== 'string') throw malformed('An id is a string.')
    ids.add(id)
  }
  if (ids.size > BATCH_COUNT_MAX)
    throw problem('invalid_request', `There are more than ${BATCH_COUNT_MAX} ids: send them in parts.`)
  return [...ids]
}

/** Whether it was there, and is gone now. */
const remove = async (
  access: Access,
  address: { readonly memoryId: string; readonly userId: string; readonly group: string },
  topics: readonly string[],
): Promise<boolean> => {
  try {
    const { scope } = await getMemory(access, address)
    if (!topics.includes(scope.topic)) return false
    await deleteMemory(access, address)
    return true
  } catch (error) {
    if (error instanceof Problem && error.code === 'not_found') return false
    throw error
  }
}
