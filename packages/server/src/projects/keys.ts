/**
 * API keys: made, shown once, listed by prefix, renamed, rotated, revoked. Only their SHA-256 is kept. Whoever lacks the scope
 * `operator` can neither give it nor touch a key that has it: else an administrator of one project could become one of all.
 */
import { hash, randomBytes } from 'node:crypto'
import { problem } from '../kernel/problem.ts'
import { type Access, requireScope } from './access.ts'
import { type ApiKey, type KeyScope, keyStateOf } from './project.ts'

/** 256 random bits. */
export const newSecret = (): string => `rem_${randomBytes(32).toString('base64url')}`

/** Of a key, and of any token as random. A fast hash is right here: such a secret is no password but as random as the hash is long. */
export const hashSecret = (secret: string): string => hash('sha256', secret)

/** Enough to recognise a key by, never enough to use it. */
export const prefixOf = (secret: string): string =>
  secret.slice(0, Math.min(12, Math.floor(secret.length / 2)))

/** A key and the one sight of its secret. */
export type MadeKey = { readonly key: ApiKey; readonly secret: string }

export const listKeys = ({ storage }: Access): Promise<readonly ApiKey[]> => storage.listKeys()

/** Throws Problem `forbidden`, and `invalid_request` when it would have expired already. */
export const createKey = async (
  access: Access,
  params: {
    readonly name: string
    readonly scopes: readonly KeyScope[]
    readonly expiresAt: number | null
  },
): Promise<MadeKey> => {
  if (params.scopes.includes('operator')) requireScope(access, 'operator')
  refusePast(access, params.expiresAt)
  const made = makeKey(access, params)
  await access.storage.createKey({ ...made.key, hash: hashSecret(made.secret) })
  return made
}

/** Renames a key, or lets it expire at another instant. Throws Problem `not_found`, `forbidden`, `invalid_request`. */
export const changeKey = async (
  access: Access,
  params: { readonly keyId: string; readonly name: string | null; readonly expiresAt: number | null },
): Promise<ApiKey> => {
  if (params.name === null && params.expiresAt === null)
    throw problem('invalid_request', 'Give a new name, a new expiry, or both.')
  refusePast(access, params.expiresAt)
  await touchableKey(access, params.keyId)
  const key = await access.storage.changeKey(params)
  if (key === null) throw noActiveKey(params.keyId)
  return key
}

/**
 * Makes a key that takes the place of another: the same name, the same scopes, and as long a life from now on as the old one was
 * given, unless another is asked for. The old one goes on working for the time of grace. Throws Problem `not_found`, `forbidden`.
 */
export const rotateKey = async (
  access: Access,
  params: { readonly keyId: string; readonly graceMs: number; readonly expiresAt: number | null },
): Promise<MadeKey> => {
  const { storage, clock } = access
  refusePast(access, params.expiresAt)
  const old = await touchableKey(access, params.keyId)
  const now = clock.now()
  const expiresAt =
    params.expiresAt ?? (old.expiresAt === null ? null : now + (old.expiresAt - old.createdAt))
  const made = makeKey(access, { name: old.name, scopes: old.scopes, expiresAt })
  const isRotated = await storage.rotateKey({
    keyId: old.keyId,
    successor: { ...made.key, hash: hashSecret(made.secret) },
    expiresAt: now + params.graceMs,
    now,
  })
  if (!isRotated) throw noActiveKey(old.keyId)
  return made
}

/** Throws Problem `not_found`, `forbidden`, and `conflict` when it is the key of the call itself. */
export const revokeKey = async (access: Access, keyId: string): Promise<void> => {
  if (keyId === access.keyId) throw problem('conflict', 'A key cannot revoke itself: use another admin key.')
  await touchableKey(access, keyId)
  const isRevoked = await access.storage.revokeKey({ keyId, now: access.clock.now() })
  if (!isRevoked) throw noActiveKey(keyId)
}

/** A key of the project and its secret, not stored yet. */
export const makeKey = (
  { storage, ids, clock }: Pick<Access, 'storage' | 'ids' | 'clock'>,
  params: { readonly name: string; readonly scopes: readonly KeyScope[]; readonly expiresAt: number | null },
): MadeKey => {
  const secret = newSecret()
  const key = {
    keyId: ids.next(),
    projectId: storage.projectId,
    name: params.name,
    prefix: prefixOf(secret),
    scopes: params.scopes,
    createdAt: clock.now(),
    expiresAt: params.expiresAt,
    replacedBy: null,
    lastUsedAt: null,
    revokedAt: null,
  }
  return { key, secret }
}

const touchableKey = async (access: Access, keyId: string): Promise<ApiKey> => {
  const key = (await access.storage.listKeys()).find((one) => one.keyId === keyId)
  if (key === undefined || keyStateOf(key, access.clock.now()) === 'revoked') throw noActiveKey(keyId)
  if (key.scopes.includes('operator')) requireScope(access, 'operator')
  return key
}

const noActiveKey = (keyId: string) => problem('not_found', `There is no active key ${keyId}.`)

const refusePast = ({ clock }: Access, expiresAt: number | null): void => {
  if (expiresAt !== null && expiresAt <= clock.now())
    throw problem('invalid_request', 'expires_at must be in the future.')
}
