import type { TopicKind } from '../../projects/group.ts'
import { isIdentity, isInstruction } from './identity.ts'
import {
  adverbs,
  appointments,
  dates,
  feeling,
  feltNouns,
  happened,
  likedOnce,
  liking,
  pastTimes,
  someone,
} from './kind-words.ts'
import { type Said, saidIn } from './said.ts'

/**
 * Tells what kind a statement is of, by the words it is made of: who does, likes or feels something, and what is bound to a day. Each cue has a
 * weight; the heaviest kind of those that are asked for wins, and of two the one that comes first in the sentence, because the main
 * clause usually does. English only, apart from what `identity.ts` knows: in other languages a statement is a fact.
 */

type Cue = { readonly kind: TopicKind; readonly weight: number; readonly pattern: RegExp }

const cue = (kind: TopicKind, weight: number, ...sources: readonly string[]): Cue => ({
  kind,
  weight,
  pattern: new RegExp(sources.map((source) => `(?:${source})`).join('|'), 'u'),
})

const not = `(?:(?:don't|doesn't|do not|does not|didn't|did not|never|can't|cannot|do|does) )?`
const be = `(?:'m|'re|'s| am| is| are| was| were|'ve been| have been| has been|'s been|'d be| will be|'ll be| had been)(?:n't)?(?: not| no longer)?`
const taste = '(?:(?:dark |light |least |most )?favou?rites?)'
const chosen =
  '(?:order|orders|choose|chooses|pick|picks|go for|goes for|buy|buys|take|takes|drink|drinks|eat|eats|wear|wears|book|books|opt for|opts for|stick to|sticks to)'

