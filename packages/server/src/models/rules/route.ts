import { stemmer } from 'stemmer'
import type { Topic, TopicKind } from '../../projects/group.ts'
import { kindOf } from './kinds.ts'
import { contentWordsOf } from './small-talk.ts'

/**
 * Decides which topics a statement goes to: one unbounded topic, and every bounded one, whose one memory is made of all that is said. Of
 * the unbounded those of the statement's kind come first; what is of the kind of none goes to those without a kind or of the kind
 * `fact`. Among several it is the one whose name and description share the most words with it, the first in doubt.
 */
export const routerFor = (topics: readonly Topic[]): ((content: string) => readonly string[]) => {
  const bounded = topics.filter(({ isBounded }) => isBounded).map(({ name }) => name)
  const unbounded = topics
    .filter(({ isBounded }) => !isBounded)
    .map(({ name, description, kind }) => ({ name, kind, stems: stemsOf(`${name} ${description}`) }))
  const kinds = new Set(unbounded.flatMap(({ kind }) => kind ?? []))
  return (content) => {
    if (unbounded.length < 2) return [...unbounded.map(({ name }) => name), ...bounded]
    const [first, ...others] = kinds.size === 0 ? unbounded : ofKind(unbounded, kindOf(content, kinds))
    if (first === undefined) return bounded
    if (others.length === 0) return [first.name, ...bounded]
    const stems = stemsOf(content)
    let best = { name: first.name, shared: shared(first.stems, stems) }
    for (const { name, stems: own } of others) {
      const count = shared(own, stems)
      if (count > best.shared) best = { name, shared: count }
    }
    return [best.name, ...bounded]
  }
}

type Kinded = { readonly kind: TopicKind | undefined }

/** Where nothing fits, every topic is as good as another. */
const ofKind = <T extends Kinded>(topics: readonly T[], wanted: TopicKind): readonly T[] => {
  const fitting = topics.filter(({ kind }) => kind === wanted || (wanted === 'fact' && kind === undefined))
  return fitting.length > 0 ? fitting : topics
}

/** Every topic speaks of them, and every statement is said by one. */
const speakers: ReadonlySet<string> = new Set(['user', 'assistant', 'tool'])

const stemsOf = (text: string): ReadonlySet<string> =>
  new Set(contentWordsOf(text.replaceAll('_', ' '), speakers).map((word) => stemmer(word)))

const shared = (some: ReadonlySet<string>, others: ReadonlySet<string>): number =>
  some.intersection(others).size
