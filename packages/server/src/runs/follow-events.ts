/** Following the events of a run or of a project: readers of the same one share its feed. */
import { EVENT_PAGE_COUNT } from '../kernel/limits.ts'
import type { Log } from '../kernel/log.ts'
import type { ProjectStorage } from '../storage/storage.ts'
import { keysOf, type ProjectEvent } from './event-filter.ts'
import { createFeed, type Feed, type Reader, type Source } from './feed.ts'
import type { Hub } from './hub.ts'
import { endings, isTerminal, type RunEvent } from './run.ts'

export type Followers = {
  /** Closes the reader once the run has ended and all its events were put. */
  readonly followRun: (
    storage: ProjectStorage,
    reader: Reader<RunEvent>,
    from: { readonly runId: string; readonly after: number },
  ) => Promise<void>
  readonly followProject: (
    storage: ProjectStorage,
    reader: Reader<ProjectEvent>,
    from: { readonly after: number },
  ) => Promise<void>
}

export const createFollowers = ({ hub, log }: { hub: Hub; log: Log }): Followers => {
  const ofRuns = createFeeds<RunEvent>(log, () => ['all'])
  const ofProjects = createFeeds<ProjectEvent>(log, keysOf)
  return {
    followRun: (storage, reader, { runId, after }) => {
      const { projectId } = storage
      const opening = {
        source: runSource(storage, runId),
        onHint: (look: () => void) => hub.onRun({ projectId, runId }, look),
      }
      return ofRuns(`${projectId}/${runId}`, opening).follow(reader, after)
    },
    followProject: (storage, reader, { after }) => {
      const { projectId } = storage
      const opening = {
        source: projectSource(storage),
        onHint: (look: () => void) => hub.onProject(projectId, look),
      }
      return ofProjects(projectId, opening).follow(reader, after)
    },
  }
}

type Opening<Item> = {
  readonly source: Source<Item>
  readonly onHint: (look: () => void) => () => void
}

/** Finds the feed of a key, or opens it; it goes with its last reader. */
const createFeeds = <Item>(log: Log, keysOf: (item: Item) => readonly string[]) => {
  const feeds = new Map<string, Feed<Item>>()
  return (key: string, { source, onHint }: Opening<Item>): Feed<Item> => {
    const known = feeds.get(key)
    if (known !== undefined) return known
    const feed = createFeed({
      source,
      keysOf,
      onFailure: (error) => log.error({ err: error }, 'events could not be read for those who follow'),
      onEmpty: () => {
        unlisten()
        if (feeds.get(key) === feed) feeds.delete(key)
      },
    })
    const unlisten = onHint(feed.look)
    feeds.set(key, feed)
    return feed
  }
}

/** A run is over when it has ended and nothing was recorded since: one that is tried again goes on. */
const runSource = (storage: ProjectStorage, runId: string): Source<RunEvent> => ({
  read: (after) => storage.listEvents({ runId, after, limit: EVENT_PAGE_COUNT }),
  placeOf: (event) => event.seq,
  mayEnd: ({ type }) => endings.has(type),
  isOver: async (place) => {
    const view = await storage.getRun(runId)
    return view === null || (isTerminal(view.run.state) && view.eventSeq <= place)
  },
})

const projectSource = (storage: ProjectStorage): Source<ProjectEvent> => ({
  read: (after) => storage.listProjectEvents({ after, limit: EVENT_PAGE_COUNT }),
  placeOf: (event) => event.projectSeq,
  mayEnd: () => false,
  isOver: async () => false,
})
