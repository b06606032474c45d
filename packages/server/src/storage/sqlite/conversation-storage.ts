/** The conversations' part of the engine. */
import type { ConversationStorage } from '../conversation-storage.ts'
import { getCompaction, putCompaction } from './compactions.ts'
import type { Connection } from './connection.ts'
import { listMessages } from './conversation-messages.ts'
import { getConversation, listConversations, recordConversation } from './conversations.ts'
import type { GroupCommit } from './group-commit.ts'
import { clearConversations, hasRemoved, removeConversation } from './remove-conversations.ts'

export const conversationStorage = (
  { db, commit }: { readonly db: Connection; readonly commit: GroupCommit },
  projectId: string,
): ConversationStorage => ({
  record: ({ recordings, now }) =>
    commit.write('durable', () =>
      recordings.map((recording) => recordConversation(db, projectId, { ...recording, now })),
    ),
  get: async (conversationId) => getConversation(db, projectId, conversationId),
  list: async (params) => listConversations(db, projectId, params),
  listMessages: async (params) => listMessages(db, projectId, params),
  remove: (params) => commit.write('durable', () => removeConversation(db, projectId, params)),
  clear: async ({ limit }) =>
    hasRemoved(db, projectId) &&
    commit.write('relaxed', () => !clearConversations(db, projectId, { userKey: '', limit }).isDone),
  putCompaction: (params) => commit.write('durable', () => putCompaction(db, projectId, params)),
  getCompaction: async (params) => getCompaction(db, projectId, params),
})
