import { ERASE_TIMEOUT_MS } from '../kernel/limits.ts'
import { problem } from '../kernel/problem.ts'
import type { Access } from '../projects/access.ts'
import { findGroup } from '../projects/find-group.ts'
import { laneIdOf, userKeyOf } from '../projects/scope.ts'
import { acceptRun } from '../runs/accept-run.ts'
import { memoryFilter, type Selection } from './filter.ts'

export type DeleteRequest = Selection & {
  readonly group?: string
  /** Leave nothing: no history, no inputs of the runs that had to do with it. */
  readonly erase: boolean
}

/**
 * Deletes the memories that the filter admits, as a run in the line of the user: what was added before is deleted, what is added later
 * stays. Without topics only the user's own memories are meant, not those that belong to everybody. Throws Problem `empty_filter`, `unknown_user`, what
 * memoryFilter throws, and what acceptRun throws.
 */
export const deleteMemories = async (
  access: Access,
  request: DeleteRequest,
): Promise<{ readonly runId: string }> => {
  refuseEmptyFilter(request)
  const group = await findGroup(access.storage, request.group)
  const userKey = request.userId === undefined ? null : userKeyOf(request.userId)
  if (userKey !== null && !(await access.storage.hasUser(userKey)))
    throw problem('unknown_user', `user "${request.userId}" not found`)
  const own = group.topics.filter((topic) => topic.scoping.userScoped).map(({ name }) => name)
  const topics = request.topics ?? (userKey === null ? null : own)
  const filter = memoryFilter(group, { ...request, topics })
  const type = request.erase ? 'erase' : 'delete'
  return acceptRun(access, {
    runId: access.ids.next(),
    groupId: group.groupId,
    laneId: laneIdOf(group.groupId, userKey),
    userId: request.userId ?? null,
    userKey,
    inputType: type,
    payload: { input: { type, filter }, properties: {} },
    inputCount: 1,
    idempotency: null,
    options: { timeoutMs: ERASE_TIMEOUT_MS },
  })
}

const refuseEmptyFilter = ({ userId, group, topics, properties, conversationId }: DeleteRequest): void => {
  const names = [userId, group, conversationId].some((given) => given !== undefined)
  if (names || (topics?.length ?? 0) > 0 || Object.keys(properties).length > 0) return
  throw problem(
    'empty_filter',
    'Nothing says which memories are meant: name a user, a group, topics or properties.',
  )
}
