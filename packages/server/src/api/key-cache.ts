import type { Clock } from '../kernel/clock.ts'
import { hashSecret } from '../projects/keys.ts'
import type { ApiKey } from '../projects/project.ts'
import type { Storage } from '../storage/storage.ts'

/** Keys as found a moment ago, so that not every request asks the store. */
export type KeyCache = {
  /** The key of the secret, unless there is none or it is revoked. It may have expired. */
  readonly find: (secret: string) => Promise<ApiKey | null>
  /** A key was changed or revoked here: look all up anew. Other processes notice within KEY_MEMORY_MS. */
  readonly forget: () => void
}

const KEY_MEMORY_MS = 1_000
const KEY_COUNT_MAX = 10_000

export const createKeyCache = ({
  storage,
  clock,
}: {
  storage: Pick<Storage, 'findKey'>
  clock: Clock
}): KeyCache => {
  const known = new Map<string, { readonly key: ApiKey; readonly until: number }>()
  return {
    find: async (secret) => {
      const now = clock.now()
      const entry = known.get(secret)
      if (entry !== undefined && now < entry.until) return entry.key
      const key = await storage.findKey(hashSecret(secret))
      if (key === null) {
        known.delete(secret)
        return null
      }
      if (known.size >= KEY_COUNT_MAX) known.clear()
      known.set(secret, { key, until: now + KEY_MEMORY_MS })
      return key
    },
    forget: () => known.clear(),
  }
}
