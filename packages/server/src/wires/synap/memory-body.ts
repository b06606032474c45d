/** One memory, as clients are told of it. */
import { toIso } from '../../kernel/clock.ts'
import { problem } from '../../kernel/problem.ts'
import { findMemory } from '../../memories/find-memory.ts'
import type { Memory } from '../../memories/memory.ts'
import type { Access } from '../../projects/access.ts'
import { confidenceOf } from './confidence.ts'
import { groupToRead, isSynapGroup } from './groups.ts'
import { memoryTypeOf } from './memory-type.ts'

/** A memory and what is kept with the runs that made it. */
export type KnownMemory = {
  readonly memory: Memory
  readonly type: string
  /** The document it was found in. */
  readonly documentId: string | null
  readonly metadata: Readonly<Record<string, unknown>>
}

/**
 * The memory of that id, whoever it is of: paths of this wire name no user, so the project of the key is the bound. Memories of other
 * groups than those of the wire are none to it. Throws Problem `not_found`.
 */
export const findKnownMemory = async (access: Access, memoryId: string): Promise<KnownMemory> => {
  const { memory, madeBy, sourceRuns } = await findMemory(access, memoryId)
  if (!isSynapGroup(memory.groupName)) throw problem('not_found', `memory ${memoryId} not found`)
  const group = await groupToRead(access, memory.groupName)
  const documentIds = sourceRuns.map((run) => run.metadata?.document_id)
  return {
    memory,
    type: memoryTypeOf(group ?? { topics: [] }, memory.scope.topic),
    documentId: documentIds.find((id) => typeof id === 'string') ?? null,
    metadata: objectOr(madeBy?.metadata?.metadata),
  }
}

const objectOr = (value: unknown): Readonly<Record<string, unknown>> =>
  // safety: metadata was an object when it was handed in
  typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {}

export const toMemoryBody = ({ memory, type, documentId, metadata }: KnownMemory) => ({
  memory_id: memory.memoryId,
  memory_type: type,
  content: memory.content,
  confidence: confidenceOf(memory),
  category: null,
  subcategory: null,
  created_at: toIso(memory.createdAt),
  updated_at: toIso(memory.updatedAt),
  source_document_id: documentId,
  metadata,
})
