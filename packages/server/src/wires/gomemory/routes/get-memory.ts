import type { Route } from '../../../api/route.ts'
import { QUERY_LENGTH_MAX } from '../../../kernel/limits.ts'
import { memoryFilter } from '../../../memories/filter.ts'
import type { Access } from '../../../projects/access.ts'
import type { Group } from '../../../projects/group.ts'
import { requireUser } from '../../../projects/users.ts'
import { searchMemories } from '../../../search/query.ts'
import { conversationQuery } from '../conversation-query.ts'
import { allMemories, findGroup, topicsOf, toWireMemory, type WireMemory } from '../memories.ts'
import { readMessages } from '../messages.ts'
import { flagOf, numberOf, readBody, textOf } from '../read-body.ts'
import { GENERAL_COUNT_MAX, relevantOf, THRESHOLD_DEFAULT, type Wanted } from '../relevance.ts'
import { sendJson } from '../send-json.ts'

/** The general memories that a query, or the end of a conversation, is about, best first; then all core memories. */
export const getMemory: Route = (app, { usageMeter }) => {
  const post = (url: string) =>
    app.route({
      method: 'POST',
      url,
      config: {
        scope: 'read',
        isKeyless: true,
        gomemory: {
          malformed: 'Malformed JSON here in the Get Memory request',
          failed: 'Memory Retrieval Failed!',
        },
      },
      handler: async ({ access, body }, reply) => {
        const members = readBody(body)
        const [userId, own, messages] = [
          textOf(members, 'userid'),
          textOf(members, 'query'),
          readMessages(members),
        ]
        const threshold = numberOf(members, 'threshold') || THRESHOLD_DEFAULT
        const withCore = flagOf(members, 'core') ?? true
        if (messages === null && own === '')
          return sendJson(reply, { Error: 'Neither user query nor user messages was provided' }, 400)
        if (messages?.length === 0 && own === '')
          return sendJson(reply, { Error: 'Need atleast one message' }, 400)
        const isConversation = messages !== null && messages.length > 0
        const query = isConversation ? conversationQuery(messages) : own.slice(0, QUERY_LENGTH_MAX)
        const group = await findGroup(access)
        await requireUser(access, userId)
        const [general, core] = await Promise.all([
          search(access, group, { query, userId, threshold, isConversation }),
          withCore ? allMemories(access, group, { type: 'core', userId }) : [],
        ])
        usageMeter.countSearch(access.storage.projectId)
        return sendJson(reply, [...general, ...core])
      },
    })
  post('/get_memory')
  // Its name on another page of its documentation.
  post('/retrieve_memory')
}

const search = async (
  { storage }: Access,
  group: Group,
  { userId, ...wanted }: Wanted & { readonly userId: string },
): Promise<readonly WireMemory[]> => {
  const topics = topicsOf(group, 'general')
  if (topics.length === 0) return []
  const filter = memoryFilter(group, { userId, topics, properties: {} })
  const found = await searchMemories(storage, {
    ...{ query: wanted.query, filter, retrieval: 'bm25', limit: GENERAL_COUNT_MAX },
  })
  return relevantOf(found, wanted).map(({ memory }) => toWireMemory(memory, { type: 'general', userId }))
}
