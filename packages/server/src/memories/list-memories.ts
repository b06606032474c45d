import type { Access } from '../projects/access.ts'
import { findGroup } from '../projects/find-group.ts'
import type { Page } from '../storage/storage.ts'
import { memoryFilter, type Selection } from './filter.ts'
import type { Memory } from './memory.ts'

/** Newest first, by creation; the order is stable, so pages neither repeat nor skip what was there from the start. */
export const listMemories = async (
  { storage }: Access,
  request: Selection & {
    readonly group?: string
    readonly limit: number
    readonly cursor: string | null
    /** What was there then; what is there now when absent. */
    readonly asOf?: number
  },
): Promise<Page<Memory>> => {
  const group = await findGroup(storage, request.group)
  const { limit, cursor, asOf } = request
  const page = { ...memoryFilter(group, request), limit, cursor }
  return asOf === undefined ? storage.listMemories(page) : storage.listMemoriesAt({ ...page, at: asOf })
}
