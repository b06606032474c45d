import type { Message } from '../../runs/input.ts'
import type { Passage } from '../model.ts'
import { factsOf, shortOutput } from './tool-output.ts'
import { transcriptOf } from './transcript.ts'

/** One contribution to a passage: who says what, and when. */
export type Turn = {
  /** As it is to stand before a statement; null where nobody is known. */
  readonly speaker: string | null
  readonly text: string
  readonly message: number | null
  readonly saidAt: number
  /** A tool tells prose (`told`) or data (`fact`), which is no talk; `instructed` are a system's or developer's words. */
  readonly manner: 'said' | 'told' | 'fact' | 'instructed'
}

export const turnsOf = (passage: Passage): readonly Turn[] => {
  if (passage.type === 'text') {
    return spoken({
      speaker: null,
      text: passage.text,
      message: null,
      saidAt: passage.saidAt,
      manner: 'said',
    })
  }
  const tools = toolNames(passage.messages)
  return passage.messages.flatMap((message, position) => {
    const at = { message: position, saidAt: message.createdAt ?? passage.saidAt }
    if (message.role === 'tool') {
      const name = message.name ?? tools.get(message.toolCallId ?? '')
      const speaker = name === undefined ? 'Tool' : `Tool ${name}`
      const facts = factsOf(message.content)
      if (facts !== null) return facts.map((text): Turn => ({ ...at, speaker, text, manner: 'fact' }))
      return [{ ...at, speaker, text: shortOutput(message.content), manner: 'told' }]
    }
    const manner = message.role === 'system' || message.role === 'developer' ? 'instructed' : 'said'
    return spoken({ ...at, speaker: speakerOf(message), text: message.content, manner })
  })
}

// A text may be a whole dialogue written down.
const spoken = (turn: Turn): readonly Turn[] => {
  const lines = turn.manner === 'said' ? transcriptOf(turn.text) : null
  return lines === null ? [turn] : lines.map((line) => ({ ...turn, ...line }))
}

const speakerOf = (message: Message): string | null => {
  const name = message.name?.trim()
  if (name !== undefined && name !== '') return name
  return message.role === 'user' ? 'User' : message.role === 'assistant' ? 'Assistant' : null
}

const toolNames = (messages: readonly Message[]): ReadonlyMap<string, string> =>
  new Map(
    messages.flatMap((message) =>
      (message.toolCalls ?? []).flatMap(({ id, function: called }) =>
        called === undefined ? [] : [[id, called.name] as const],
      ),
    ),
  )
