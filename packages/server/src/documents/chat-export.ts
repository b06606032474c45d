/** Recognises the exports of chats, lists of messages with `role` and `content`, and writes them down as dialogues. */

export type Conversation = { readonly title: string | null; readonly text: string }

type Said = { readonly speaker: string; readonly text: string }

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  value !== null && typeof value === 'object' && !Array.isArray(value)

/**
 * The dialogues of an export: one list of messages, an object with `messages`, or a list of such objects or lists. Null when it is
 * anything else.
 */
export const conversationsIn = (value: unknown): readonly Conversation[] | null => {
  const single = conversationOf(value)
  if (single !== null) return [single]
  if (!Array.isArray(value) || value.length === 0) return null
  const all = value.map(conversationOf)
  return all.every((each) => each !== null) ? all : null
}

const conversationOf = (value: unknown): Conversation | null => {
  const messages = Array.isArray(value) ? value : isObject(value) ? value.messages : null
  if (!Array.isArray(messages) || messages.length === 0) return null
  const said = messages.map(saidIn)
  if (!said.every((each) => each !== null)) return null
  const title = isObject(value) ? (value.title ?? value.name) : null
  const lines = said.filter(({ text }) => text !== '').map(({ speaker, text }) => `${speaker}: ${text}`)
  return { title: typeof title === 'string' ? title : null, text: lines.join('\n\n') }
}

const saidIn = (message: unknown): Said | null => {
  if (!isObject(message)) return null
  const { role, content, name } = message
  if (typeof role !== 'string' || !/^[\w -]{1,40}$/.test(role) || !('content' in message)) return null
  const text = contentText(content)
  if (text === null) return null
  const speaker = typeof name === 'string' && /^\p{L}[\p{L}\p{M}\p{N} .'’_-]{0,39}$/u.test(name) ? name : role
  return { speaker: speaker.charAt(0).toUpperCase() + speaker.slice(1), text: continued(text) }
}

/** Content is text, or a list whose text parts are. What is nothing, as of a message that only calls tools, says nothing. */
const contentText = (content: unknown): string | null => {
  if (typeof content === 'string') return content.trim()
  if (content === null) return ''
  if (!Array.isArray(content)) return null
  const texts = content.map((part) => (isObject(part) ? part.text : part))
  return texts
    .filter((text) => typeof text === 'string')
    .join('\n')
    .trim()
}

/**
 * In a message, a line that looks like the beginning of another one is indented: nobody may speak for somebody else. Empty lines are
 * left out, for between messages is where a long dialogue is to be cut.
 */
const continued = (text: string): string =>
  text
    .split(/(?:\r\n?|\n)+/)
    .map((line, at) => (at > 0 && /^(?:[[\d/]|\**\p{L})[^\n]{0,99}:\**[ \t]/u.test(line) ? ` ${line}` : line))
    .join('\n')
