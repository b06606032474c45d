/**
 * Authentication, before the body is read. The key selects the project; nothing else in a request can, but for one case: on a
 * wire whose clients send no key, who comes from this machine is let into the project that the configuration names.
 */
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Clock } from '../kernel/clock.ts'
import { toIso } from '../kernel/clock.ts'
import { problem } from '../kernel/problem.ts'
import { requireScope } from '../projects/access.ts'
import type { ApiKey } from '../projects/project.ts'
import { secretOf } from './credentials.ts'
import type { KeyCache } from './key-cache.ts'
import { createLoopbackEntry } from './loopback-entry.ts'
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
  loopbackProject,
}: Omit<RouteDependencies, 'sendStream' | 'isKeyGood'>) => {
  const findLoopbackProject = createLoopbackEntry({ storage, loopbackProject })
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

  const findKey = async ({ headers }: FastifyRequest): Promise<ApiKey> => {
    const secret = secretOf(headers)
    const key = await keys.find(secret)
    if (key === null) throw problem('unauthorized', explainUnknown(secret))
    refuseExpired(key, clock.now())
    touchIfDue(key)
    return key
  }

  return async (request: FastifyRequest, _reply: FastifyReply): Promise<void> => {
    const { scope, wire = 'native' } = request.routeOptions.config
    if (scope === undefined) return
    const { keyId, scopes, projectId } = (await findLoopbackProject(request)) ?? (await findKey(request))
    request.access = {
      keyId,
      scopes,
      wire,
      storage: storage.project(projectId),
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
    const key = await keys.find(secretOf(headers))
    return key !== null && (key.expiresAt === null || key.expiresAt > clock.now())
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
