import { stemmer } from 'stemmer'
import type { Topic } from '../../projects/group.ts'
import { contentWordsOf } from './small-talk.ts'

/**
 * Decides which topics a statement goes to: the unbounded topic whose name and description share the most words with it (the first of
 * several), and every bounded topic, whose one memory is made of all that is said.
 */
export const routerFor = (topics: readonly Topic[]): ((content: string) => readonly string[]) => {
  const bounded = topics.filter(({ isBounded }) => isBounded).map(({ name }) => name)
  const unbounded = topics
    .filter(({ isBounded }) => !isBounded)
    .map(({ name, description }) => ({ name, stems: stemsOf(`${name} ${description}`) }))
  return (content) => {
    const [first, ...others] = unbounded
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

/** Every topic speaks of them, and every statement is said by one. */
const speakers: ReadonlySet<string> = new Set(['user', 'assistant', 'tool'])

const stemsOf = (text: string): ReadonlySet<string> =>
  new Set(contentWordsOf(text.replaceAll('_', ' '), speakers).map((word) => stemmer(word)))

const shared = (some: ReadonlySet<string>, others: ReadonlySet<string>): number =>
  some.intersection(others).size
