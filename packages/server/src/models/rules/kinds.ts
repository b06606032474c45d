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
import { lazily } from './lazily.ts'
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

const cues = lazily((): readonly Cue[] => [
  cue(
    'emotion',
    3,
    `\\b${someone}${be} ${adverbs}(?:feeling )?(?:more |less )?${feeling}\\b(?! to help)`,
    `\\b${someone} ${adverbs}(?:don't |doesn't |didn't |can't |do not |does not |did not |can |could |would |still )*${adverbs}(?:feel|feels|felt|get|gets|got|become|became|seem|seems|seemed|look|looks|looked) ${adverbs}(?:more |less |like |kind of |as if )*(?:good|great|bad|better|worse|terrible|awful|left out|alone|alive|safe|sick of|stuck|empty|numb|weird|loved|${feeling})\\b`,
    `\\b${someone}(?:'ve| have| has)? ${adverbs}been feeling\\b`,
    `\\b${someone}${be} ${adverbs}feeling (?!like (?:a|an|some) )`,
    `\\b(?:over the moon|on cloud nine|down in the dumps|fed up|sick of|tired of|(?:so|totally|completely) done with|burn(?:ed|t) out|at peace|at the end of (?:my|his|her) rope|in an? (?:\\p{L}+ )?mood|can't take (?:it|this))\\b`,
    `\\b(?:terrif(?:ies|ied)|scare[sd]|frighten(?:s|ed)|annoy(?:s|ed)|bother(?:s|ed)|upsets?|worr(?:ies|ied)|excite[sd]|bore[sd]|shock(?:s|ed)|surprise[sd]|devastate[sd]|overwhelm(?:s|ed)|stun(?:s|ned)|infuriate[sd]|hurts?|sadden(?:s|ed)|depress(?:es|ed)|stress(?:es|ed)|thrill(?:s|ed)|frustrate[sd]|embarrass(?:es|ed)|disappoint(?:s|ed)|humiliate[sd]) (?:me|us|him|her|them|my)\\b`,
    `\\b${someone} ${adverbs}(?:feels?|felt) like (?:i|he|she|we|they|nobody|no one|everyone|everything|nothing)\\b`,
    `^${adverbs}${feeling}\\b`,
    `\\b(?:made|makes|make|making) (?:me|us|him|her|them|my \\p{L}+) (?:feel|cry|smile|want to cry|${adverbs}${feeling})`,
    `\\b(?:brings?|brought|gives?|gave|fills?|filled) (?:me|us|him|her|them) (?:with )?${adverbs}(?:such |much |a lot of |a sense of )*${feltNouns}\\b`,
    `\\b${someone}(?:'m|'s|'re| am| is| are| was| were)? ${adverbs}(?:miss|misses|missed|missing) (?:you|him|her|them|home|being|my (?!flight|bus|train|appointment)|our|the (?!bus|train|flight|start|point|deadline))`,
    `\\b${someone}(?:'m|'s|'re| am| is| are| was| were)? ${adverbs}(?:worry|worries|worrying|fear|fears|feared|dread|dreads|dreading|dreaded|regret|regrets|cry|cries|cried|crying|wept|grieve|grieves|grieving|panic|panicked|envy|resent)\\b`,
    '\\b(?:hate|hates|hated) (?:my|him|her|them)sel(?:f|ves)\\b',
    `\\bcan't (?:stop|help) (?:crying|worrying|smiling|feeling)`,
    `\\b(?:breaks?|broke|broken|warms?|melts?) (?:my|his|her|our|their) hearts?\\b|\\bhurts? (?:me|my feelings|him|her)\\b|\\bscares? me\\b|\\bin(?:to)? tears\\b|\\bit ${adverbs}hurts\\b`,
    `\\b${someone}(?:'ve| have| has| had) ${adverbs}been ${adverbs}${feeling}\\b`,
    `\\b(?:stressing|scaring|bothering|annoying|killing|depressing|worrying|freaking) (?:me|us|him|her|them)\\b|\\b(?:getting|gets|got) (?:me|him|her) down\\b`,
  ),
  cue(
    'emotion',
    1.5,
    "\\blook(?:ing|s)? forward to\\b|\\bcan't wait (?:to|for)\\b",
    `\\b(?:my|his|her) ${feltNouns}\\b`,
  ),
  cue(
    'preference',
    3,
    `\\b${someone}(?:'d| would| both| all)? ${adverbs}${not}${adverbs}${liking}\\b(?! to know| (?:my|your|him|her|them)sel(?:f|ves)\\b|(?: each other)?$)`,
    `\\b${someone} (?:both |all )?${adverbs}${not}${adverbs}likes?\\b(?! a \\p{L}+ (?:would|does))`,
    `\\b(?:'d|would|'d really|would really) (?:like|love|hate|prefer) (?:to|it|a|an|the|my|some)\\b|\\b(?:'d|would|'d much) rather\\b`,
    `\\b${taste}\\b`,
    `\\bfans? of\\b|\\b(?:keen on|fond of|crazy about|obsessed with|passionate about|nuts about)\\b`,
    `\\b${someone}${be} ${adverbs}into (?!the|a |my |trouble)`,
    `\\bcan't stand\\b|\\bcan't bear\\b|\\bnot (?:my|his|her|our|their) (?:thing|cup of tea|style|taste)\\b|\\bmy (?:thing|jam)\\b`,
    `\\b(?:my|his|her|our|their) (?:big |greatest |biggest |true |lifelong )?(?:passion|dream|go-to|preference|taste|wish|guilty pleasure)\\b|\\b(?:weakness|soft spot) for\\b|\\bcan't get enough of\\b`,
    `\\b(?:could|can) .* (?:all day|for hours|forever)\\b|\\b(?:if you ask me|in my opinion|imo)\\b|\\b(?:would|'d) never \\p{L}+`,
    `\\b${someone}(?:'ve| have| has) ${adverbs}${likedOnce}\\b|\\b${someone} (?:usually|normally|typically|generally) (?!work|works|get up|wake)\\p{L}+`,
    `\\b${someone}(?:'ve| have| has)? ${adverbs}${not}${adverbs}(?:want|wants|wanted|wish|wishes|hope|hopes) (?:to|a|an|the|my|some|any|more|i|that|for)\\b`,
    `\\b${someone}(?:'ve| have| has|'m| am| is)? ${adverbs}(?:dream|dreams|dreaming|dreamed|dreamt) (?:of|about)\\b|\\b${someone}${be} ${adverbs}hoping (?:to|for)\\b|\\b(?:fascinated|intrigued|captivated) by\\b|\\binterested in\\b`,
    `\\b(?:my|his|her|our) (?:ideal|perfect|dream) \\p{L}+\\b|\\b${someone} ${adverbs}(?:choose|chooses|opt for|opts for)\\b`,
    `\\b${someone} (?:always|usually|normally|typically|mostly|generally|only|tend to|tends to|never|rarely) ${adverbs}${chosen}\\b`,
    `\\b${someone} (?:don't|doesn't|do not|never) ${adverbs}(?:eat|eats|drink|drinks|wear|wears|use|uses|care (?:much )?for|smoke|smokes)\\b(?! enough)`,
    `\\b(?:more of )?an? (?:\\p{L}+ )?(?:tea|coffee|dog|cat|morning|night|beach|mountain|people|city|summer|winter|wine|beer|book) person\\b|\\b(?:vegan|vegetarian|pescatarian|teetotal(?:l?er)?)s?\\b(?! (?:food|option|restaurant))`,
    `\\bover .*(?:any (?:day|time)|,? always)\\b|\\b${someone}(?: have|'ve|'m| am| is) ${adverbs}(?:been )?(?:loving|enjoying|hating|preferring|craving)\\b`,
    `\\b${someone} ${adverbs}(?:find|finds|think|thinks|consider|considers) .*\\b(?:boring|disgusting|delicious|overrated|annoying|gross|tasty)\\b|\\b(?:is|are) ${adverbs}(?:disgusting|delicious|overrated|yummy|gross|the (?:best|worst))\\b`,
    `\\b${someone} ${adverbs}(?:avoid|avoids|try to avoid|tend to avoid|tends to avoid|refuse to|refuses to)\\b`,
    `\\bsuits? (?:me|him|her|us) (?:better|best|more)\\b|\\bbeats? (?:any|every|all)\\b.* for me\\b|\\bfor me\\b.*\\bbeats?\\b`,
  ),
  cue(
    'preference',
    1.75,
    `\\b${someone} ${adverbs}(?:didn't )?${likedOnce}\\b`,
    `^(?:love|like|hate) `,
    '\\bis (?:so |much |way )*(?:better|worse|nicer) than\\b|\\bare (?:so |much |way )*(?:better|worse|nicer) than\\b',
  ),
  cue(
    'episode',
    2,
    `\\b${someone},? ${adverbs}(?:first |even )?${happened}\\b(?! to know)`,
    `\\b${someone} ${adverbs}(?:first |even )?\\p{L}{2,}(?<!\\b(?:ne|fe|spe|inde))ed\\b`,
    `\\b${someone} (?:didn't|did not|couldn't|could not|never) (?:\\p{L}+ed|(?!like|love|know|want|have|enjoy|feel)\\p{L}{2,})\\b(?=.*\\b(?:last|yesterday|ago)\\b)`,
    `\\b${someone} (?:didn't|did not) (?!like|love|know|want|have|enjoy|feel|care|mind)\\p{L}+`,
    `\\b${someone}(?:'ve| have| has|'s) (?:just |recently |finally |already )+\\p{L}+`,
    `\\b${someone}(?:'ve| have| has) been (?:to|on)\\b`,
    `\\b(?:was|were|got) (?:stuck|trapped|lost|caught|locked|stranded|delayed|in (?:the )?hospital|in an accident)\\b`,
    `\\b(?:a|an|some|one of (?:the|my|our)|some of (?:the|my|our)) (?:\\p{Ll}+ )${happened}\\b`,
    `\\b(?:was|were|got) (?:robbed|fired|hired|promoted|flooded|stolen|invited|attacked|injured|hospitali[sz]ed|rejected|accepted|arrested|elected|engaged|married|divorced|hit|broken|destroyed|damaged|cancelled|canceled|awarded|evacuated)\\b`,
    `\\b(?:my|our|his|her|their) (?:\\p{L}+ ){1,2}(?!(?:named|called|based|located|needed|wanted|used|owned|retired|married|related|loved|liked|lived|speed|seed)\\b)\\p{L}{3,}ed\\b(?! by)`,
    `\\b(?:daughter|son|baby|twins|child|niece|nephew|grandson|granddaughter) (?:was|were) born\\b`,
    `\\b${someone} ${adverbs}had to \\p{L}+`,
    `\\b(?:my|our|his|her|the) (?:\\p{L}+ ){1,2}(?:broke|fell|died|crashed|stopped|failed|exploded|burned|burnt|\\p{L}{3,}(?<!ne)ed (?:over|up|down|off|out|the|a|my|our)|${happened})\\b`,
  ),
  cue('episode', 1.5, `\\b${pastTimes}`),
  cue('temporal', 1.75, '\\btoday\\b'),
  cue('temporal', 1.9, ...dates.map((date) => `\\b(?:${date})`)),
])

/** Added where a date stands by something one keeps a time free for, and where what happened has a time. */
const COMPANY = 1.5
const appointmentPattern = lazily(() => new RegExp(`(?:\\b|(?<='))${appointments}\\b|'ll `, 'u'))
const pastPattern = lazily(() => new RegExp(`\\b${pastTimes}`, 'u'))

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
  const isPast = pastPattern().test(text)
  const isAppointed = appointmentPattern().test(text)
  return cues().flatMap(({ kind, weight, pattern }) => {
    const at = pattern.exec(text)?.index
    if (at === undefined) return []
    const company = kind === 'temporal' ? isAppointed : kind === 'episode' && weight === 2 && isPast
    return [{ kind, weight: weight + (company ? COMPANY : 0), at }]
  })
}
