import { createHash } from 'node:crypto'
import { deterministicId } from '../kernel/ids.ts'
import { canonicalJson } from '../kernel/json.ts'
import { TEXT_LENGTH_MAX, TRANSCRIPT_TURN_COUNT_MAX } from '../kernel/limits.ts'
import { Problem, problem } from '../kernel/problem.ts'
import { type AddRequest, addMemories } from '../memories/add-memories.ts'
import type { Access } from '../projects/access.ts'
import type { NewMessage } from '../storage/storage.ts'
import { ensureCompaction } from './compact-conversation.ts'
import type { Conversation } from './conversation.ts'
import { type ConversationAddress, recordingOf } from './record-messages.ts'
import { type Transcript, type Turn, turnsOf } from './transcript.ts'
import { transcriptKeyOf } from './transcript-key.ts'

/** A transcript that can be taken in, and what tells it from others. */
export type CheckedTranscript = { readonly turns: readonly Turn[]; readonly digest: string }

/** Throws Problem `empty_content`, `invalid_body`. */
export const checkTranscript = (transcript: Transcript): CheckedTranscript => {
  const turns = turnsOf(transcript)
  refuseLong(turns)
  return { turns, digest: createHash('sha256').update(canonicalJson(transcript)).digest('hex') }
}

export type TranscriptRequest = ConversationAddress & {
  readonly transcript: CheckedTranscript
  readonly about: Partial<Pick<Conversation, 'type' | 'startedAt' | 'endedAt' | 'metadata' | 'analysis'>>
  /** Where goes what is remembered of it. */
  readonly into: Pick<AddRequest, 'group' | 'userId' | 'properties'>
}

export type IngestedTranscript = {
  readonly conversationId: string
  readonly externalId: string | null
  /** The run that remembers what was said. */
  readonly runId: string
  readonly acceptedAt: number
  /** It was handed in before, and this is the run that it gave then. */
  readonly isDuplicate: boolean
  readonly turnCount: number
  readonly summary: Awaited<ReturnType<typeof ensureCompaction>>
}

/**
 * Takes in the transcript of a whole conversation: records its turns and accepts the run that remembers what was said, in one transaction, and
 * then starts a compaction. A conversation has one transcript: the same once more is answered like the first time, another one is refused.
 * Throws Problem `transcript_conflict`, `conflict`, `limit_reached`, and what addMemories throws.
 */
export const ingestTranscript = async (
  access: Access,
  request: TranscriptRequest,
): Promise<IngestedTranscript> => {
  const { turns, digest } = request.transcript
  const { conversationId, externalId } = recordingOf(request)
  const now = access.clock.now()
  const recording = recordingOf(
    request,
    request.about,
    turns.map((turn, index) => ({
      ...toMessage(turn, request.about.startedAt ?? now),
      messageId: deterministicId(['turn', conversationId, digest, String(index)]),
    })),
  )
  const { runId, replayed } = await addOnce(access, {
    ...request.into,
    input: inputOf(turns, request.about.startedAt ?? null),
    runKey: { key: transcriptKeyOf(conversationId), digest, isKept: true },
    recording,
    steering: { metadata: { conversation_id: conversationId } },
  })
  const accepted = await access.storage.getRun(runId)
  const wish = { conversationId, strategy: 'adaptive', targetTokens: null, isForced: false } as const
  return {
    ...{ conversationId, externalId, runId, isDuplicate: replayed, turnCount: turns.length },
    acceptedAt: accepted?.run.createdAt ?? now,
    summary: await ensureCompaction(access, wish),
  }
}

const addOnce = async (access: Access, request: AddRequest): ReturnType<typeof addMemories> => {
  try {
    return await addMemories(access, request)
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== 'idempotency_key_reused') throw error
    const detail = 'Another transcript was handed in for this conversation.'
    throw problem('transcript_conflict', detail, { cause: error })
  }
}

const refuseLong = (turns: readonly Turn[]): void => {
  if (turns.length > TRANSCRIPT_TURN_COUNT_MAX)
    throw problem('invalid_body', `A transcript has at most ${TRANSCRIPT_TURN_COUNT_MAX} turns.`, {
      errors: [{ message: 'has too many turns', location: 'body.transcript' }],
    })
  const long = turns.findIndex(({ content }) => content.length > TEXT_LENGTH_MAX)
  if (long === -1) return
  throw problem('invalid_body', `A turn has at most ${TEXT_LENGTH_MAX} characters.`, {
    errors: [{ message: 'is too long', location: `body.transcript[${long}].content` }],
  })
}

const toMessage = (turn: Turn, startedAt: number): Omit<NewMessage, 'messageId'> => ({
  role: turn.role,
  content: turn.content,
  saidAt: turn.saidAt ?? startedAt,
  speaker: turn.speaker ?? null,
  sessionId: null,
  metadata: turn.metadata ?? null,
})

const inputOf = (turns: readonly Turn[], startedAt: number | null): AddRequest['input'] => ({
  type: 'conversation',
  messages: turns.map(({ role, content, speaker, saidAt }) => ({
    ...{ role, content },
    ...(speaker !== undefined && { name: speaker }),
    ...(saidAt !== undefined && { createdAt: saidAt }),
  })),
  ...(startedAt !== null && { createdAt: startedAt }),
})
