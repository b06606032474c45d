/** API keys: made, shown once, listed by prefix, revoked. Only their SHA-256 is kept. */
import { hash, randomBytes } from 'node:crypto'
import { problem } from '../kernel/problem.ts'
import type { Access } from './access.ts'
import type { ApiKey, KeyScope } from './project.ts'

/** 256 random bits. */
export const newSecret = (): string => `rem_${randomBytes(32).toString('base64url')}`

/** A fast hash is right here: a key is no password but as random as the hash is long. */
export const hashSecret = (secret: string): string => hash('sha256', secret)

/** Enough to recognise a key by, never enough to use it. */
export const prefixOf = (secret: string): string =>
  secret.slice(0, Math.min(12, Math.floor(secret.length / 2)))

export const listKeys = ({ storage }: Access): Promise<readonly ApiKey[]> => storage.listKeys()

export const createKey = async (
  { storage, ids, clock }: Access,
  params: { readonly name: string; readonly scopes: readonly KeyScope[] },
): Promise<{ readonly key: ApiKey; readonly secret: string }> => {
  const secret = newSecret()
  const key = {
    keyId: ids.next(),
    projectId: storage.projectId,
    ...params,
    prefix: prefixOf(secret),
    createdAt: clock.now(),
  }
  await storage.createKey({ ...key, hash: hashSecret(secret) })
  return { key: { ...key, lastUsedAt: null, revokedAt: null }, secret }
}

/** Throws Problem `not_found`, and `conflict` when it is the key of the call itself. */
export const revokeKey = async (
  { storage, clock, keyId: ownKeyId }: Access,
  keyId: string,
): Promise<void> => {
  if (keyId === ownKeyId) throw problem('conflict', 'A key cannot revoke itself: use another admin key.')
  const isRevoked = await storage.revokeKey({ keyId, now: clock.now() })
  if (!isRevoked) throw problem('not_found', `There is no active key ${keyId}.`)
}
