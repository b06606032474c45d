import { v5 } from 'uuid'
import { dayMs } from '../../kernel/clock.ts'
import { ownKey } from '../../runs/run-key.ts'
import type { WireMessage } from './messages.ts'

/** The namespace of object identifiers (RFC 9562, 6.6). */
const namespace = '6ba7b812-9dad-11d1-80b4-00c04fd430c8'

/** How long a request id says what became of it, and answers the same request once more. */
export const REQUEST_LIFE_MS = dayMs

/**
 * The id that a request has by what it says: all contents in order, then the user, with nothing between. So the same request always has
 * the same id, and clients can work it out themselves.
 */
export const requestIdOf = (messages: readonly WireMessage[], userId: string): string =>
  v5(messages.map(({ content }) => content).join('') + userId, namespace)

/** What the run of a request is found by. */
export const runKeyOf = (requestId: string): string => ownKey('gomemory', [requestId])
