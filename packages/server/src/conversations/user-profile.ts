/** Who a user is, as far as what is remembered tells: read from statements that say so themselves, by rules. */
import { PROFILE_MEMORY_COUNT_MAX } from '../kernel/limits.ts'
import type { Memory } from '../memories/memory.ts'
import { isIdentity, isInstruction } from '../models/rules/identity.ts'
import { saidIn } from '../models/rules/said.ts'

export type ProfileAttribute = { readonly value: string; readonly memory: Memory }

export type UserProfile = {
  /** By name; of several that a user has told, the latest. */
  readonly attributes: Readonly<Record<string, ProfileAttribute>>
  /** The statements that tell who the user is, one a line, the latest last. */
  readonly overview: string
  readonly updatedAt: number
}

/** Words by which statements about somebody's own person are found. */
export const profileQuery =
  'my name is I am called live in from work as job profession years old married single children birthday born pronouns email phone language'

const OVERVIEW_COUNT_MAX = 10

/** Null when none of the memories tells who the user is. */
export const profileOf = (memories: readonly Memory[]): UserProfile | null => {
  const telling = memories
    .filter(({ content }) => tellsWho(content))
    .toSorted((a, b) => a.updatedAt - b.updatedAt)
    .slice(-PROFILE_MEMORY_COUNT_MAX)
  const last = telling.at(-1)
  if (last === undefined) return null
  const attributes = new Map<string, ProfileAttribute>()
  for (const memory of telling)
    for (const [name, value] of attributesIn(memory.content)) attributes.set(name, { value, memory })
  const overview = telling.slice(-OVERVIEW_COUNT_MAX).map(({ content }) => content)
  return {
    attributes: Object.fromEntries(attributes),
    overview: overview.join('\n'),
    updatedAt: last.updatedAt,
  }
}

const tellsWho = (content: string): boolean => {
  const said = saidIn(content)
  return (isIdentity(said) && !isInstruction(said)) || attributesIn(content).length > 0
}

const own = "(?:^|[\\s,;.!])(?:i'm|i am|i)"
/** Where a value ends. */
const end = '(?=[.,;!?\\n]|$| and | but | with | at | for | where | because | since | which )'
const value = `([\\p{L}\\p{N}][\\p{L}\\p{M}\\p{N} .'&-]{0,60}?)${end}`

const anyCase = (source: string): RegExp => new RegExp(source, 'iu')
const nowadays = '(?:still |now |currently )?'

const patterns: readonly (readonly [name: string, pattern: RegExp])[] = [
  [
    'name',
    /\b(?:[Mm]y (?:full |first )?name(?: is|'s)|[Cc]all me|I'm called|I am called) (\p{Lu}[\p{L}'-]*(?: \p{Lu}[\p{L}'-]+){0,3})/u,
  ],
  [
    'name',
    /(?:^|: |[.!,] )(?:I'm|I am|This is) (\p{Lu}\p{Ll}[\p{L}-]*(?: \p{Lu}[\p{L}-]+)?)(?= and\b|[,.!]|$)/u,
  ],
  ['age', anyCase(`${own} (\\d{1,3})(?: years? old| years of age|$|[.,!])`)],
  [
    'location',
    anyCase(`${own} ${nowadays}(?:live|reside|am based|based|moved|relocated) (?:in|to|near|at) ${value}`),
  ],
  ['origin', anyCase(`${own} (?:come )?(?:originally )?from ${value}`)],
  ['occupation', anyCase(`${own} ${nowadays}(?:work|am working|working) as (?:a |an |the )?${value}`)],
  [
    'employer',
    anyCase(`${own} ${nowadays}(?:work|am working|working)(?: as [^.,;]{1,60}?)? (?:at|for) ${value}`),
  ],
  ['marital_status', anyCase(`${own} (married|single|divorced|widowed|engaged|separated)\\b`)],
  ['birthday', anyCase(`\\bmy (?:birthday|date of birth) is (?:on )?${value}`)],
  ['pronouns', /\bmy pronouns are ([\p{L}/ ]{2,30})/iu],
  ['language', anyCase(`\\bmy (?:native language|mother tongue) is ${value}`)],
  ['email', /\bmy e-?mail(?: address)? is ([^\s@]{1,64}@[^\s@]{1,189}\.\p{L}{2,20})/iu],
]

/** Statements of others tell nothing of the user. */
const attributesIn = (content: string): readonly (readonly [string, string])[] => {
  const { speaker } = saidIn(content)
  if (speaker === 'assistant' || speaker?.startsWith('tool') === true) return []
  const plain = content.slice(0, CONTENT_LENGTH_MAX).replaceAll('’', "'")
  return patterns.flatMap(([name, pattern]) => {
    const found = pattern.exec(plain)?.[1]?.trim()
    return found === undefined || found === '' ? [] : [[name, found] as const]
  })
}

const CONTENT_LENGTH_MAX = 500
