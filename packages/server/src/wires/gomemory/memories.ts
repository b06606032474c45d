/** The group that this wire keeps its memories in, and how they are told. */
import { PAGE_COUNT_MAX, WHOLE_LIST_COUNT_MAX } from '../../kernel/limits.ts'
import { problem } from '../../kernel/problem.ts'
import { listMemories } from '../../memories/list-memories.ts'
import type { Memory } from '../../memories/memory.ts'
import type { Access } from '../../projects/access.ts'
import { ensureGroup } from '../../projects/ensure-group.ts'
import type { Group } from '../../projects/group.ts'

export const groupName = 'gomemory'

/** Made when a project first speaks this wire. */
export const findGroup = (access: Access): Promise<Group> =>
  ensureGroup(access, groupName, 'core-and-general')

export type MemoryType = 'core' | 'general'

/** The topics of a type: who somebody is, or all others. */
export const topicsOf = ({ topics }: Pick<Group, 'topics'>, type: MemoryType): readonly string[] =>
  topics.filter(({ kind }) => (kind === 'identity') === (type === 'core')).map(({ name }) => name)

export const toWireMemory = (memory: Memory, { type, userId }: { type: MemoryType; userId: string }) => ({
  memory_text: memory.content,
  type,
  memory_id: memory.memoryId,
  userId: memory.userId ?? userId,
})

export type WireMemory = ReturnType<typeof toWireMemory>

/** All memories of the type, oldest first. Throws Problem `limit_reached` when they are more than one answer may hold. */
export const allMemories = async (
  access: Access,
  group: Group,
  { type, userId }: { readonly type: MemoryType; readonly userId: string },
): Promise<readonly WireMemory[]> => {
  const topics = topicsOf(group, type)
  const found: Memory[] = []
  let cursor: string | null = null
  do {
    if (topics.length === 0) break
    const request = { group: group.name, userId, topics, properties: {}, limit: PAGE_COUNT_MAX, cursor }
    const page: Awaited<ReturnType<typeof listMemories>> = await listMemories(access, request)
    found.push(...page.items)
    if (found.length > WHOLE_LIST_COUNT_MAX)
      throw problem(
        'limit_reached',
        `There are more than ${WHOLE_LIST_COUNT_MAX} memories: read them page by page, from POST /v1/memories/list.`,
      )
    cursor = page.nextCursor
  } while (cursor !== null)
  return found.reverse().map((memory) => toWireMemory(memory, { type, userId }))
}