const cues: readonly Cue[] = [
  cue(
    'emotion',
    3,
    `\\b${someone}${be} ${adverbs}(?:feeling )?(?:more |less )?${feeling}\\b(?! to help)`,
    `\\b${someone} ${adverbs}(?:don't |doesn't |didn't |can't |do not |does not |did not |can |could |would |still )*${adverbs}(?:feel|feels|felt|get|gets|got|become|became|seem|seems|seemed|look|looks|looked) ${adverbs}(?:more |less |like |kind of |as if )*(?:good|great|bad|better|worse|terrible|awful|left out|alone|alive|safe|sick of|stuck|empty|numb|weird|loved|${feeling})\\b`,
    `\\b${someone}(?:'ve| have| has)? ${adverbs}been feeling\\b`,
    `^${adverbs}${feeling}\\b`,
    `\\b(?:made|makes|make|making) (?:me|us|him|her|them|my \\p{L}+) (?:feel|cry|smile|want to cry|${adverbs}${feeling})`,
    `\\b(?:brings?|brought|gives?|gave|fills?|filled) (?:me|us|him|her|them) (?:with )?${adverbs}(?:such |much |a lot of |a sense of )*${feltNouns}\\b`,
    `\\b${someone}(?:'m|'s|'re| am| is| are| was| were)? ${adverbs}(?:miss|misses|missed|missing) (?:you|him|her|them|home|being|my (?!flight|bus|train|appointment)|our|the (?!bus|train|flight|start|point|deadline))`,
    `\\b${someone}(?:'m|'s|'re| am| is| are| was| were)? ${adverbs}(?:worry|worries|worrying|fear|fears|feared|dread|dreads|dreading|dreaded|regret|regrets|cry|cries|cried|crying|wept|grieve|grieves|grieving|panic|panicked|envy|resent)\\b`,
    `\\bcan't (?:stop|help) (?:crying|worrying|smiling|feeling)`,
    `\\b(?:breaks?|broke|broken|warms?|melts?) (?:my|his|her|our|their) hearts?\\b|\\bhurts? (?:me|my feelings|him|her)\\b|\\bscares? me\\b|\\bin tears\\b`,
  ),
  cue('emotion', 1.5, '\\blook(?:ing|s)? forward to\\b', `\\b(?:my|his|her) ${feltNouns}\\b`),
  cue(
    'preference',
    3,
    `\\b${someone}(?:'d| would| both| all)? ${adverbs}${not}${adverbs}${liking}\\b(?! to know|(?: each other)?$)`,
    `\\b${someone} (?:both |all )?${adverbs}${not}${adverbs}likes?\\b(?! a \\p{L}+ (?:would|does))`,
    `\\b(?:'d|would|'d really|would really) (?:like|love|hate|prefer) (?:to|it|a|an|the|my|some)\\b|\\b(?:'d|would|'d much) rather\\b`,
    `\\b${taste}\\b`,
    `\\bfans? of\\b|\\b(?:keen on|fond of|crazy about|obsessed with|passionate about|nuts about)\\b`,
    `\\b${someone}${be} ${adverbs}into (?!the|a |my |trouble)`,
    `\\bcan't stand\\b|\\bcan't bear\\b|\\bnot (?:my|his|her|our|their) (?:thing|cup of tea|style|taste)\\b|\\bmy (?:thing|jam)\\b`,
    `\\b(?:my|his|her|our|their) (?:big |greatest |biggest |true |lifelong )?(?:passion|dream|go-to|preference|taste|wish)\\b`,
    `\\b${someone}(?:'ve| have| has)? ${adverbs}${not}${adverbs}(?:want|wants|wanted|wish|wishes|hope|hopes) (?:to|a|an|the|my|some|more|i|that|for)\\b`,
    `\\b${someone}(?:'ve| have| has|'m| am| is)? ${adverbs}(?:dream|dreams|dreaming|dreamed|dreamt) (?:of|about)\\b`,
    `\\b${someone} (?:always|usually|normally|typically|mostly|generally|tend to|tends to|never|rarely) ${adverbs}${chosen}\\b`,
    `\\b${someone} (?:don't|doesn't|do not|never) ${adverbs}(?:eat|eats|drink|drinks|wear|wears|use|uses|care for|smoke|smokes)\\b(?! enough)`,
    `\\bsuits? (?:me|him|her|us) (?:better|best|more)\\b|\\bbeats? (?:any|every|all)\\b.* for me\\b|\\bfor me\\b.*\\bbeats?\\b`,
  ),
  cue('preference', 1.75, `\\b${someone} ${adverbs}(?:didn't )?${likedOnce}\\b`, `^(?:love|like|hate) `),
  cue(
    'episode',
    2,
    `\\b${someone},? ${adverbs}(?:first |even )?${happened}\\b(?! (?:to know|a (?:cat|dog|car|piano)))`,
    `\\b${someone} ${adverbs}(?:first |even )?\\p{L}{2,}(?<!\\b(?:ne|fe|spe|inde))ed\\b`,
    `\\b${someone} (?:didn't|did not|couldn't|could not|never) (?:\\p{L}+ed|(?!like|love|know|want|have|enjoy|feel)\\p{L}{2,})\\b(?=.*\\b(?:last|yesterday|ago)\\b)`,
    `\\b${someone} (?:didn't|did not) (?!like|love|know|want|have|enjoy|feel|care|mind)\\p{L}+`,
    `\\b${someone}(?:'ve| have| has|'s) (?:just |recently |finally |already )+\\p{L}+`,
    `\\b(?:was|were|got) (?:robbed|fired|hired|promoted|flooded|stolen|invited|attacked|injured|hospitali[sz]ed|rejected|accepted|arrested|elected|born|engaged|married|divorced|hit|broken|destroyed|damaged|cancelled|canceled|awarded|evacuated)\\b`,
    `\\b(?:my|our|his|her|the) (?:\\p{L}+ ){1,2}(?:broke|fell|died|crashed|stopped|failed|exploded|burned|burnt|\\p{L}{3,}(?<!ne)ed (?:over|up|down|off|out|the|a|my|our)|${happened})\\b`,
  ),
  cue('episode', 1.5, `\\b${pastTimes}`),
  cue('temporal', 1.75, '\\btoday\\b'),
  cue('temporal', 2, ...dates.map((date) => `\\b(?:${date})`)),
]

/** Added where a date stands by something one keeps a time free for, and where what happened has a time. */
const COMPANY = 1.5
const appointmentPattern = new RegExp(`(?:\\b|(?<='))${appointments}\\b|'ll `, 'u')
const pastPattern = new RegExp(`\\b${pastTimes}`, 'u')

type Found = { readonly kind: TopicKind; readonly weight: number; readonly at: number }

/** The kind of a statement among those that are asked for; `fact` when it is of none of them. */
export const kindOf = (content: string, asked: ReadonlySet<TopicKind>): TopicKind => {
  const said = saidIn(content)
  if (asked.has('identity') && isIdentity(said)) return 'identity'
  if (asked.has('preference') && isInstruction(said)) return 'preference'
  let best: Found | null = null
  for (const found of foundIn(said)) {
    if (!asked.has(found.kind)) continue
    const isBetter =
      best === null || found.weight > best.weight || (found.weight === best.weight && found.at < best.at)
    if (isBetter) best = found
  }
  return best?.kind ?? 'fact'
}

const foundIn = ({ text }: Said): readonly Found[] => {
  const isPast = pastPattern.test(text)
  const isAppointed = appointmentPattern.test(text)
  return cues.flatMap(({ kind, weight, pattern }) => {
    const at = pattern.exec(text)?.index
    if (at === undefined) return []
    const company = kind === 'temporal' ? isAppointed : kind === 'episode' && weight === 2 && isPast
    return [{ kind, weight: weight + (company ? COMPANY : 0), at }]
  })
}
