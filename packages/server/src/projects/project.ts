/** A tenant. One API key belongs to one project; every row and every query names its `projectId`. */
export type Project = { readonly projectId: string; readonly name: string; readonly createdAt: number }

/** What a key may do: `read` reads and searches, `write` adds and deletes, `admin` manages keys and groups. */
export const keyScopes = ['read', 'write', 'admin'] as const
export type KeyScope = (typeof keyScopes)[number]

/** An API key as stored: never the secret, only its SHA-256 and a prefix to recognise it by. */
export type ApiKey = {
  readonly keyId: string
  readonly projectId: string
  readonly name: string
  readonly prefix: string
  readonly scopes: readonly KeyScope[]
  readonly createdAt: number
  readonly lastUsedAt: number | null
  readonly revokedAt: number | null
}
