/** The transfer's part of the engine. */
import type { TransferStorage } from '../../transfer.ts'
import type { Connection } from '../connection.ts'
import type { GroupCommit } from '../group-commit.ts'
import { openExport } from './open-export.ts'
import { takeIn } from './take-in.ts'

type Parts = {
  readonly db: Connection
  readonly commit: GroupCommit
  readonly file: string
  /** To be called after groups were taken in. */
  readonly groupsChanged: () => void
}

export const transferStorage = (
  { db, commit, file, groupsChanged }: Parts,
  projectId: string,
): TransferStorage => ({
  openExport: () => openExport(file, projectId),
  takeIn: (params) => commit.write('durable', () => takeIn(db, params)).finally(groupsChanged),
})
