import type { EventType, RunEvent } from './run.ts'

/** An event of a project, with what tells whose it is. */
export type ProjectEvent = RunEvent & {
  readonly userId: string | null
  readonly userKey: string | null
  readonly tags: readonly string[]
}

/** Which events of a project are meant: every member narrows, null does not. */
export type EventFilter = {
  readonly runId: string | null
  readonly userKey: string | null
  readonly tag: string | null
  readonly types: ReadonlySet<EventType> | null
}

export const isMeant = ({ runId, userKey, tag, types }: EventFilter, event: ProjectEvent): boolean =>
  (runId === null || runId === event.runId) &&
  (userKey === null || userKey === event.userKey) &&
  (tag === null || event.tags.includes(tag)) &&
  (types === null || types.has(event.type))

/** One key of those of `keysOf` that every event meant by the filter has, so that a reader is offered little else. */
export const keyOf = ({ runId, userKey, tag }: EventFilter): string => {
  if (runId !== null) return `run ${runId}`
  if (userKey !== null) return `user ${userKey}`
  return tag === null ? 'all' : `tag ${tag}`
}

export const keysOf = ({ runId, userKey, tags }: ProjectEvent): readonly string[] => [
  'all',
  `run ${runId}`,
  ...(userKey === null ? [] : [`user ${userKey}`]),
  ...tags.map((tag) => `tag ${tag}`),
]
