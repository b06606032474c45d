/** Conversations of the user: they were hidden when the erasure was accepted. */
import { clearConversations } from '../remove-conversations.ts'
import type { Work } from './erasure.ts'

export const eraseConversations: Work = (db, { projectId, alias }, { limit }) => {
  if (alias === null) return { cursor: null, erased: {} }
  const cleared = clearConversations(db, projectId, { userKey: alias, limit })
  const { conversations, messages } = cleared
  return { cursor: cleared.isDone ? null : 'more', erased: { conversations, messages } }
}
