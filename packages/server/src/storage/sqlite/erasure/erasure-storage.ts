/** The erasure's part of the engine. */
import type { ErasureStorage } from '../../erasure-storage.ts'
import type { Connection } from '../connection.ts'
import { deleteSome } from '../delete-some.ts'
import type { GroupCommit } from '../group-commit.ts'
import { acceptErasure } from './accept-erasure.ts'
import { eraseSome } from './erase-some.ts'
import { scrubPages } from './scrub-pages.ts'

export const erasureStorage = (
  { db, commit }: { readonly db: Connection; readonly commit: GroupCommit },
  projectId: string,
): ErasureStorage => ({
  deleteSome: (params) => commit.write('durable', () => deleteSome(db, params)),
  accept: (params) => commit.write('durable', () => acceptErasure(db, projectId, params)),
  eraseSome: (params) => commit.write('relaxed', () => eraseSome(db, params)),
  scrub: async (position) => {
    await commit.settled()
    const scrubbed = db.withFile((fd) => ({ next: scrubPages(fd, position + 1) }))
    if (scrubbed === null) return { kind: 'held_up' }
    return scrubbed.next === null ? { kind: 'done' } : { kind: 'more', position: scrubbed.next - 1 }
  },
})
