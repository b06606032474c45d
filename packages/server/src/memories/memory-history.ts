import type { Access } from '../projects/access.ts'
import type { Page } from '../storage/storage.ts'
import { findAddressed, type MemoryAddress } from './get-memory.ts'
import type { VersionView } from './memory-version.ts'

/** The versions of a memory, newest first, also of one that is deleted. Throws what getMemory throws. */
export const memoryHistory = async (
  access: Access,
  address: MemoryAddress,
  page: { readonly limit: number; readonly cursor: string | null },
): Promise<Page<VersionView>> => {
  const { storage } = access
  const { memoryId } = address
  await findAddressed(access, address, () => storage.getVersion({ memoryId, version: null }))
  return storage.listVersions({ memoryId, ...page })
}
