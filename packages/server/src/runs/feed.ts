/**
 * What is new in one ordered source of events, read once for all who follow it.
 *
 *     catching up ──reads page by page for itself──▶ live ──is handed what the feed reads──▶ closed
 *
 * A reader joins when it has come as far as the feed; from then on every page the feed reads is offered to it. The feed reads when
 * it is hinted at, never else; so what nobody writes costs nothing, however many read. Nothing is missed between the two: a reader
 * that is behind the feed is not let in, and the first one to join has the feed look once more.
 */
import { EVENT_PAGE_COUNT } from '../kernel/limits.ts'

export type Source<Item> = {
  /** At most EVENT_PAGE_COUNT items after the place, in order. */
  readonly read: (after: number) => Promise<readonly Item[]>
  readonly placeOf: (item: Item) => number
  /** Whether an item may be the last one: only then, and to who begins to follow, does it matter whether the source is over. */
  readonly mayEnd: (item: Item) => boolean
  /** Whether nothing comes after this place. */
  readonly isOver: (place: number) => Promise<boolean>
}

export type Reader<Item> = {
  readonly put: (items: readonly Item[]) => void
  /** Resolves when it can take more, or is closed. */
  readonly drained: () => Promise<void>
  readonly isClosed: () => boolean
  readonly close: (why: 'over' | 'failed') => void
  readonly onClosed: (listener: () => void) => void
  /** Where the source has been read to for this reader, asked now and then. */
  readonly setPlace: (place: () => number) => void
  /** Under which of an item's keys it is offered; see `keysOf`. */
  readonly key: string
}

export type Feed<Item> = {
  /** Reads from `after` on for the reader until it is live or closed. */
  readonly follow: (reader: Reader<Item>, after: number) => Promise<void>
  /** There may be something new. */
  readonly look: () => void
}

type Member<Item> = { readonly reader: Reader<Item>; readonly after: number }

export const createFeed = <Item>(options: {
  readonly source: Source<Item>
  /** Readers with one of these keys are offered the item. */
  readonly keysOf: (item: Item) => readonly string[]
  readonly onFailure: (error: unknown) => void
  readonly onEmpty: () => void
}): Feed<Item> => {
  const { source, keysOf, onFailure, onEmpty } = options
  const members = new Map<string, Set<Member<Item>>>()
  let memberCount = 0
  let catchingUpCount = 0
  /** Null while nobody is live. */
  let head: number | null = null
  let state: 'idle' | 'reading' | 'reading, hinted at' = 'idle'

  const offer = (items: readonly Item[]) => {
    const byKey = new Map<string, Item[]>()
    for (const item of items)
      for (const key of keysOf(item)) {
        if (!members.has(key)) continue
        const some = byKey.get(key) ?? []
        byKey.set(key, some)
        some.push(item)
      }
    for (const [key, some] of byKey)
      for (const { reader, after } of members.get(key) ?? []) {
        const isNew = after < source.placeOf(some[0] as Item) // safety: there is one under each key
        reader.put(isNew ? some : some.filter((item) => source.placeOf(item) > after))
      }
  }

  const closeAll = (why: 'over' | 'failed') => {
    for (const some of [...members.values()]) for (const { reader } of [...some]) reader.close(why)
  }

  const readNew = async () => {
    // After all hints of one commit.
    await undefined
    let mayBeOver = false
    while (head !== null) {
      const items = await source.read(head)
      const last = items.at(-1)
      if (last !== undefined && head !== null) {
        head = source.placeOf(last)
        offer(items)
      }
      mayBeOver ||= items.some(source.mayEnd)
      if (items.length === EVENT_PAGE_COUNT) continue
      if (mayBeOver && head !== null && (await source.isOver(head))) closeAll('over')
      return
    }
  }

  const look = () => {
    if (head === null) return
    if (state !== 'idle') {
      state = 'reading, hinted at'
      return
    }
    state = 'reading'
    readNew()
      .catch((error: unknown) => {
        onFailure(error)
        closeAll('failed')
      })
      .finally(() => {
        const wasHintedAt = state === 'reading, hinted at'
        state = 'idle'
        if (wasHintedAt) look()
      })
  }

  const join = (reader: Reader<Item>, after: number) => {
    const member = { reader, after }
    const some = members.get(reader.key) ?? new Set()
    members.set(reader.key, some.add(member))
    memberCount++
    reader.setPlace(() => Math.max(after, head ?? 0))
    reader.onClosed(() => {
      if (!some.delete(member)) return
      if (some.size === 0) members.delete(reader.key)
      memberCount--
      if (memberCount > 0) return
      head = null
      if (catchingUpCount === 0) onEmpty()
    })
    if (head !== null) return
    head = after
    look()
  }

  const catchUp = async (reader: Reader<Item>, from: number) => {
    let after = from
    for (;;) {
      const items = await source.read(after)
      if (reader.isClosed()) return
      const last = items.at(-1)
      if (last !== undefined) {
        after = source.placeOf(last)
        reader.put(items)
        reader.setPlace(() => after)
      }
      if (items.length === EVENT_PAGE_COUNT) await reader.drained()
      else if (await source.isOver(after)) return reader.close('over')
      if (reader.isClosed()) return
      if (items.length < EVENT_PAGE_COUNT && (head === null || after >= head)) return join(reader, after)
    }
  }

  return {
    look,
    follow: async (reader, after) => {
      catchingUpCount++
      try {
        await catchUp(reader, after)
      } catch (error) {
        onFailure(error)
        reader.close('failed')
      } finally {
        catchingUpCount--
        if (catchingUpCount + memberCount === 0) onEmpty()
      }
    },
  }
}
