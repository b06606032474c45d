import { CONVERSATION_CLEAR_COUNT } from '../kernel/limits.ts'
import { problem } from '../kernel/problem.ts'
import type { Access } from '../projects/access.ts'
import { transcriptKeyOf } from './transcript-key.ts'

/**
 * Removes a conversation with its messages and compactions. Memories that were made of it stay. When this is interrupted it is gone all the
 * same, and its rows go later. Throws Problem `not_found`.
 */
export const removeConversation = async (
  { storage, clock }: Access,
  conversationId: string,
): Promise<void> => {
  const keys = [transcriptKeyOf(conversationId)]
  if (!(await storage.conversations.remove({ conversationId, keys, now: clock.now() })))
    throw problem('not_found', `conversation ${conversationId} not found`)
  while (await storage.conversations.clear({ limit: CONVERSATION_CLEAR_COUNT }));
}
