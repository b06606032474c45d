/** Reads a file in LoCoMo's format (Maharana et al., ACL 2024): long conversations, and questions with the turns that hold the answer. */
import { readFile } from 'node:fs/promises'

export type Turn = { readonly id: string; readonly speaker: string; readonly text: string }
export type Session = { readonly saidAt: string; readonly turns: readonly Turn[] }
export type Question = {
  readonly text: string
  /** 1 multi-hop, 2 temporal, 3 open-domain, 4 single-hop. */
  readonly category: number
  readonly evidence: readonly string[]
}
export type Sample = {
  readonly id: string
  /** The first of the two speakers; the other one takes the assistant's part. */
  readonly user: string
  readonly sessions: readonly Session[]
  readonly questions: readonly Question[]
}

type RawTurn = { speaker: string; dia_id: string; text: string; blip_caption?: string }
type RawQuestion = { question: string; evidence?: string[]; category: number }
type RawSample = {
  sample_id: string
  conversation: Record<string, string | RawTurn[]>
  qa: RawQuestion[]
}

/** Adversarial questions have no answer in the conversation, so their evidence says nothing about recall. */
const adversarialCategory = 5

export const readSamples = async (path: string): Promise<readonly Sample[]> => {
  // safety: the format is published; a file of another one fails in the mapping below
  const samples = JSON.parse(await readFile(path, 'utf8')) as RawSample[]
  return samples.map(({ sample_id, conversation, qa }) => ({
    id: sample_id,
    user: String(conversation.speaker_a),
    sessions: sessionsOf(conversation),
    questions: qa.map(toQuestion).filter(isMeasured),
  }))
}

const sessionsOf = (conversation: RawSample['conversation']): readonly Session[] =>
  Object.entries(conversation)
    .flatMap(([key, turns]) => {
      const number = /^session_(\d+)$/.exec(key)?.[1]
      return number === undefined || typeof turns === 'string' ? [] : [{ number: Number(number), key, turns }]
    })
    .sort((a, b) => a.number - b.number)
    .map(({ key, turns }) => ({
      saidAt: toInstant(String(conversation[`${key}_date_time`])),
      turns: turns.map(toTurn),
    }))

/** What a shared picture shows belongs to what was said with it. */
const toTurn = ({ speaker, dia_id, text, blip_caption }: RawTurn): Turn => ({
  id: dia_id,
  speaker,
  text: blip_caption === undefined ? text : `${text}\n[photo: ${blip_caption}]`,
})

const toQuestion = ({ question, evidence = [], category }: RawQuestion): Question => ({
  text: question,
  category,
  evidence: [...new Set(evidence.flatMap((ids) => ids.split(/[;,\s]+/)).filter((id) => id !== ''))],
})

const isMeasured = ({ category, evidence }: Question): boolean =>
  category !== adversarialCategory && evidence.length > 0

/** `1:56 pm on 8 May, 2023`, read as UTC. */
const toInstant = (text: string): string => {
  const [, time, half, date] = /^(\d+:\d+) ([ap]m) on (.+)$/.exec(text) ?? []
  return new Date(`${date} ${time} ${half} UTC`).toISOString()
}
