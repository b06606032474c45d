/** From memories to the items that clients read: five kinds, each with members of its own. */
import { toIso, toIsoOrNull } from '../../kernel/clock.ts'
import type { Memory } from '../../memories/memory.ts'
import { mentionedDate } from '../../search/mentioned-date.ts'
import { confidenceOf } from './confidence.ts'
import { emotionIn } from './emotions.ts'
import { type ItemKind, itemKinds } from './kinds.ts'
import type { SynapScope } from './scope.ts'

export type ContextItem = {
  readonly memory: Memory
  readonly kind: ItemKind
  readonly level: SynapScope['level']
  /** Null where it was not ranked. */
  readonly score: number | null
}

type Told = {
  readonly saidAt: number
  readonly eventAt: number | null
  readonly confidence: number
}

const toldOf = ({ memory }: ContextItem): Told => {
  const saidAt = memory.sources.at(-1)?.saidAt ?? memory.createdAt
  return { saidAt, eventAt: mentionedDate(memory.content, saidAt), confidence: confidenceOf(memory) }
}

/** What a day that is named is worth as the time of an event, and the time of saying. */
const DATED = 1
const UNDATED = 0.5

const categories: Readonly<Record<ItemKind, string>> = {
  facts: 'perpetual',
  preferences: 'perpetual',
  episodes: 'episode',
  emotions: 'episode',
  temporal_events: 'temporal_fact',
}

const toItem = (item: ContextItem) => {
  const told = toldOf(item)
  const { memory, kind, level } = item
  const eventDate = toIsoOrNull(told.eventAt)
  return {
    id: memory.memoryId,
    ...membersOf(item, told),
    metadata: { scope: level, version: memory.version, updated_at: toIso(memory.updatedAt) },
    event_date: kind === 'temporal_events' ? toIso(told.eventAt ?? told.saidAt) : eventDate,
    valid_until: null,
    temporal_category: categories[kind],
    temporal_confidence: told.eventAt === null ? UNDATED : DATED,
    source_evidence: null,
  }
}

const membersOf = ({ memory, kind }: ContextItem, { saidAt, eventAt, confidence }: Told) => {
  const { content } = memory
  const at = toIso(saidAt)
  switch (kind) {
    case 'facts':
    case 'temporal_events':
      return { content, confidence, source: sourceOf(memory), extracted_at: at }
    case 'preferences':
      return { category: leaningOf(content), content, strength: confidence, extracted_at: at }
    case 'episodes':
      return {
        summary: content,
        occurred_at: toIso(eventAt ?? saidAt),
        significance: confidence,
        participants: [...new Set(memory.sources.flatMap(({ name }) => name ?? []))],
      }
    case 'emotions':
      return { emotion_type: emotionIn(content), intensity: confidence, detected_at: at, context: content }
  }
}

/** The ingestion that it was said in last. */
const sourceOf = ({ sources }: Memory): string => sources.at(-1)?.runId ?? ''

const against =
  /\b(?:hates?|dislikes?|detests?|avoids?|can't stand|never|(?:don't|doesn't|didn't|do not|does not) (?:\w+ )?(?:like|want|enjoy|eat|drink|care))\b/i

const leaningOf = (content: string): string =>
  against.test(content.replaceAll('’', "'")) ? 'dislike' : 'like'

/** The items by kind, as the Python library reads them. */
export const toContext = (items: readonly ContextItem[]) =>
  byKind(items, (own) => own.map((item) => toItem(item)))

/** The same items as the package for Vercel's SDK reads them. */
export const toItemsByType = (items: readonly ContextItem[]) =>
  byKind(items, (own) => ({ items: own.map(toProtoItem) }))

const byKind = <Value>(items: readonly ContextItem[], render: (own: readonly ContextItem[]) => Value) =>
  // safety: an entry for each kind
  Object.fromEntries(
    itemKinds.map((kind) => [kind, render(items.filter((item) => item.kind === kind))]),
  ) as Record<ItemKind, Value>

const toProtoItem = (item: ContextItem) => {
  const { memory, kind, level, score } = item
  const { saidAt, eventAt, confidence } = toldOf(item)
  const isEvent = kind === 'temporal_events'
  return {
    item_id: memory.memoryId,
    content: memory.content,
    context_type: kind,
    source: sourceOf(memory),
    similarity_score: score ?? 0,
    relevance_score: score ?? 0,
    confidence,
    scope: level,
    entity_id: '',
    created_at: toIso(memory.createdAt),
    event_date: eventAt === null ? (isEvent ? toIso(saidAt) : '') : toIso(eventAt),
    valid_until: '',
    temporal_category: categories[kind],
    temporal_confidence: eventAt === null ? UNDATED : DATED,
  }
}
