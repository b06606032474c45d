/**
 * Keeps retention: removes what is older than a project, or the server, wants it kept, a little at a time, so that nobody waits
 * for it. What is left over at a stop goes after the next start.
 */
import type { Clock } from '../kernel/clock.ts'
import type { Limits } from '../kernel/limits.ts'
import type { Log } from '../kernel/log.ts'
import type { ProjectLimits } from '../projects/project.ts'
import type { PruneKind } from '../storage/administration.ts'
import type { ProjectStorage, Storage } from '../storage/storage.ts'

const INTERVAL_MS = 10 * 60_000
/** Between two full rounds others get the store for at least this long. */
const PAUSE_MS = 20
const PROJECT_PAGE_COUNT = 100

/** Rows of one round. A run is many rows in many indexes. */
const rowsPerRound: Readonly<Record<PruneKind, number>> = {
  runs: 25,
  events: 500,
  versions: 500,
  deliveries: 500,
  conversations: 100,
  ledger: 500,
}
const KEYS_PER_ROUND = 1_000
const CLEARED_PER_ROUND = 500

type Options = {
  readonly storage: Pick<Storage, 'prune' | 'pageProjects' | 'project'>
  readonly limits: Limits
  readonly clock: Clock
  readonly log: Log
}

/** Answers how to stop it. */
export const startRetention = (options: Options): (() => Promise<void>) => {
  const { clock, log } = options
  const stopping = new AbortController()

  const loop = async () => {
    while (!stopping.signal.aborted) {
      await pruneAll(options, stopping.signal).catch((error: unknown) =>
        log.error({ err: error }, 'retention could not be kept'),
      )
      await clock.sleep(INTERVAL_MS, stopping.signal)
    }
  }

  const looping = loop()
  return async () => {
    stopping.abort()
    await looping
  }
}

const pruneAll = async (options: Options, signal: AbortSignal): Promise<void> => {
  await pruneKeys(options, signal)
  let cursor: string | null = null
  do {
    const page: Awaited<ReturnType<Storage['pageProjects']>> = await options.storage.pageProjects({
      limit: PROJECT_PAGE_COUNT,
      cursor,
    })
    for (const { projectId } of page.items) await pruneProject(options, projectId, signal)
    cursor = page.nextCursor
  } while (cursor !== null && !signal.aborted)
}

// Before the runs: a key that is remembered must lead to its run.
const pruneKeys = async ({ storage, limits, clock }: Options, signal: AbortSignal): Promise<void> => {
  const idempotencyBefore = clock.now() - limits.idempotencyRetentionMs
  while (!signal.aborted) {
    const removed = await storage.prune({ idempotencyBefore, limit: KEYS_PER_ROUND })
    if (removed < KEYS_PER_ROUND) return
    await clock.sleep(PAUSE_MS, signal)
  }
}

const pruneProject = async (options: Options, projectId: string, signal: AbortSignal): Promise<void> => {
  const project = options.storage.project(projectId)
  const own = await project.getLimits()
  for (const kind of kinds) {
    const retentionMs = retentionOf(kind, own, options.limits)
    if (retentionMs > 0) await pruneKind(options, { project, kind, retentionMs }, signal)
  }
  await clearConversations(options, project, signal)
}

/** What is left of those that were removed, by this or by hand. */
const clearConversations = async (
  { clock }: Options,
  project: ProjectStorage,
  signal: AbortSignal,
): Promise<void> => {
  while (!signal.aborted && (await project.conversations.clear({ limit: CLEARED_PER_ROUND })))
    await clock.sleep(PAUSE_MS, signal)
}

const kinds: readonly PruneKind[] = ['runs', 'events', 'versions', 'deliveries', 'conversations', 'ledger']

/** 0: for good. */
const retentionOf = (kind: PruneKind, own: ProjectLimits, limits: Limits): number => {
  switch (kind) {
    case 'conversations':
    case 'runs': {
      const runMs = own.runRetentionMs ?? limits.runRetentionMs
      // A conversation stays as long as a run would.
      // A run stays as long as the key by which it may be asked for again.
      return runMs === 0 ? 0 : Math.max(runMs, limits.idempotencyRetentionMs)
    }
    case 'events':
      return own.eventRetentionMs ?? limits.eventRetentionMs
    case 'versions':
      return own.versionRetentionMs ?? limits.versionRetentionMs
    case 'deliveries':
      return own.deliveryRetentionMs ?? limits.deliveryRetentionMs
    case 'ledger':
      return own.ledgerRetentionMs ?? limits.ledgerRetentionMs
  }
}

const pruneKind = async (
  { clock }: Options,
  target: { readonly project: ProjectStorage; readonly kind: PruneKind; readonly retentionMs: number },
  signal: AbortSignal,
): Promise<void> => {
  const { project, kind, retentionMs } = target
  const before = clock.now() - retentionMs
  let cursor: string | null = null
  while (!signal.aborted) {
    const { next }: { next: string | null } = await project.prune({
      kind,
      before,
      limit: rowsPerRound[kind],
      cursor,
    })
    if (next === null) return
    cursor = next
    await clock.sleep(PAUSE_MS, signal)
  }
}
