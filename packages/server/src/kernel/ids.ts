import { v5, v7 } from 'uuid'

/** Identifiers as a dependency, so that tests can count them out. */
export type Ids = {
  /** A fresh UUID version 7 (RFC 9562): unique and ordered by creation time. */
  readonly next: () => string
}

export const randomIds: Ids = { next: () => v7() }

const namespace = '0f3b8f5e-6c1d-5a55-9d2f-6b1f6f1f7a10'

/** The same parts always give the same UUID version 5 (RFC 9562 §5.5): ids of bounded memories and of runs' outcomes. */
export const deterministicId = (parts: readonly string[]): string => v5(JSON.stringify(parts), namespace)

const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** Any UUID in the usual text form, whatever its version. */
export const isUuid = (text: string): boolean => uuidPattern.test(text)
