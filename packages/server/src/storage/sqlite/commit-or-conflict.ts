import type { Signals } from '../../kernel/signals.ts'
import type { CommitResult } from '../storage.ts'
import { CommitConflict } from './change-memory.ts'
import type { GroupCommit } from './group-commit.ts'

type Parts = { readonly commit: GroupCommit; readonly signals: Signals }

/** A commit that meets a conflict happens not at all, and says so. */
export const commitOrConflict = async (
  { commit, signals }: Parts,
  work: () => Exclude<CommitResult, { kind: 'conflict' }>,
): Promise<CommitResult> => {
  const result = await orConflict(
    commit.write('durable', () => {
      const committed = work()
      signals.reached?.('before_commit')
      return committed
    }),
  )
  if (result.kind !== 'conflict') signals.reached?.('after_commit')
  return result
}

type Conflict = { readonly kind: 'conflict'; readonly memoryId: string }

export const orConflict = async <Result>(write: Promise<Result>): Promise<Result | Conflict> => {
  try {
    return await write
  } catch (error) {
    if (error instanceof CommitConflict) return { kind: 'conflict', memoryId: error.memoryId }
    throw error
  }
}
