/**
 * What is particular to English: the function words that say nothing about a statement, the irregular forms no suffix rule
 * reaches, and the stemmer. Stems are keys, not words: `memories` and `memory` both become `memori`.
 */
import { stemmer } from 'stemmer'

/** Closed classes only: articles, pronouns, prepositions, conjunctions, auxiliaries, question words, contractions' remains. */
const stopWords: ReadonlySet<string> = new Set(
  `a an the this that these those some any each every such
  i me my mine myself you your yours yourself yourselves he him his himself she her hers herself it its itself we us our ours
  ourselves they them their theirs themselves one ones
  who whom whose which what when where why how
  am is are was were be been being do does did doing done have has had having will would shall should can could might must
  ought
  and or but nor if then than because as until while although though so
  of at by for with about against between into through during before after to from in on onto off over under out up down upon
  within without toward towards via per
  not no yes too very just also only again further once here there now ever both all more most other own same
  im ive dont doesnt didnt isnt arent wasnt werent cant couldnt wont wouldnt shouldnt havent hasnt hadnt
  lets thats whats theres`.split(/\s+/),
)

/** Irregular verbs and plurals, each line a base form and what leads back to it. */
const irregularForms: ReadonlyMap<string, string> = new Map(
  `arise arose arisen|awake awoke awoken|bear bore borne|beat beaten|become became|begin began begun|bend bent|bet|bind bound
  bite bit bitten|bleed bled|blow blew blown|break broke broken|breed bred|bring brought|build built|burn burnt|buy bought
  catch caught|choose chose chosen|cling clung|come came|creep crept|deal dealt|dig dug|draw drew drawn|dream dreamt
  drink drank drunk|drive drove driven|eat ate eaten|fall fell fallen|feed fed|feel felt|fight fought|find found|flee fled
  fly flew flown|forbid forbade forbidden|forget forgot forgotten|forgive forgave forgiven|freeze froze frozen
  get got gotten|give gave given|go goes went gone|grow grew grown|hang hung|hear heard|hide hid hidden|hold held
  keep kept|kneel knelt|know knew known|lay laid|lead led|leap leapt|learn learnt|leave left|lend lent|lie lay lain|light lit
  lose lost|make made|mean meant|meet met|pay paid|prove proven|ride rode ridden|ring rang rung|rise rose risen|run ran
  say said|see saw seen|seek sought|sell sold|send sent|sew sewn|shake shook shaken|shine shone|shoot shot|show shown
  shrink shrank shrunk|sing sang sung|sink sank sunk|sit sat|sleep slept|slide slid|speak spoke spoken|spend spent
  spin spun|stand stood|steal stole stolen|stick stuck|sting stung|strike struck|strive strove striven|swear swore sworn
  sweep swept|swell swollen|swim swam swum|swing swung|take took taken|teach taught|tear tore torn|tell told
  think thought|throw threw thrown|understand understood|wake woke woken|wear wore worn|weave wove woven|weep wept|win won
  wind wound|withdraw withdrew withdrawn|write wrote written
  child children|foot feet|goose geese|half halves|knife knives|leaf leaves|life lives|loaf loaves|man men|mouse mice
  person people|shelf shelves|thief thieves|tooth teeth|wife wives|wolf wolves|woman women`
    .split(/[|\n]/)
    .flatMap((line) => {
      const [base = '', ...forms] = line.trim().split(' ')
      return forms.map((form) => [form, base] as const)
    }),
)

export const isStopWord = (word: string): boolean => stopWords.has(word)

/** The stem of a lower-case word of the letters a–z. */
export const stemEnglish = (word: string): string => stemmer(irregularForms.get(word) ?? word)
