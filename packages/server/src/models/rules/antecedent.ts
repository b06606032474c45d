import { languages } from './lexicon.ts'
import { wordSet } from './words.ts'

/**
 * Names whom a leading `He`, `She`, `His` or `Her` stands for, where the sentence before leaves no doubt: it has one person for
 * its subject and no other it could be. English only; elsewhere, and in doubt, such a sentence stays joined to the one before it.
 */

const [english = new Set<string>()] = languages

const relations = wordSet(
  'wife husband spouse partner girlfriend boyfriend fiancé fiancée sister brother sibling twin mother mom mum father dad daughter son child baby',
  'grandmother grandma grandfather grandpa aunt uncle cousin niece nephew friend roommate neighbour neighbor boss manager colleague teacher doctor',
)
const describing = wordSet(
  'best old older elder oldest young younger youngest little big late new former twin good dear close',
)
/** Capitalised at the start of a sentence and no person. */
const impersonal = wordSet(
  'yesterday today tomorrow tonight monday tuesday wednesday thursday friday saturday sunday january february march april may june july',
  'august september october november december work school life home everyone everybody someone somebody nobody people',
)
const startsWithName = /^\p{Lu}[\p{L}'-]*\p{Ll}(?: \p{Lu}[\p{L}'-]*\p{Ll}){0,2}(?= \p{Ll})/u
const startsWithOwner = /^(?:My|Our) (?=\p{Ll})/u
const nextWord = /^([\p{Ll}-]+)(?: \p{Lu}[\p{L}-]*\p{Ll})?(?= \p{Ll})/u
const startsResolved = /^(?:He|She) \[([^[\]]+)\]/
/** A capital inside a sentence is a person unless it stands where a place, a firm or a time does. */
const otherName =
  /(?<!\b(?:in|at|near|from|since|until|by|on|of|(?:mov|relocat|travel|travell|return|drove|flew|went|came|commut)(?:ed|es|s|ing)? to|to live in) (?:the )?)\b\p{Lu}\p{L}*/u
const startsWithPronoun = /^(He|She|His|Her)(?=['’ ])/

/** The sentence with its antecedent in brackets, `She [Mara] moved to Graz.`; null where it has none or there is doubt. */
export const withAntecedent = (sentence: string, before: string): string | null => {
  const pronoun = startsWithPronoun.exec(sentence)?.[1]
  if (pronoun === undefined) return null
  const subject = subjectOf(before)
  if (subject === null) return null
  const named = pronoun === 'His' || pronoun === 'Her' ? `${subject}'s` : subject
  const rest = sentence.slice(pronoun.length)
  const contraction = /^['’]\p{L}+/u.exec(rest)?.[0] ?? ''
  return `${pronoun}${contraction} [${named}]${rest.slice(contraction.length)}`
}

const subjectOf = (statement: string): string | null => {
  const resolved = startsResolved.exec(statement)
  const subject = resolved?.[1] ?? namedSubject(statement)
  if (subject === null) return null
  const rest = statement.slice((resolved?.[0] ?? subject).length)
  return /^ (?:and|or|&|,)/.test(rest) || otherName.test(rest) ? null : subject
}

const namedSubject = (statement: string): string | null => {
  const owner = startsWithOwner.exec(statement)?.[0]
  if (owner !== undefined) return relative(statement, owner)
  const name = startsWithName.exec(statement)?.[0]
  if (name === undefined) return null
  const first = (name.split(' ')[0] ?? '').toLowerCase()
  return english.has(first) || impersonal.has(first) || first.includes("'") ? null : name
}

/** `My best friend`, `My sister Clara`: the statement up to a person who is named by a relation. */
const relative = (statement: string, head: string): string | null => {
  const [words, noun] = nextWord.exec(statement.slice(head.length)) ?? []
  if (words === undefined || noun === undefined) return null
  if (relations.has(noun)) return head + words
  return describing.has(noun) && words === noun ? relative(statement, `${head}${noun} `) : null
}
