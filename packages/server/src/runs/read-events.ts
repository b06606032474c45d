import { EVENT_PAGE_COUNT, EVENT_SCAN_COUNT_MAX } from '../kernel/limits.ts'
import type { Access } from '../projects/access.ts'
import { userKeyOf } from '../projects/scope.ts'
import { type EventFilter, isMeant, type ProjectEvent } from './event-filter.ts'
import type { EventType } from './run.ts'

/** A filter as callers name things. */
export type EventFilterRequest = {
  readonly runId?: string
  readonly userId?: string
  readonly tag?: string
  readonly types?: readonly EventType[]
}

export const readEventFilter = ({ runId, userId, tag, types }: EventFilterRequest): EventFilter => ({
  runId: runId ?? null,
  userKey: userId === undefined ? null : userKeyOf(userId),
  tag: tag ?? null,
  types: types === undefined ? null : new Set(types),
})

/**
 * The next events that the filter admits. A page looks at a bounded number of events, so it may hold few of them or none; `next`
 * says how far it looked, and is `after` itself when there was nothing.
 */
export const pageProjectEvents = async (
  { storage }: Pick<Access, 'storage'>,
  request: { readonly filter: EventFilter; readonly after: number; readonly limit: number },
): Promise<{ readonly events: readonly ProjectEvent[]; readonly next: number }> => {
  const events: ProjectEvent[] = []
  let next = request.after
  for (let looked = 0; looked < EVENT_SCAN_COUNT_MAX; looked += EVENT_PAGE_COUNT) {
    const read = await storage.listProjectEvents({ after: next, limit: EVENT_PAGE_COUNT })
    for (const event of read) {
      next = event.projectSeq
      if (isMeant(request.filter, event) && events.push(event) === request.limit) return { events, next }
    }
    if (read.length < EVENT_PAGE_COUNT) break
  }
  return { events, next }
}
