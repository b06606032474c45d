import type { Access } from '../projects/access.ts'
import { findGroup } from '../projects/find-group.ts'
import type { Page } from '../storage/storage.ts'
import { memoryFilter, type Selection } from './filter.ts'
import type { Memory } from './memory.ts'

/** Newest first, by creation; the order is stable, so pages neither repeat nor skip what was there from the start. */
export const listMemories = async (
  { storage }: Access,
  request: Selection & { readonly group?: string; readonly limit: number; readonly cursor: string | null },
): Promise<Page<Memory>> => {
  const group = await findGroup(storage, request.group)
  return storage.listMemories({
    ...memoryFilter(group, request),
    limit: request.limit,
    cursor: request.cursor,
  })
}
