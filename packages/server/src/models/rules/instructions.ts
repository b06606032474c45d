import { wordSet, wordsOf } from './words.ts'

/** System and developer messages instruct the assistant. Only what they state about the user is worth remembering. */

const subjectPattern =
  /^[-*\s]*(?:the |current |der |die |l['’]|el |la )*(?:user|customer|client|nutzer|nutzerin|kunde|kundin|utilisateur|utilisatrice|usuario|usuaria)(?:['’]s)?\b/i
// `The user may ask …`, `User messages are …`: rules, not facts.
const ruleWords = wordSet(
  'should must may might can will could would shall asks ask says wants needs provides sends requests types enters message messages input inputs request requests query queries question questions prompt content soll muss kann darf doit peut debe puede',
)

/** Whether a sentence of a system message states a fact about the user; `names` are the users who speak. */
export const statesUserFact = (sentence: string, names: ReadonlySet<string>): boolean => {
  const words = wordsOf(sentence.slice(0, 120)).map((word) => word.toLowerCase())
  const subject = subjectPattern.exec(sentence)
  if (subject !== null) {
    const next = wordsOf(sentence.slice(subject[0].length, subject[0].length + 60))[0]?.toLowerCase()
    return next !== undefined && !ruleWords.has(next)
  }
  const first = words[0]?.replace(/['’]s$/, '') ?? ''
  return names.has(first) && words[1] !== undefined && !ruleWords.has(words[1])
}
