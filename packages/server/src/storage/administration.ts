/** The part of the seam that is about accounts: projects, keys, users and usage. What storage.ts says of verbs holds for these too. */
import type { ApiKey, Project, ProjectLimits } from '../projects/project.ts'
import type { UsageCount, UsageDay } from '../projects/usage.ts'
import type { User } from '../projects/user.ts'
import type { NewGroup, Page, QueueState } from './storage.ts'

export type NewKey = Omit<ApiKey, 'replacedBy' | 'lastUsedAt' | 'revokedAt'> & { readonly hash: string }

/** A project, and what it begins with: made together or not at all. */
export type NewProject = Project & {
  readonly group?: NewGroup
  readonly key?: NewKey
}

export type RenameResult = 'renamed' | 'name_taken' | 'unknown'

export type ProjectStatus = {
  readonly project: Project
  readonly state: QueueState | 'removing'
  /** Runs that have not ended. */
  readonly depth: number
  readonly limits: ProjectLimits
  readonly counts: { readonly groups: number; readonly users: number; readonly memories: number }
  /** False: there is more of something than was counted, so the counts are lower bounds. */
  readonly isExact: boolean
}

/** `runs` with their inputs, steps, operations and events; `versions` of memories that were replaced; `deliveries` to webhooks; `conversations` that nothing was recorded into; `ledger`, transactions of credits. */
export type PruneKind = 'runs' | 'events' | 'versions' | 'deliveries' | 'conversations' | 'ledger'

export type PruneParams = {
  readonly kind: PruneKind
  /** Goes what ended, happened or was replaced before this instant. */
  readonly before: number
  /** Rows that are looked at. */
  readonly limit: number
  /** Where to go on: `next` of the call before. */
  readonly cursor: string | null
}

/** `next` is null when there is nothing more to look at. */
export type Pruned = { readonly removed: number; readonly next: string | null }

export type DeleteGroupResult = 'deleted' | 'unknown' | 'has_memories' | 'has_open_runs' | 'has_agents'

/** Of one project. */
export type ProjectAdministration = {
  /** Counts at most `countMax` rows of each kind, so that a large project costs no more than that. */
  readonly status: (params: { countMax: number }) => Promise<ProjectStatus>
  readonly getLimits: () => Promise<ProjectLimits>
  readonly setLimits: (limits: ProjectLimits) => Promise<void>
  /**
   * Never removes what has not ended, the newest event of a run, or the newest version of a memory. Of the ledger whole months go, up to the
   * first charge of a run that has not ended; the balance they left is carried forward as a transaction in the place of the last of them.
   */
  readonly prune: (params: PruneParams) => Promise<Pruned>

  readonly listKeys: () => Promise<readonly ApiKey[]>
  /** False when the same secret was stored before, be it revoked. */
  readonly createKey: (key: NewKey) => Promise<boolean>
  readonly revokeKey: (params: { keyId: string; now: number }) => Promise<boolean>
  /** Answers the key as it is then; null when there is none that could be changed, because it is unknown or revoked. */
  readonly changeKey: (params: {
    keyId: string
    name: string | null
    expiresAt: number | null
  }) => Promise<ApiKey | null>
  /** Stores `successor` and lets the key expire at `expiresAt` unless it does before; false when it is not active at `now`. */
  readonly rotateKey: (params: {
    keyId: string
    successor: NewKey
    expiresAt: number
    now: number
  }) => Promise<boolean>

  /** Only a group that holds no memories and has no run that has not ended. */
  readonly deleteGroup: (name: string) => Promise<DeleteGroupResult>

  /** Users whose key begins with `prefix`, in order of their keys. */
  readonly pageUsers: (params: {
    prefix: string
    limit: number
    cursor: string | null
  }) => Promise<Page<User>>
  readonly getUser: (userKey: string) => Promise<User | null>
  /** The user is known from now on, as by a first add. One who was known already stays as it is. */
  readonly registerUser: (params: { userKey: string; userId: string; now: number }) => Promise<void>
  /** The days on which something was done, oldest first; both ends are included. */
  readonly usage: (params: { fromDay: number; toDay: number }) => Promise<readonly UsageDay[]>
}

/** Of the server. */
export type Administration = {
  /** All of them, oldest first. */
  readonly listProjects: () => Promise<readonly Project[]>
  /** Oldest first. */
  readonly pageProjects: (params: { limit: number; cursor: string | null }) => Promise<Page<Project>>
  readonly getProject: (projectId: string) => Promise<Project | null>
  /** False, and nothing made, when the name is taken. */
  readonly createProject: (params: NewProject) => Promise<boolean>
  readonly renameProject: (params: { projectId: string; name: string }) => Promise<RenameResult>
  /**
   * Closes a project for good: its keys are revoked, and nothing is begun or delivered any more. False when there is none. What is in
   * it goes by `removeProject`, at most some `limit` rows a call, which answers whether nothing is left.
   */
  readonly closeProject: (params: { projectId: string; now: number }) => Promise<boolean>
  readonly nextRemoval: () => Promise<string | null>
  readonly removeProject: (params: { projectId: string; limit: number }) => Promise<boolean>
  /** The key with this SHA-256, unless revoked. It may have expired: who asks compares `expiresAt` with its own clock. */
  readonly findKey: (hash: string) => Promise<ApiKey | null>
  readonly touchKey: (params: { projectId: string; keyId: string; now: number }) => Promise<void>
  /** The days of all projects, by day and project. */
  readonly pageUsage: (params: {
    fromDay: number
    toDay: number
    limit: number
    cursor: string | null
  }) => Promise<Page<UsageDay>>
  readonly countUsage: (counts: readonly UsageCount[]) => Promise<void>
}
