/** What the lines of conversations in an export look like, and what of them no schema can say. */
import { Type } from 'typebox'
import { compactionStrategies, conversationIdOf, messageRoles } from '../../conversations/conversation.ts'
import {
  COMPACTION_LENGTH_MAX,
  CONVERSATION_DETAIL_LENGTH_MAX,
  CONVERSATION_MESSAGE_COUNT_MAX,
  METADATA_LENGTH_MAX,
  NAME_LENGTH_MAX,
  TEXT_LENGTH_MAX,
} from '../../kernel/limits.ts'
import type { ConversationRecord, TransferRecord } from '../../storage/transfer.ts'
import { UserId } from './schema.ts'

const INSTANT_MAX = 8_640_000_000_000_000
const Instant = Type.Integer({ minimum: 0, maximum: INSTANT_MAX })
/** What a caller tells may be of any time. */
const told = { minimum: -INSTANT_MAX, maximum: INSTANT_MAX }
const MaybeTold = Type.Unsafe<number | null>({ type: ['integer', 'null'], ...told })
const Count = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })
const Text = (lengthMax: number) => Type.String({ maxLength: lengthMax })
const MaybeName = Type.Unsafe<string | null>({
  type: ['string', 'null'],
  minLength: 1,
  maxLength: NAME_LENGTH_MAX,
})
const MaybeLabel = Type.Unsafe<string | null>({
  type: ['string', 'null'],
  maxLength: NAME_LENGTH_MAX,
  pattern: '^(?!\\s*$)[^\\p{Cc}]+$',
})
const MaybeObject = Type.Unsafe<object | null>({ type: ['object', 'null'] })
const Word = (words: readonly string[]) => Type.Unsafe<string>({ type: 'string', enum: [...words] })
const Closed = (members: Parameters<typeof Type.Object>[0]) =>
  Type.Object(members, { additionalProperties: false })
/** As the store writes them: nobody would find one that is written otherwise. */
const Id = Type.String({ pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' })

const line = { type: Type.String(), cursor: Type.String() }
const ofConversation = {
  ...line,
  conversation_id: Id,
  user_id: Type.Unsafe<string | null>({ anyOf: [UserId, { type: 'null' }] }),
  customer: MaybeLabel,
}

const Conversation = Closed({
  ...ofConversation,
  external_id: MaybeLabel,
  kind: Type.Unsafe<string | null>({ type: ['string', 'null'], maxLength: NAME_LENGTH_MAX }),
  started_at: MaybeTold,
  ended_at: MaybeTold,
  metadata: MaybeObject,
  analysis: MaybeObject,
  created_at: Instant,
  active_at: Instant,
})

const MessageId = Type.String({ minLength: 1, maxLength: NAME_LENGTH_MAX })

const Message = Closed({
  ...ofConversation,
  seq: Type.Integer({ minimum: 1, maximum: CONVERSATION_MESSAGE_COUNT_MAX }),
  after: MaybeName,
  message_id: MessageId,
  role: Word(messageRoles),
  content: Type.String({ minLength: 1, maxLength: TEXT_LENGTH_MAX }),
  said_at: Type.Integer(told),
  speaker: MaybeName,
  session_id: MaybeName,
  metadata: MaybeObject,
  recorded_at: Instant,
})

const Statements = Type.Array(Text(COMPACTION_LENGTH_MAX), { maxItems: COMPACTION_LENGTH_MAX })
/** What the two sides said last, in short. */
const STATE_LENGTH_MAX = 1_000

const Compaction = Closed({
  ...ofConversation,
  version: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
  compaction_id: Id,
  strategy: Word(compactionStrategies),
  target_tokens: Type.Unsafe<number | null>({
    ...{ type: ['integer', 'null'], minimum: 1, maximum: COMPACTION_LENGTH_MAX },
  }),
  through_seq: Type.Integer({ minimum: 0, maximum: CONVERSATION_MESSAGE_COUNT_MAX }),
  through: MaybeName,
  text: Text(COMPACTION_LENGTH_MAX),
  extracted: Closed({ facts: Statements, decisions: Statements, preferences: Statements }),
  current_state: Text(STATE_LENGTH_MAX),
  original_tokens: Count,
  compacted_tokens: Count,
  validation_score: Type.Number({ minimum: 0, maximum: 1 }),
  created_at: Instant,
})

const ConversationKey = Closed({
  ...line,
  key: Type.String({ pattern: '^ (compaction|transcript) [0-9a-f]{64}$' }),
  digest: Type.String({ pattern: '^([0-9a-f]{64})?$' }),
  run_id: Id,
  accepted_at: Instant,
})

export const conversationLines: Readonly<Record<string, object>> = {
  conversation: Conversation,
  message: Message,
  compaction: Compaction,
  conversation_key: ConversationKey,
}

/** What is wrong with a record that matches its schema, and in which member. */
export type Wrong = { readonly member: string; readonly message: string }

export const wrongInConversation = (record: TransferRecord): Wrong | null => {
  switch (record.type) {
    case 'conversation':
      return (
        tooLong('metadata', jsonLength(record.metadata), CONVERSATION_DETAIL_LENGTH_MAX) ??
        tooLong('analysis', jsonLength(record.analysis), CONVERSATION_DETAIL_LENGTH_MAX) ??
        wrongId(record)
      )
    case 'message':
      if ((record.seq === 1) !== (record.after === null))
        return { member: 'after', message: 'must be null in the first message, and in no other' }
      return tooLong('metadata', jsonLength(record.metadata), METADATA_LENGTH_MAX)
    case 'compaction': {
      if ((record.through_seq === 0) !== (record.through === null))
        return { member: 'through', message: 'must be null when no message is covered, and only then' }
      const statements = Object.values(record.extracted).flat()
      return tooLong('extracted', statements.join('').length, COMPACTION_LENGTH_MAX)
    }
    default:
      return null
  }
}

const jsonLength = (value: object | null): number => (value === null ? 0 : JSON.stringify(value).length)

const tooLong = (member: string, length: number, lengthMax: number): Wrong | null =>
  length > lengthMax ? { member, message: `must have at most ${lengthMax} characters` } : null

const wrongId = ({ conversation_id, external_id }: ConversationRecord): Wrong | null =>
  external_id === null || conversationIdOf(external_id) === conversation_id
    ? null
    : { member: 'conversation_id', message: 'is not the id that belongs to the external_id' }
