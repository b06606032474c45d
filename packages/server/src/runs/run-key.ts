import { createHash } from 'node:crypto'
import { canonicalJson } from '../kernel/json.ts'

/** Digest of anything that JSON can say, whatever the order of its members. */
export const digestOf = (value: unknown): string =>
  createHash('sha256').update(canonicalJson(value)).digest('hex')

/**
 * The key of a run that the server names by itself, by what it is about (`document`, say) and all that tells one from another. It begins
 * with a blank, which no header can, so it is never that of a client; and it says nothing about whom it is of.
 */
export const ownKey = (about: string, parts: readonly unknown[]): string => ` ${about} ${digestOf(parts)}`
