/** The buffers' part of the engine: which work is read, which is written, and which must be synced before it is answered. */
import type { Signals } from '../../kernel/signals.ts'
import type { BufferStorage } from '../buffer-storage.ts'
import type { Connection } from './connection.ts'
import type { GroupCommit } from './group-commit.ts'
import { flushBuffers, flushRun, joinBuffer, listCompany } from './join-buffer.ts'

type Parts = { readonly db: Connection; readonly commit: GroupCommit; readonly signals: Signals }

export const bufferStorage = ({ db, commit, signals }: Parts, projectId: string): BufferStorage => ({
  joinBuffer: async (params) => {
    const result = await commit.write('durable', () => joinBuffer(db, params))
    signals.reached?.('in_buffer')
    return result
  },
  listCompany: async (params) => listCompany(db, projectId, params),
  flushRun: (params) => commit.write('durable', () => flushRun(db, projectId, params)),
  flushBuffers: (params) => commit.write('durable', () => flushBuffers(db, projectId, params)),
})
