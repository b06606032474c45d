import { household, professions } from './kind-words.ts'
import { lazily } from './lazily.ts'
import type { Said } from './said.ts'

/**
 * Tells whether a statement says who its speaker is (name, age, gender, home, work, family status), or how the assistant shall behave from
 * now on. Of others and of things it never does: `My sister lives in Rome` is not where the user lives.
 */

const numberWord =
  '(?:\\d{1,3}|(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:-\\p{L}+)?|eighteen|nineteen)'
const still =
  "(?:(?:still|currently|now|also|both|just|originally|actually|recently|not|no longer|don't|never|already|mostly|really|only|a|an|the|single|proud|young|old|full-time|part-time|freelance|retired|former|senior|junior|trained|professional) )*"
const place =
  '(?:in|at|on|near|with|alone|outside|between|here|there|by|close|abroad|downtown|together|off|across|around)\\b'

/** What may be said of oneself, after `I`, `we`, `you` or `the user`. */
const ofOneself = [
  `(?:'m(?: turning)?|'re| am| are| is|'ve been| turn| turned| just turned| will be|'ll be)(?: ${still}| )${numberWord}(?: years? old| years of age|-year-old| y\\/?o\\b|\\b(?!%| (?!(?:and|but|or|this|next|in|on|soon|today|tomorrow)\\b)\\p{L}))`,
  `(?:'m|'re| am| are| is)(?: not)? ${still}(?!no )(?:\\p{L}+-)?(?:(?!\\p{L}+ing )\\p{L}+ ){0,2}${professions}\\b(?! of mine)`,
  `(?:'m|'re| am| are| is)(?: not)? ${still}(?:self-employed|unemployed|employed|retired|between jobs|on parental leave|on maternity leave|married|single|divorced|widowed|separated|engaged(?! in)|pregnant|in a relationship|in an open relationship|orphaned|adopted|non-?binary|trans|transgender|gay|lesbian|bisexual|queer|male|female|genderfluid)\\b`,
  `(?:'m|'re| am| are| is)(?: not)? ${still}(?:\\p{L}+ )?(?:youngest|oldest|eldest|middle one|wom[ae]n|m[ae]n|girl|boy|guy|mother|mom|mum|father|dad|parent|grandmother|grandfather|grandma|grandpa|widow|widower|orphan|only child|bachelor|stay-at-home \\p{L}+)\\b`,
  `(?:'m|'re| am| are| is)(?: not)? ${still}(?:(?:\\p{L}+ ){1,5}living in|working as|working at|working for|from|based in|based out of|located in|living in|living with|living at|called|named|studying|native to)\\b`,
  `(?:'ve| have| has)? ${still}(?:live|lives|reside|resides|dwell|(?<='ve .*|have .*)lived) ${still}${place}`,
  `(?:'ve| have| has)? ${still}(?:come from|comes from|grew up|moved (?:to|here|from|in with)|relocated|settled (?:in|down)|emigrated|immigrated|live alone)\\b`,
  `(?:'ve| have| has)? ${still}(?:used to )?(?:work|works|worked|working|been working) (?:\\p{L}+ly )?(?:as|at|for|in) (?!on)`,
  ` ${still}(?:run|runs|own|owns|founded|lead) (?:my|his|her|their|our|a|an) (?:own )?(?:\\p{L}+ )?(?:store|shop|company|business|studio|restaurant|practice|firm|startup|agency|bakery|cafe|café|farm|salon)\\b`,
  ` ${still}(?:teach|teaches|study|studies|major in|lost my job|quit my job|got promoted|changed jobs)\\b`,
  `(?:'ve| have| has)?(?: got)? (?:no|a|an|one|two|three|four|five|six|seven|\\d+|twin|several|grown-up|grown|young|little)(?: \\p{L}+)? (?:${household}|brothers?|sisters?|siblings?|grandchildren|grandson|granddaughter)\\b`,
  " (?:got|have been|was|were|'ve been) (?:married|divorced|widowed)\\b",
  ` ${still}(?:got|found|started|have|'ve got) an? (?:new )?(?:job|position|role) (?:as|at|in|with)\\b`,
  `(?:'m|'re| am| are| is)(?: not)? ${still}(?:the )?(?:\\p{L}+ )?(?:head|director|manager|chief|lead|owner|founder|co-founder|president|vice|ceo|editor|secretary) of\\b`,
  ` ${still}work (?:\\p{L}+ ){1,4}as an? `,
  ` ${still}(?:do|\\p{L}+) (?:\\p{L}+ ){1,3}for (?:a|an|the) (?:\\p{L}+ ){0,3}(?:company|firm|agency|bank|business|ngo|charity|startup|university|hospital|living)\\b`,
  `(?:'ve| have| has)? ${still}been (?:a |an )(?:widow|widower|single \\p{L}+|\\p{L}+ )*(?:widow|widower|${professions})\\b`,
  ` ${still}(?:share|rent|own) an? (?:\\p{L}+ )?(?:flat|apartment|house|room|studio) (?:in|with|near)\\b`,
  ` (?:don't|do not) have (?:any )?(?:${household}|brothers|sisters|siblings)\\b`,
  ' (?:go by|identify as|goes by|identifies as|was born|were born)\\b',
] as const

