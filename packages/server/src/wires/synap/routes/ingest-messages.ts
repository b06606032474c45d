import { type Static, Type } from 'typebox'
import type { Route } from '../../../api/route.ts'
import { toIso } from '../../../kernel/clock.ts'
import { BATCH_COUNT_MAX, NAME_LENGTH_MAX, TEXT_LENGTH_MAX } from '../../../kernel/limits.ts'
import { problem } from '../../../kernel/problem.ts'
import { addMemories } from '../../../memories/add-memories.ts'
import { type Message, roles } from '../../../runs/input.ts'
import { groupToWrite } from '../groups.ts'
import { scopeMembers } from '../members.ts'
import { OptionalId } from '../schema.ts'
import { writeScope } from '../scope.ts'

const Text = Type.String({ maxLength: TEXT_LENGTH_MAX })
const Part = Type.Object({ type: Type.String({ maxLength: NAME_LENGTH_MAX }), text: Type.Optional(Text) })

const Body = Type.Object({
  messages: Type.Array(
    Type.Object({
      role: Type.Unsafe<(typeof roles)[number]>({ type: 'string', enum: roles }),
      content: Type.Union([Text, Type.Array(Part, { maxItems: BATCH_COUNT_MAX })]),
    }),
    { minItems: 1, maxItems: BATCH_COUNT_MAX },
  ),
  ...scopeMembers,
  conversation_id: OptionalId,
  source: Type.Optional(Type.String({ maxLength: NAME_LENGTH_MAX })),
})

/** What the package for Vercel's SDK hands in after each call: the turns, to be remembered. */
export const ingestMessages: Route = (app, { synapRelationship, clock }) => {
  app.route({
    method: 'POST',
    url: '/v1/memories/ingest',
    config: { scope: 'write' },
    schema: { body: Body },
    handler: async ({ access, body }) => {
      const messages = body.messages.map(toMessage).filter(({ content }) => content.trim() !== '')
      if (messages.length === 0) throw problem('empty_content', 'Nothing is said in the messages.')
      const { group, userId, properties } = writeScope(body, synapRelationship)
      await groupToWrite(access, group)
      const conversation = body.conversation_id || null
      const { runId } = await addMemories(access, {
        ...{ group, properties, input: { type: 'conversation', messages } },
        ...(userId !== null && { userId }),
        ...(conversation !== null && { steering: { metadata: { conversation_id: conversation } } }),
      })
      return { ingestion_id: runId, status: 'queued', queued_at: toIso(clock.now()) }
    },
  })
}

const toMessage = ({ role, content }: Static<typeof Body>['messages'][number]): Message => ({
  role,
  content:
    typeof content === 'string'
      ? content
      : content.flatMap(({ type, text }) => (type === 'text' && text !== undefined ? [text] : [])).join('\n'),
})
