import { type Static, Type } from 'typebox'
import type { Route } from '../../../api/route.ts'
import { messageRoles } from '../../../conversations/conversation.ts'
import { type MessageRequest, recordMessages } from '../../../conversations/record-messages.ts'
import { toIso } from '../../../kernel/clock.ts'
import { deterministicId } from '../../../kernel/ids.ts'
import { foreignConversation, fullConversation } from '../../../runs/accept-run.ts'
import type { RecordResult } from '../../../storage/storage.ts'
import { callOf } from '../call.ts'
import { Content, ConversationId, conversationOf, readDetail, scopeMembers } from '../members.ts'
import { Metadata, OptionalId } from '../schema.ts'
import type { Relationship } from '../scope.ts'

export const MessageBody = Type.Object({
  conversation_id: ConversationId,
  role: Type.Unsafe<(typeof messageRoles)[number]>({ type: 'string', enum: messageRoles }),
  content: Content,
  ...scopeMembers,
  session_id: OptionalId,
  metadata: Type.Optional(Metadata),
})

/** Records one message; nothing is remembered of it. */
export const recordMessage: Route = (app, { synapRelationship }) => {
  app.route({
    method: 'POST',
    url: '/v1/conversations/messages',
    config: { scope: 'write' },
    schema: { body: MessageBody },
    handler: async ({ access, body, headers }) => {
      const message = readMessage(body, synapRelationship, callOf(headers))
      const [result] = await recordMessages(access, [message])
      if (result?.kind !== 'recorded') throw refusalOf(result)
      return toRecorded(message, result)
    },
  })
}

/** Throws Problem `missing_property`, `invalid_body`. */
export const readMessage = (
  body: Static<typeof MessageBody>,
  relationship: Relationship,
  call: string | null,
): MessageRequest => {
  const { role, content } = body
  const address = conversationOf(body.conversation_id, body, relationship)
  const metadata = readDetail(body.metadata, { location: 'body.metadata' })
  return {
    ...{ ...address, role, content, metadata },
    ...(body.session_id && { sessionId: body.session_id }),
    ...(call !== null && {
      messageId: deterministicId(['message', call, body.conversation_id, role, content]),
    }),
  }
}

export const refusalOf = (result: Exclude<RecordResult, { kind: 'recorded' }> | undefined) =>
  result?.kind === 'full' ? fullConversation() : foreignConversation()

export const toRecorded = (
  { conversation }: Pick<MessageRequest, 'conversation'>,
  { messages }: Extract<RecordResult, { kind: 'recorded' }>,
) => {
  const [message] = messages
  if (message === undefined) throw new Error(`a message of conversation ${conversation} was not recorded`)
  return {
    message_id: message.messageId,
    conversation_id: conversation,
    session_id: message.sessionId,
    recorded_at: toIso(message.recordedAt),
  }
}
