import { type Static, Type } from 'typebox'
import type { Route } from '../../../api/route.ts'
import { checkTranscript, ingestTranscript as ingest } from '../../../conversations/ingest-transcript.ts'
import type { GivenTurn, Transcript } from '../../../conversations/transcript.ts'
import { toIso } from '../../../kernel/clock.ts'
import {
  CONVERSATION_DETAIL_LENGTH_MAX,
  NAME_LENGTH_MAX,
  TEXT_LENGTH_MAX,
  TRANSCRIPT_TURN_COUNT_MAX,
} from '../../../kernel/limits.ts'
import { groupToWrite } from '../groups.ts'
import { ConversationId, conversationOf, readDetail, scopeMembers } from '../members.ts'
import { Metadata, readInstant } from '../schema.ts'
import { writeScope } from '../scope.ts'

const TYPE_LENGTH_MAX = 64

const Instant = Type.String({ maxLength: NAME_LENGTH_MAX })
const Label = Type.String({ minLength: 1, maxLength: NAME_LENGTH_MAX, pattern: '^[^\\p{Cc}]+$' })

const Turn = Type.Object({
  role: Label,
  content: Type.String({ maxLength: TEXT_LENGTH_MAX }),
  timestamp: Type.Optional(Instant),
  speaker: Type.Optional(Label),
  metadata: Type.Optional(Metadata),
})

const Body = Type.Object({
  conversation_id: ConversationId,
  ...scopeMembers,
  transcript: Type.Union([
    Type.String({ minLength: 1 }),
    Type.Array(Turn, { minItems: 1, maxItems: TRANSCRIPT_TURN_COUNT_MAX }),
  ]),
  conversation_type: Type.Optional(Type.String({ maxLength: TYPE_LENGTH_MAX })),
  analysis: Type.Optional(Metadata),
  metadata: Type.Optional(Metadata),
  started_at: Type.Optional(Instant),
  ended_at: Type.Optional(Instant),
})

/** Takes in a whole conversation: its turns, what there is to remember of them, and a compaction. */
export const ingestTranscript: Route = (app, { synapRelationship }) => {
  app.route({
    method: 'POST',
    url: '/v1/conversations/ingest',
    config: { scope: 'write' },
    schema: { body: Body },
    handler: async ({ access, body }) => {
      const scope = writeScope(body, synapRelationship)
      const about = readAbout(body)
      const transcript = checkTranscript(readTranscript(body.transcript))
      await groupToWrite(access, scope.group)
      const done = await ingest(access, {
        ...conversationOf(body.conversation_id, body, synapRelationship),
        ...{ transcript, about },
        into: {
          group: scope.group,
          properties: scope.properties,
          ...(scope.userId !== null && { userId: scope.userId }),
        },
      })
      return {
        conversation_id: done.conversationId,
        external_conversation_id: body.conversation_id,
        ingestion_id: done.runId,
        status: done.isDuplicate ? 'duplicate' : 'queued',
        turns_recorded: done.turnCount,
        summary_status: done.summary,
        queued_at: toIso(done.acceptedAt),
      }
    },
  })
}

const readAbout = (body: Static<typeof Body>) => {
  const lengthMax = CONVERSATION_DETAIL_LENGTH_MAX
  return {
    type: body.conversation_type || null,
    analysis: readDetail(body.analysis, { location: 'body.analysis', lengthMax }),
    metadata: readDetail(body.metadata, { location: 'body.metadata', lengthMax }),
    startedAt: body.started_at === undefined ? null : readInstant(body.started_at, 'body.started_at'),
    endedAt: body.ended_at === undefined ? null : readInstant(body.ended_at, 'body.ended_at'),
  }
}

const readTranscript = (transcript: Static<typeof Body>['transcript']): Transcript =>
  typeof transcript === 'string'
    ? transcript
    : transcript.map(
        ({ timestamp, metadata, ...turn }, index): GivenTurn => ({
          ...turn,
          ...(timestamp !== undefined && {
            saidAt: readInstant(timestamp, `body.transcript[${index}].timestamp`),
          }),
          ...(metadata !== undefined && {
            metadata: readDetail(metadata, { location: `body.transcript[${index}].metadata` }) ?? {},
          }),
        }),
      )
