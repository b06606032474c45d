/**
 * Found documents put back into the conversations they come from.
 *
 * Statements of one session and turn, said at one instant, are one message; a long one, such as a whole text, is taken in passages, so
 * that its end does not speak for its beginning. Messages of one session are one conversation. A caller that adds turn by turn
 * without naming the conversation gives every turn a session of its own, so a session that starts right after another one also
 * continues its conversation.
 */
import type { Hit } from './document.ts'

export type Message = {
  /** Its statements, at least one. */
  readonly documents: readonly [Hit, ...Hit[]]
  /** Place in the conversation: the difference of two places is how many messages they are apart, at the least. */
  readonly place: number
}

export type Conversation = readonly Message[]

type Draft = { readonly documents: [Hit, ...Hit[]]; readonly place: number }

/** Sessions this close in time are one conversation. */
const pauseMsMax = 30 * 60_000
/** Statements of a passage. */
const passageCountMax = 8

/** The conversations the documents belong to, each in the order it was held. */
export const conversationsOf = (documents: readonly Hit[]): readonly Conversation[] => {
  const bySession = new Map<string, Draft[]>()
  let previous: Hit | undefined
  for (const hit of documents.toSorted((a, b) => a.partition - b.partition || a.position - b.position)) {
    const session = sessionKey(hit)
    const messages =
      bySession.get(session) ??
      (previous && continues(hit, previous) ? bySession.get(sessionKey(previous)) : undefined) ??
      []
    bySession.set(session, messages)
    add(messages, hit)
    previous = hit
  }
  return [...new Set(bySession.values())]
}

const sessionKey = (hit: Hit): string => `${hit.partition} ${hit.session}`

const continues = (hit: Hit, previous: Hit): boolean =>
  hit.partition === previous.partition && Math.abs(hit.saidAt - previous.saidAt) <= pauseMsMax

const add = (messages: Draft[], hit: Hit): void => {
  const last = messages.at(-1)
  if (last === undefined) messages.push({ documents: [hit], place: 0 })
  else if (isSameMessage(last.documents[0], hit) && last.documents.length < passageCountMax)
    last.documents.push(hit)
  else messages.push({ documents: [hit], place: last.place + distance(last.documents, hit) })
}

const isSameMessage = (a: Hit, b: Hit): boolean =>
  a.session === b.session && a.turn === b.turn && a.saidAt === b.saidAt

/** Messages from the last one to this: by turn where turns are counted on, else by the documents committed in between. */
const distance = (last: Message['documents'], hit: Hit): number => {
  const [first] = last
  if (first.session === hit.session && hit.turn > first.turn) return hit.turn - first.turn
  return Math.max(1, hit.position - (last.at(-1) ?? first).position)
}
