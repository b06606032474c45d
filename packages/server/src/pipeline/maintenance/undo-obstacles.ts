/** What may have come between a run and its undo. */
import type { Source } from '../../memories/memory.ts'
import type { MemoryVersion } from '../../memories/memory-version.ts'
import type { Group } from '../../projects/group.ts'
import type { ProjectStorage } from '../../storage/storage.ts'
import type { CommittedChange } from '../../storage/taking-back.ts'

export const conflictReasons = [
  'changed',
  'deleted',
  'exists_again',
  'said_again',
  'shared',
  'undone',
  'said_elsewhere',
  'topic_gone',
  'not_kept',
] as const
export type ConflictReason = (typeof conflictReasons)[number]

export type Planning = {
  readonly storage: ProjectStorage
  readonly group: Group
  /** The run to take back. */
  readonly runId: string
  readonly force: boolean
  readonly signal: AbortSignal
  /** What other runs did, as far as it was looked at. */
  readonly workOf: Map<string, readonly CommittedChange[]>
}

/** A memory now, and as the run found and left it. */
export type Found = {
  readonly current: MemoryVersion
  readonly left: MemoryVersion | null
  /** Null when the memory was not there. */
  readonly target: MemoryVersion | null
  readonly sources: readonly Source[]
}

/** Versions with the same number here are the same state: one brought the other back. */
export const stateOf = ({ version, restores }: MemoryVersion): number => restores ?? version

/** What has come between the run and its undo; null when nothing has. */
export const whatHappened = async (planning: Planning, found: Found): Promise<ConflictReason | null> => {
  const { storage, runId } = planning
  const { current, left } = found
  if (left !== null && stateOf(current) === stateOf(left)) {
    if (othersSince(found, runId).length > 0) return 'said_again'
    return (await isShared(planning, { left, target: found.target })) ? 'shared' : null
  }
  if ((await storage.getRun(current.runId))?.run.undoOf === runId) return 'undone'
  if (current.kind === 'delete') return 'deleted'
  return left === null || left.kind === 'delete' ? 'exists_again' : 'changed'
}

const isSame = (a: Source, b: Source): boolean =>
  a.runId === b.runId && a.input === b.input && a.message === b.message

/** What others have said of it since the run. */
export const othersSince = ({ left, sources }: Found, runId: string): readonly Source[] =>
  sources.filter((one) => one.runId !== runId && !left?.sources.some((source) => isSame(source, one)))

/** Whether other runs made the version together with this one, as those do that went through a buffer. */
const isShared = async (
  { storage, runId, workOf }: Planning,
  { left, target }: Pick<Found, 'target'> & { left: MemoryVersion },
): Promise<boolean> => {
  if (left.restores !== null) return false
  const own = left.sources.filter((one) => !target?.lastSources.some((source) => isSame(source, one)))
  for (const other of new Set(own.map((source) => source.runId).filter((id) => id !== runId))) {
    const known = workOf.get(other) ?? (await storage.readCommitted(other)).changes
    workOf.set(other, known)
    if (known.some(({ memoryId, after }) => memoryId === left.memoryId && after === left.version)) return true
  }
  return false
}
