/** The words and phrases by which `kinds.ts` tells what kind a statement is of: parts of patterns, lower case, without their names. */

const either = (...lines: readonly string[]): string => `(?:${lines.join(' ').split(/\s+/).join('|')})`

/** Stands between a subject and its verb. */
export const adverbs = `(?:(?:${either(
  'really absolutely also still always usually often just so very quite too pretty totally completely rather all only never not currently now',
  'finally recently actually definitely truly honestly probably generally mostly mainly kinda even ever already both incredibly extremely',
  'super deeply particularly especially a bit little deep down',
)}) )*`

const kin = either(
  'wife husband spouse partner fiancé fiancée girlfriend boyfriend sister brother sibling twin mother mom mum father dad daughter son child kid',
  'grandmother grandma grandfather grandpa aunt uncle cousin niece nephew kids children sons daughters twins sisters brothers siblings parents',
)
/** Who makes up the household: their names belong to the family status. */
export const household = either(
  'wife husband spouse partner fiancé fiancée girlfriend boyfriend daughter son child kid kids children sons daughters twins stepson stepdaughter',
)
const relatives = either(
  'friend friends boss colleague colleagues neighbor neighbour teacher team family',
  kin,
)

/** A person as a subject: a pronoun, a relation, a name. */
export const someone = `(?:i|we|you|he|she|they|everyone|everybody|someone|somebody|(?:the )?user|(?:my|his|her|our|their|the|your) (?:\\p{Ll}+ )?${relatives}(?: \\p{Lu}\\p{L}+)?|\\p{Lu}[\\p{L}'-]+(?: and (?:i|\\p{Lu}\\p{L}+))?|(?:he|she) \\[[^\\]]+\\])`

export const liking = either(
  'love loves adore adores enjoy enjoys hate hates dislike dislikes detest detests prefer prefers loathe loathes fancy despise despises favor favour',
)
export const likedOnce = either('loved adored enjoyed hated disliked preferred liked')

export const feeling = either(
  'happy sad anxious nervous stressed excited proud afraid scared frightened terrified worried angry furious mad upset annoyed frustrated depressed',
  'lonely heartbroken devastated thrilled delighted overjoyed ecstatic glad relieved grateful thankful jealous envious embarrassed ashamed guilty',
  'disappointed overwhelmed hopeful hopeless homesick miserable content calm confident insecure shocked moved touched inspired stoked pumped',
  'psyched bummed exhausted confused uneasy uncomfortable irritated bitter hurt low down blessed fulfilled discouraged motivated melancholic torn',
  'elated joyful cheerful fearful tense restless panicked panicking desperate unhappy blue amazed astonished surprised',
)
export const feltNouns = either(
  'joy grief anxiety sadness anger happiness guilt fear panic shame pride relief despair loneliness comfort peace hope',
)

const numberWords = either('a an one two three four five six seven eight nine ten eleven twelve few couple')
export const months = either(
  'january february march april may june july august september october november december jan feb mar apr jun jul aug sept sep oct nov dec',
)
export const weekdays = either('monday tuesday wednesday thursday friday saturday sunday')
const unit = '(?:minute|hour|day|night|week|month|year|weekend|decade)s?'
const span = `(?:${numberWords}|\\d+|a (?:couple|few)|several|some|many)(?: of)? ${unit}`
const season = either('summer winter spring autumn fall morning afternoon evening night semester quarter')

export const holidays = either('christmas easter halloween thanksgiving ramadan hanukkah diwali passover')

/** Bound to a day or an hour. */
export const dates = [
  '\\d{4}-\\d{2}-\\d{2}',
  '\\d{1,2}[./]\\d{1,2}[./]\\d{2,4}',
  `\\d{1,2}(?:st|nd|rd|th)?(?: of)? ${months}\\b`,
  `${months} (?:the )?\\d{1,2}(?:st|nd|rd|th)?\\b`,
  'the \\d{1,2}(?:st|nd|rd|th)\\b',
  `(?<!(?<!the )last )${weekdays}s?\\b`,
  `(?:at|by|until|before) (?:half|quarter|noon|midnight|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\\b(?! (?:of|years|people|percent))`,
  'in (?:the )?(?:spring|summer|autumn|winter)\\b',
  `(?:in|this|next|until|by|before|mid|late|early) ${months}\\b(?! not)`,
  `(?:this|next|coming) (?:${unit}|${season})\\b`,
  'tomorrow|tonight|the day after',
  `(?<!n't \\p{L}+ )in (?:about )?${span}\\b`,
  "(?:at|by|until|from|before|around) \\d{1,2}(?::\\d{2})?(?: ?[ap]\\.?m\\b| ?o'clock)?(?= |[.,;!?]|$)(?! (?:%|percent|people|euros|dollars|years))",
  '\\d{1,2}:\\d{2}\\b|\\d{1,2} ?[ap]m\\b|noon\\b|midnight\\b',
  `the (?:end|beginning|start|middle) of (?:the )?(?:${months}|month|year|week)\\b`,
  `(?:by|at|before|until) the (?:end|beginning|start|middle) of`,
  `every (?:other )?(?:${unit}|${season})\\b|(?:in|by) 20[2-9]\\d\\b`,
  `(?:on|at|for|this|next|before|by|over) ${holidays}`,
] as const

/** What somebody keeps a time free for. */
export const appointments =
  "(?:deadline|appointments?|due (?:on|by|date|in)|is due|are due|scheduled|rescheduled|postponed|booked for|expires?|anniversary|birthday|reservation|check-?up|interview|exam|meeting|dentist|flight|starts|begins|ends|takes place|opens|closes|leaves at|departs|arrives|wedding|graduation|planning to|plan to|plans to|going to|gonna|'ll|will)"

/** When something was. */
export const pastTimes = `(?:yesterday|(?<!the )last (?:${unit}|${season}|time|${weekdays}|${months})|${span} (?:ago|earlier|back)|ago\\b|the other day|back in|in (?:19\\d\\d|20[01]\\d|202[0-5])\\b|when (?:i|he|she|we|they) (?:was|were)|once\\b|this morning|earlier today)`

/** Past tenses that tell of something that happened; `was`, `had`, `knew` tell how things were. */
export const happened = `${either(
  'went came ran met saw found bought sold took gave made told said lost won fell broke drove flew rode swam ate drank wrote read sang brought caught beat blew bit drew fed fled hung lit rang rode sank slid swept swung spilled spilt',
  'built began started left sent spent spoke taught threw woke wore hit cut put set shot shook stole struck swore tore dug fought forgot froze grew(?!\\s+up) hid held',
  'hurt kept laid led lent paid quit rose slept stood stuck taught became got heard',
)}(?!')`

export const professions = `(?:\\p{Ll}+(?:ist|eer|ician|ographer|keeper|ologist|worker|driver|maker|attendant|analyst|assistant)|${either(
  'nurse doctor teacher lawyer chef cook baker butcher pilot engineer developer programmer designer architect plumber electrician carpenter welder farmer',
  'writer author editor journalist painter sculptor musician singer actor actress dancer director producer manager consultant accountant banker broker',
  'barista waiter waitress bartender cashier clerk secretary receptionist librarian professor lecturer researcher scientist student pupil apprentice intern',
  'paramedic surgeon vet veterinarian midwife counselor counsellor coach trainer tutor translator interpreter mechanic technician firefighter policeman',
  'soldier officer judge nanny cleaner gardener tailor hairdresser barber realtor freelancer entrepreneur founder ceo cto contractor builder roofer sailor',
)})`
