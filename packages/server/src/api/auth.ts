/**
 * Authentication, before the body is read. The key selects the project; nothing else in a request can. The header is exactly
 * `Authorization: Bearer KEY`; each way of getting it wrong has its own sentence.
 */
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Clock } from '../kernel/clock.ts'
import { toIso } from '../kernel/clock.ts'
import { problem } from '../kernel/problem.ts'
import { requireScope } from '../projects/access.ts'
import type { ApiKey } from '../projects/project.ts'
import type { KeyCache } from './key-cache.ts'
import type { RouteDependencies } from './route.ts'

/** `last_used_at` is told to the minute; more exact would be a write for every read. */
const TOUCH_INTERVAL_MS = 60_000

export const createAuthenticator = ({
  storage,
  clock,
  ids,
  limits,
  log,
  wakeWorker,
  abortRun,
  keys,
}: Omit<RouteDependencies, 'sendStream' | 'isKeyGood'>) => {
  // Bounded by the number of keys there are.
  const touched = new Map<string, number>()
  const touchIfDue = (key: ApiKey) => {
    const now = clock.now()
    if (now - (touched.get(key.keyId) ?? key.lastUsedAt ?? 0) < TOUCH_INTERVAL_MS) return
    touched.set(key.keyId, now)
    storage.touchKey({ projectId: key.projectId, keyId: key.keyId, now }).catch((error: unknown) => {
      log.warn({ err: error }, 'the last use of a key could not be recorded')
    })
  }

  return async (request: FastifyRequest, _reply: FastifyReply): Promise<void> => {
    const { scope } = request.routeOptions.config
    if (scope === undefined) return
    const secret = secretOf(request.headers.authorization)
    const key = await keys.find(secret)
    if (key === null) throw problem('unauthorized', explainUnknown(secret))
    refuseExpired(key, clock.now())
    touchIfDue(key)
    const { keyId, scopes } = key
    request.access = {
      keyId,
      scopes,
      storage: storage.project(key.projectId),
      clock,
      ids,
      limits,
      wakeWorker,
      abortRun,
      traceparent: request.traceparent,
    }
    if (scope !== null) requireScope(request.access, scope)
  }
}

/** For what stays open long: whether the key of its request would still be let in. */
export const createKeyCheck =
  ({ keys, clock }: { keys: KeyCache; clock: Clock }) =>
  async ({ headers }: Pick<FastifyRequest, 'headers'>): Promise<boolean> => {
    const key = await keys.find(secretOf(headers.authorization))
    return key !== null && (key.expiresAt === null || key.expiresAt > clock.now())
  }

const secretOf = (header: string | undefined): string => {
  if (header === undefined)
    throw problem('unauthorized', 'The Authorization header is missing: send "Authorization: Bearer KEY".')
  if (header.startsWith('Bearer ')) return header.slice('Bearer '.length).trim()
  throw problem(
    'unauthorized',
    /^bearer /i.test(header)
      ? 'The scheme must be written "Bearer", with a capital B.'
      : 'The Authorization header has no Bearer scheme: send "Authorization: Bearer KEY".',
  )
}

// Here and not where keys are remembered, so that a key opens nothing from the very instant on.
const refuseExpired = ({ expiresAt }: ApiKey, now: number): void => {
  if (expiresAt !== null && expiresAt <= now)
    throw problem('unauthorized', `The API key expired at ${toIso(expiresAt)}.`)
}

const explainUnknown = (secret: string): string =>
  /^(rem|eng)_./.test(secret)
    ? 'The API key is unknown or revoked.'
    : 'The API key has an invalid format: keys begin with "rem_".'
