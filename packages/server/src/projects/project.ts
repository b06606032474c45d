/** A tenant. One API key belongs to one project; every row and every query names its `projectId`. */
export type Project = { readonly projectId: string; readonly name: string; readonly createdAt: number }

/** What a project has of its own in place of the server's limits; null: the server's. A retention of 0 keeps for good. */
export type ProjectLimits = {
  readonly queueDepthMax: number | null
  readonly runRetentionMs: number | null
  readonly eventRetentionMs: number | null
  readonly versionRetentionMs: number | null
  readonly deliveryRetentionMs: number | null
  readonly ledgerRetentionMs: number | null
}

/** The project that a first start makes. */
export const defaultProjectName = 'default'

/**
 * What a key may do: `read` reads and searches, `write` adds and deletes, `admin` manages its project, `operator` the projects of
 * the server. None includes another: an operator sees which projects there are, and nothing that is in them.
 */
export const keyScopes = ['read', 'write', 'admin', 'operator'] as const
export type KeyScope = (typeof keyScopes)[number]

/** What a project's own administrator may have: everything within the project. */
export const projectScopes = ['read', 'write', 'admin'] as const satisfies readonly KeyScope[]

/** An API key as stored: never the secret, only its SHA-256 and a prefix to recognise it by. */
export type ApiKey = {
  readonly keyId: string
  readonly projectId: string
  readonly name: string
  readonly prefix: string
  readonly scopes: readonly KeyScope[]
  readonly createdAt: number
  /** From this instant on it opens nothing; null: it does not expire. */
  readonly expiresAt: number | null
  /** The key that a rotation made in its place. */
  readonly replacedBy: string | null
  readonly lastUsedAt: number | null
  readonly revokedAt: number | null
}

export const keyStates = ['active', 'expired', 'revoked'] as const
export type KeyState = (typeof keyStates)[number]

export const keyStateOf = (key: Pick<ApiKey, 'expiresAt' | 'revokedAt'>, now: number): KeyState => {
  if (key.revokedAt !== null) return 'revoked'
  return key.expiresAt !== null && key.expiresAt <= now ? 'expired' : 'active'
}
