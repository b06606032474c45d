/** The shapes of administration, in camelCase. Instants are RFC 3339 strings. */

/**
 * `read` reads and searches, `write` adds and deletes, `admin` manages the project, `operator` the projects of the server. None
 * includes another.
 */
export type KeyScope = 'read' | 'write' | 'admin' | 'operator'

export type ApiKey = {
  readonly keyId: string
  readonly name: string
  /** The first characters, to recognise the key by. */
  readonly prefix: string
  readonly scopes: readonly KeyScope[]
  /** Only an active key opens anything. */
  readonly state: 'active' | 'expired' | 'revoked'
  readonly createdAt: string
  readonly expiresAt: string | null
  /** The key that a rotation made in its place. */
  readonly replacedBy: string | null
  /** To the minute. */
  readonly lastUsedAt: string | null
  readonly revokedAt: string | null
}

/** `key` is the secret; it is shown this once. */
export type CreatedKey = ApiKey & { readonly key: string }

export type ListedProject = {
  readonly projectId: string
  readonly name: string
  readonly createdAt: string
}

export type ProjectLimits = {
  /** Runs that have not ended; one more add is refused. */
  readonly queueDepth: number
  /** Seconds for which ended runs are kept; 0 here and below: for good. */
  readonly runRetention: number
  readonly eventRetention: number
  /** Of replaced versions of memories. */
  readonly versionRetention: number
  /** Of ended deliveries to webhooks. */
  readonly deliveryRetention: number
  /** Of transactions of credits, whole months of them. */
  readonly ledgerRetention: number
}

export type Project = ListedProject & {
  /** `paused` accepts runs and starts none; `draining` works off what waits and accepts none; `removing` is closed for good. */
  readonly state: 'active' | 'paused' | 'draining' | 'removing'
  /** Runs that have not ended. */
  readonly depth: number
  readonly counts: { readonly groups: number; readonly users: number; readonly memories: number }
  /** False in a large project: then the counts are lower bounds. */
  readonly countsExact: boolean
  /** As they are in force. */
  readonly limits: ProjectLimits
  /** Those it has of its own. */
  readonly ownLimits: Partial<ProjectLimits>
}

/** `key` is the secret of its first key; it is shown this once. */
export type CreatedProject = ListedProject & { readonly keyId: string; readonly key: string }

/** Whoever an add named. */
export type User = {
  /** As it was first written. */
  readonly userId: string
  readonly createdAt: string
  /** Of the latest add. */
  readonly activeAt: string
  /** Memories of user-scoped topics, over all groups. */
  readonly memoryCount: number
  /** Runs that are kept, and those of them that have not ended. */
  readonly runCount: number
  readonly openRunCount: number
}

/** What was done on one day, in UTC. */
export type UsageDay = {
  /** As `2026-11-01`. */
  readonly day: string
  /** By the day of their acceptance, and of their end. */
  readonly runs: {
    readonly accepted: number
    readonly completed: number
    readonly partial: number
    readonly failed: number
    readonly cancelled: number
  }
  /** Committed changes of memories. */
  readonly operations: { readonly created: number; readonly updated: number; readonly deleted: number }
  readonly searches: number
  /** Of language models, where one is used. */
  readonly tokens: { readonly input: number; readonly output: number }
  readonly cost: number
}

export type ProjectUsageDay = UsageDay & { readonly projectId: string }
