import type { Route } from '../../../api/route.ts'
import { NAME_LENGTH_MAX } from '../../../kernel/limits.ts'
import { problem } from '../../../kernel/problem.ts'
import { addMemories } from '../../../memories/add-memories.ts'
import { userKeyOf } from '../../../projects/scope.ts'
import { findGroup } from '../memories.ts'
import { readMessages, refuseUnbounded, toMessage } from '../messages.ts'
import { readBody, textOf } from '../read-body.ts'
import { REQUEST_LIFE_MS, requestIdOf, runKeyOf } from '../request-id.ts'
import { sendJson } from '../send-json.ts'

/**
 * Accepts a conversation as a run. The same one again is answered with the run it gave, unless that has failed or is older than a request
 * lives: then it is tried anew.
 */
export const addMemory: Route = (app) => {
  app.route({
    method: 'POST',
    url: '/add_memory',
    config: {
      scope: 'write',
      isKeyless: true,
      gomemory: { malformed: 'Request format is wrong', failed: 'Failed to queue memory insertion.' },
    },
    handler: async ({ access, body }, reply) => {
      const members = readBody(body)
      const userId = textOf(members, 'userid')
      const messages = readMessages(members) ?? []
      if (messages.length === 0) return sendJson(reply, { Error: 'No messages provided' }, 400)
      refuseBadUserId(userId)
      refuseUnbounded(messages)
      const group = await findGroup(access)
      const requestId = requestIdOf(messages, userId)
      const { runId, replayed } = await addMemories(access, {
        ...{ group: group.name, userId, properties: {} },
        input: { type: 'conversation', messages: messages.map(toMessage) },
        runKey: {
          key: runKeyOf(requestId),
          // The contents and the user make the id together, so what differs can only be where the one ends and the other begins.
          digest: userKeyOf(userId),
          renew: {
            acceptedBefore: access.clock.now() - REQUEST_LIFE_MS + 1,
            ...{ isFailed: true, isOther: true },
          },
          isKept: true,
        },
      })
      // By it all that the native API can do with a run is open to who wants it.
      reply.header('remanence-run-id', runId)
      const Msg = replayed
        ? 'Memory Insertion Job is already queued or processed successfully!'
        : 'Memory Insertion Job has been queued for insertion!'
      return sendJson(reply, { ReqId: requestId, Msg })
    },
  })
}

/** What nobody could be found by again is refused. */
const refuseBadUserId = (userId: string): void => {
  if (userId.trim() === '') throw problem('invalid_request', 'No userId provided')
  if ([...userId].length > NAME_LENGTH_MAX || /\p{Cc}/u.test(userId))
    throw problem(
      'invalid_request',
      `The userId must be printable text of at most ${NAME_LENGTH_MAX} characters.`,
    )
}
