/** The word for a feeling that is told of, by the words it is told in. English; others are `unspecified`. */
const families: Readonly<Record<string, string>> = {
  joy: 'happy glad delighted thrilled excited joyful cheerful elated ecstatic overjoyed joy happiness blessed stoked pumped psyched',
  pride: 'proud pride confident',
  gratitude: 'grateful thankful gratitude',
  hope: 'hopeful hope motivated inspired',
  calm: 'calm content relaxed relieved relief peace peaceful',
  love: 'love loved affection touched moved',
  sadness:
    'sad unhappy depressed miserable heartbroken devastated lonely loneliness homesick grief grieve grieving cry crying cried hopeless disappointed bummed blue miss missed melancholic',
  anger: 'angry furious mad annoyed irritated frustrated upset anger resent',
  fear: 'afraid scared frightened terrified anxious nervous worried worry anxiety fear panic panicked dread uneasy tense fearful',
  stress: 'stressed overwhelmed exhausted restless burned',
  shame: 'ashamed embarrassed guilty shame guilt regret',
  envy: 'jealous envious envy',
  surprise: 'surprised shocked amazed astonished',
  confusion: 'confused torn',
}

const familyOf: ReadonlyMap<string, string> = new Map(
  Object.entries(families).flatMap(([family, words]) =>
    words.split(' ').map((word) => [word, family] as const),
  ),
)

/** The feeling of the first word that names one. */
export const emotionIn = (content: string): string => {
  for (const word of content.toLowerCase().match(/\p{L}+/gu) ?? []) {
    const family = familyOf.get(word)
    if (family !== undefined) return family
  }
  return 'unspecified'
}