const ofOnesOwn = [
  "(?:(?:first|last|full|middle|sur|family|maiden|birth|real|given)[ -]?)?name(?: is|'s)\\b",
  "nick-?name(?: is|'s)\\b",
  "(?:age|gender|sex|pronouns|profession|occupation|job|job title|employer|address|home|hometown|home town|nationality|birthday|date of birth|birthplace|marital status|mother tongue|native language|current role)(?: is| are|'s)\\b",
  `(?:\\p{L}+ )?${household}(?:'s|s')? (?:first )?names? (?:is|are)\\b`,
  `(?:\\p{L}+ )?${household} (?:is|are) (?:called|named)\\b`,
  `(?:\\p{L}+ )?${household}(?: \\p{Lu}\\p{L}+)? (?:is|are) (?:now |only |already |almost )?(?:${numberWord}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)(?: months?| years?)?(?: old)?(?=[.,!]| and\\b|$)`,
] as const

const calledSo =
  /\b(?:people|friends|they|everyone|everybody|most people|my friends) (?:usually |just |all |mostly )?call me \p{Lu}/u
const capitalName =
  /^(?:(?:hi|hello|hey)[,!. ]+)*(?:[^.!?]{0,40}[.!,] )?(?:i'm|i am|this is) \p{Lu}\p{Ll}[\p{L}-]*(?: \p{Lu}[\p{L}-]+)?(?: and\b|,|\.|!|$)/u
const ofMe = lazily(
  () => new RegExp(`\\b(?:i|we)(?:${ofOneself.join('|')})|\\b(?:my|our) (?:${ofOnesOwn.join('|')})`, 'u'),
)
const ofYou = lazily(
  () => new RegExp(`\\byou(?:${ofOneself.join('|')})|\\byour (?:${ofOnesOwn.join('|')})`, 'u'),
)
const ofUser = lazily(
  () => new RegExp(`\\buser(?:${ofOneself.join('|')})|\\buser's (?:${ofOnesOwn.join('|')})`, 'u'),
)

/** The same in German, French and Spanish: name, age, home, work, family status, as the first person says them. */
const elsewhere =
  /(?<!\p{L})(?:ich (?:heiße|wohne|lebe|arbeite (?:als|bei|in|für)|bin (?:\d+|verheiratet|ledig|geschieden|verwitwet|schwanger|[\p{L}-]+ von beruf)|komme aus)|mein name ist|je (?:m'appelle|vis à|habite|travaille (?:comme|chez|dans|pour)|suis (?:marié|célibataire|divorcé|né))|j'(?:habite|ai \d+ ans)|mon nom est|(?:yo )?(?:me llamo|vivo en|trabajo (?:como|en|para)|tengo \d+ años|estoy casad[oa]|soy solter[oa])|mi nombre es)(?!\p{L})/iu

/** Whether the speaker, or who is spoken of as the user, is told by it; an assistant tells of whom it speaks to. */
export const isIdentity = (said: Said): boolean => {
  if (isInstruction(said) || ofUser().test(said.text)) return true
  if (said.speaker === 'assistant') return ofYou().test(said.text)
  if (said.speaker?.startsWith('tool') === true) return false
  return (
    ofMe().test(said.text) ||
    calledSo.test(said.text) ||
    capitalName.test(said.text) ||
    elsewhere.test(said.text)
  )
}

const beginningSmall = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1)

const answering =
  '(?:answer|answers|reply|replies|respond|responses?|write|speak|talk|use|keep|address|format|explain|give|be|avoid|stick|remember|end|start|begin|cite|translate|ask|summari[sz]e|include|mention|add|say|show|tell|correct|repeat|suggest|assume|greet|apologi[sz]e)'
const instructions = lazily(() => [
  // A lasting order: with a word that makes it last, or about what the assistant says.
  new RegExp(
    `^(?:please |and |also )*(?:always|never|from now on,?|in (?:the )?future,?|going forward,?|henceforth,?)(?: please)? (?:do not |don't |always |never )*(?:\\p{L}+ly )?${answering}\\b`,
    'u',
  ),
  new RegExp(
    `^(?:please |and |also )*(?:do not |don't |try to )?(?:\\p{L}+ly )?${answering}\\b.*\\b(?:your (?:answers?|replies|reply|responses?|messages?|explanations?|texts?)|when you \\p{L}+|from now on|in (?:the )?future|every (?:answer|reply|time)|all answers|with me|talking to me)\\b`,
    'u',
  ),
  new RegExp(
    `^(?:when(?:ever)?|if) (?:i|you) [^,]+, (?:please )?(?:always |never |don't |do not )?${answering}\\b`,
    'u',
  ),
  /^(?:please )?stop (?:\p{L}+ing)\b.*\b(?:when you|your|to me|in (?:your|the) (?:answers|replies))\b/u,
  /\b(?:i|we)(?: want| need|'d like| would like) you to (?:always|never)\b/u,
  /\byour (?:answers|replies|responses|messages|explanations) (?:should|must|shall|need to|have to)\b/u,
  /^(?:please |and |also |you can |just |but )*(?:do not |don't |never )?call me (?:\p{Lu}|by)/u,
  new RegExp(
    `\\b(?:i|we)(?: (?:really )?(?:want|need|prefer|expect)|'d (?:like|prefer|love)| would (?:like|prefer)) you (?:to )?(?:always |never |not to |not )*(?:\\p{L}+ly )?${answering}\\b`,
    'u',
  ),
  new RegExp(
    `\\byou (?:should|must|shall|have to|need to|may|can) (?:always|never|not)(?: ever)? (?:\\p{L}+ly )?${answering}\\b`,
    'u',
  ),
])

/** Whether it tells the assistant how to behave from now on. What the assistant says is none. */
export const isInstruction = ({ speaker, text }: Said): boolean =>
  speaker !== 'assistant' && instructions().some((pattern) => pattern.test(beginningSmall(text)))
