import { wordSet } from './words.ts'

/** Recognises a dialogue that is written down as lines `Name: words`. */

const linePattern =
  /^(?:\[[^\]\n]{1,40}\][ \t]*|[\d/.:, ]{4,24}(?:[AaPp][Mm])?[ \t]*-?[ \t]+)?\**(\p{L}[\p{L}\p{M}\p{N} .'’_-]{0,39}):\**[ \t]+(\S.*)$/u
const roleNames = wordSet('user assistant human ai bot system agent customer client support me you model')
// Labels that repeat without being anybody.
const noSpeakers = wordSet(
  'note tip warning error info debug todo fixme warn hint trace fatal example step question answer subject from to cc date re name title file line version key value type id status result output input decision action',
)
const NAME_WORD_COUNT_MAX = 3

type SpokenLine = { readonly speaker: string; readonly text: string }

const matchLine = (line: string): SpokenLine | null => {
  const match = linePattern.exec(line)
  const label = match?.[1]?.trim()
  if (label === undefined || label.split(' ').length > NAME_WORD_COUNT_MAX) return null
  const folded = label.toLowerCase()
  const isRole = roleNames.has(folded)
  if (noSpeakers.has(folded) || !(isRole || /^[\p{Lu}\p{Lo}]/u.test(label))) return null
  // `USER` and `user` are the same speaker.
  const speaker = isRole && folded !== 'ai' ? folded.charAt(0).toUpperCase() + folded.slice(1) : label
  return { speaker, text: match?.[2] ?? '' }
}

/**
 * The contributions of a written dialogue, or null when the text is none: it must begin with one, and its speakers must come back or
 * be roles.
 */
export const transcriptOf = (text: string): readonly SpokenLine[] | null => {
  const spoken: { speaker: string; lines: string[] }[] = []
  for (const line of text.trim().split(/\r\n|[\n\r]/)) {
    const match = matchLine(line)
    if (match !== null) spoken.push({ speaker: match.speaker, lines: [match.text] })
    else if (spoken.length === 0) return null
    else spoken.at(-1)?.lines.push(line)
  }
  const speakers = new Set(spoken.map(({ speaker }) => speaker))
  const hasRole = [...speakers].some((speaker) => roleNames.has(speaker.toLowerCase()))
  const comesBack = speakers.size > 1 && spoken.length > speakers.size
  if (!hasRole && !comesBack) return null
  return spoken.map(({ speaker, lines }) => ({ speaker, text: lines.join('\n') }))
}
