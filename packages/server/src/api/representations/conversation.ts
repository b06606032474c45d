import { type Static, Type } from 'typebox'
import type { Conversation, RecordedMessage } from '../../conversations/conversation.ts'
import { toIso, toIsoOrNull } from '../../kernel/clock.ts'
import { NullableString } from './schema.ts'

const NullableObject = (description: string) =>
  Type.Unsafe<Readonly<Record<string, unknown>> | null>({ type: ['object', 'null'], description })

export const ConversationRepresentation = Type.Object({
  id: Type.String(),
  external_id: NullableString('What its caller calls it, where that is no UUID.'),
  user_id: NullableString('Whose it is; null: of nobody in particular.'),
  customer_id: NullableString('The customer whose user that is.'),
  type: NullableString('What its caller calls its kind.'),
  started_at: NullableString('As its caller told.'),
  ended_at: NullableString('As its caller told.'),
  last_message_at: NullableString('When the last of its messages was said.'),
  message_count: Type.Integer(),
  metadata: NullableObject('What its caller put in.'),
  analysis: NullableObject('What its caller found out about it.'),
  created_at: Type.String(),
  active_at: Type.String({ description: 'When something was last recorded.' }),
})

export const MessageRepresentation = Type.Object({
  seq: Type.Integer({ description: 'Its number in the conversation, from 1.' }),
  id: Type.String(),
  role: Type.String({ description: 'user or assistant.' }),
  content: Type.String(),
  said_at: Type.String(),
  speaker: NullableString('Who speaks, where more is known than the side.'),
  session_id: NullableString('Messages of one sitting share it.'),
  metadata: NullableObject('What its caller put in.'),
  recorded_at: Type.String(),
})

export const toConversationRepresentation = (
  conversation: Conversation,
): Static<typeof ConversationRepresentation> => ({
  id: conversation.conversationId,
  external_id: conversation.externalId,
  user_id: conversation.userId,
  customer_id: conversation.customer,
  type: conversation.type,
  started_at: toIsoOrNull(conversation.startedAt),
  ended_at: toIsoOrNull(conversation.endedAt),
  last_message_at: toIsoOrNull(conversation.lastMessageAt),
  message_count: conversation.messageCount,
  metadata: conversation.metadata,
  analysis: conversation.analysis,
  created_at: toIso(conversation.createdAt),
  active_at: toIso(conversation.activeAt),
})

export const toMessageRepresentation = (message: RecordedMessage): Static<typeof MessageRepresentation> => ({
  seq: message.seq,
  id: message.messageId,
  role: message.role,
  content: message.content,
  said_at: toIso(message.saidAt),
  speaker: message.speaker,
  session_id: message.sessionId,
  metadata: message.metadata,
  recorded_at: toIso(message.recordedAt),
})
