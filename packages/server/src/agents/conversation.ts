/**
 * What was said before in a conversation: the messages and answers of its earlier runs that completed, of the same agent and the same
 * user. A conversation is named by its callers, so two users may have one of the same name: neither is shown the other's.
 */
import {
  AGENT_CONVERSATION_LENGTH_MAX,
  AGENT_CONVERSATION_RUN_COUNT_MAX,
  PAGE_COUNT_MAX,
} from '../kernel/limits.ts'
import type { ChatMessage } from '../models/chat-model.ts'
import type { Attempt } from '../pipeline/step.ts'
import type { Run } from '../runs/run.ts'
import { everyRun } from '../runs/run-filter.ts'

/** Oldest first. The newest that fit are kept, whole. */
export const readConversation = async (attempt: Attempt): Promise<readonly ChatMessage[]> => {
  const turns: (readonly ChatMessage[])[] = []
  let room = AGENT_CONVERSATION_LENGTH_MAX
  for await (const run of earlierRuns(attempt)) {
    const turn = await readTurn(attempt, run)
    room -= turn.reduce((sum, { content }) => sum + content.length, 0)
    if (room < 0) break
    turns.push(turn)
    if (turns.length >= AGENT_CONVERSATION_RUN_COUNT_MAX) break
  }
  return turns.toReversed().flat()
}

/** Newest first. What was accepted after this run is no part of what came before it. */
async function* earlierRuns({ run, storage }: Attempt): AsyncGenerator<Run> {
  const { conversationId, subjectId, userKey, seq } = run
  if (conversationId === null || subjectId === null) return
  const filter = {
    ...everyRun,
    ...{ conversationId, subjectId, userKey },
    states: ['completed' as const],
    inputType: 'agent' as const,
  }
  // Each page looks at a bounded number of runs and may be empty; so many pages hold a conversation that is shared by many users.
  for (let cursor: string | null = null, pages = 0; pages < AGENT_CONVERSATION_RUN_COUNT_MAX; pages++) {
    const page = await storage.listRuns({ filter, limit: PAGE_COUNT_MAX, cursor })
    for (const { run: found } of page.items) {
      // A filter by nobody admits everybody.
      if (found.seq < seq && found.userKey === userKey) yield found
    }
    cursor = page.nextCursor
    if (cursor === null) return
  }
}

type Text = { readonly role: 'user' | 'assistant'; readonly content: string }

const readTurn = async ({ storage }: Attempt, { runId, result }: Run): Promise<readonly Text[]> => {
  const payload = await storage.readPayload(runId)
  if (payload?.input.type !== 'agent') return []
  const answer = result?.finalOutput
  return [
    { role: 'user', content: payload.input.userMessage },
    ...(typeof answer === 'string' ? [{ role: 'assistant' as const, content: answer }] : []),
  ]
}
