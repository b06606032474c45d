/** Everything that happens to conversations on the embedded engine, once: a part of sqlite-exercise.ts. */
import type { CompactionContent } from '../conversations/conversation.ts'
import type { Claim } from '../runs/run.ts'
import { acceptRun } from '../storage/sqlite/accept-run.ts'
import { getCompaction, putCompaction } from '../storage/sqlite/compactions.ts'
import type { Connection } from '../storage/sqlite/connection.ts'
import { listMessages } from '../storage/sqlite/conversation-messages.ts'
import { getConversation, listConversations, recordConversation } from '../storage/sqlite/conversations.ts'
import { prune } from '../storage/sqlite/prune.ts'
import {
  clearConversations,
  hideConversationsOfUser,
  removeConversation,
} from '../storage/sqlite/remove-conversations.ts'
import type { NewRun } from '../storage/storage.ts'
import { startAt } from './storage-factories.ts'

/** Everything that happens to conversations, once. */
export const exerciseConversations = (
  db: Connection,
  {
    projectId,
    newRun,
    claim,
  }: {
    readonly projectId: string
    readonly newRun: (over: Partial<NewRun>) => NewRun
    readonly claim: (db: Connection) => { readonly claim: Claim }
  },
): void => {
  const message = { role: 'user', content: 'bees', saidAt: startAt, speaker: null } as const
  const recording = (conversationId: string) => ({
    ...{ conversationId, externalId: null, userId: 'ada', userKey: 'ada', customer: 'acme' },
    messages: ['one', 'two'].map((messageId) => ({
      ...{ ...message, messageId, sessionId: null, metadata: null },
    })),
    newSession: { sessionId: 'session', idleMs: 1 },
    messageCountMax: 10,
  })
  for (const id of ['c-1', 'c-2', 'c-3', 'c-1'])
    recordConversation(db, projectId, { ...recording(id), now: startAt })
  getConversation(db, projectId, 'c-1')
  for (const userKey of [null, 'ada'])
    listConversations(db, projectId, { userKey, customer: null, limit: 1, cursor: `${startAt}:9` })
  listMessages(db, projectId, { conversationId: 'c-1', after: 0, limit: 10 })
  acceptRun(db, projectId, newRun({ laneId: 'conversation', recording: recording('c-4') }))
  const { claim: held } = claim(db)
  const compaction: CompactionContent = {
    strategy: 'balanced',
    ...{ targetTokens: null, throughSeq: 2, text: '', currentState: '' },
    ...{ facts: [], decisions: [], preferences: [] },
    ...{ originalTokens: 1, compactedTokens: 1, validationScore: 1 },
  }
  putCompaction(db, projectId, { claim: held, conversationId: 'c-1', compaction, now: startAt })
  getCompaction(db, projectId, { conversationId: 'c-1', version: null })
  removeConversation(db, projectId, { conversationId: 'c-2', keys: ['gone'], now: startAt })
  hideConversationsOfUser(db, projectId, { userKey: 'bob', alias: 'alias', now: startAt })
  prune(db, projectId, { kind: 'conversations', before: startAt + 1, limit: 1, cursor: null })
  clearConversations(db, projectId, { userKey: '', limit: 10 })
}
