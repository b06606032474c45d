/** Messages of this API, and what they are natively. */
import { BATCH_COUNT_MAX, NAME_LENGTH_MAX, TEXT_LENGTH_MAX } from '../../kernel/limits.ts'
import { problem } from '../../kernel/problem.ts'
import type { Message, Role } from '../../runs/input.ts'
import { listOf, type Members, readMembers, textOf } from './read-body.ts'

export type WireMessage = { readonly role: string; readonly content: string }

/** Null when there are none at all. Throws Problem `malformed_json`. */
export const readMessages = (members: Members): readonly WireMessage[] | null =>
  listOf(members, 'messages')?.map((value) => {
    const message = readMembers(value)
    return { role: textOf(message, 'role'), content: textOf(message, 'content') }
  }) ?? null

/** `model` is the word of this API for the assistant. */
const rolesByName: Readonly<Record<string, Role>> = {
  user: 'user',
  model: 'assistant',
  assistant: 'assistant',
  system: 'system',
  developer: 'developer',
  tool: 'tool',
}

/** Somebody of any other role is one who speaks, under that name: nothing said is left out. */
export const toMessage = ({ role, content }: WireMessage): Message => {
  const name = role.replace(/\p{Cc}/gu, ' ').trim()
  const lower = name.toLowerCase()
  const known = Object.hasOwn(rolesByName, lower) ? rolesByName[lower] : undefined
  if (known !== undefined) return { role: known, content }
  return { role: 'user', content, ...(name !== '' && { name: name.slice(0, NAME_LENGTH_MAX) }) }
}

/** Throws Problem `invalid_request` where a bound of the server is passed. */
export const refuseUnbounded = (messages: readonly WireMessage[]): void => {
  if (messages.length > BATCH_COUNT_MAX)
    throw problem('invalid_request', `There are more than ${BATCH_COUNT_MAX} messages: send them in parts.`)
  const long = messages.findIndex(
    ({ content }) => content.length > TEXT_LENGTH_MAX && [...content].length > TEXT_LENGTH_MAX,
  )
  if (long === -1) return
  throw problem('invalid_request', `messages[${long}] has more than ${TEXT_LENGTH_MAX} characters.`)
}
