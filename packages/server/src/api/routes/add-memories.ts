import { type Static, Type } from 'typebox'
import { IdempotencyHeaders } from '../../http/idempotency.ts'
import {
  BATCH_COUNT_MAX,
  NAME_LENGTH_MAX,
  PROPERTY_LENGTH_MAX,
  TEXT_LENGTH_MAX,
} from '../../kernel/limits.ts'
import { problem } from '../../kernel/problem.ts'
import { addMemories as add } from '../../memories/add-memories.ts'
import { type Message, type Role, type RunInput, roles } from '../../runs/input.ts'
import { Acknowledgement, acknowledge } from '../acknowledge.ts'
import { jsonOrForm, readsForm } from '../form-body.ts'
import {
  DocumentInputRepresentation,
  documentFields,
  readDocumentInput,
} from '../representations/document-input.ts'
import {
  GroupName,
  Instant,
  Name,
  Properties,
  problems,
  RequestBody,
  UserId,
} from '../representations/schema.ts'
import { readSteering, steeringMembers } from '../representations/steering.ts'
import type { Api, Route } from '../route.ts'

const Text = Type.String({ maxLength: TEXT_LENGTH_MAX })

const StringInput = Type.Object(
  {
    content: Type.Unsafe<string[] | null>({
      type: ['array', 'null'],
      items: Text,
      maxItems: BATCH_COUNT_MAX,
      description: 'Each text is an input of its own.',
    }),
    created_at: Type.Optional(Instant),
    updated_at: Type.Optional(Instant),
  },
  { additionalProperties: false },
)

const PreExtractedInput = Type.Object(
  {
    items: Type.Array(
      Type.Object(
        { content: Text, topic: Type.String({ minLength: 1, maxLength: NAME_LENGTH_MAX }) },
        { additionalProperties: false },
      ),
      { maxItems: BATCH_COUNT_MAX, description: 'Statements that skip extraction, each with its topic.' },
    ),
  },
  { additionalProperties: false },
)

const ToolCall = Type.Object(
  {
    id: Type.String(),
    type: Type.String(),
    function: Type.Optional(
      Type.Object({ name: Type.String(), arguments: Text }, { additionalProperties: false }),
    ),
    custom: Type.Optional(Type.Object({ name: Type.String(), input: Text }, { additionalProperties: false })),
  },
  { additionalProperties: false },
)

const MessageInput = Type.Object(
  {
    role: Type.Unsafe<Role>({ type: 'string', enum: [...roles] }),
    content: Type.Optional(Text),
    id: Type.Optional(Name('Your id of the message: shown in the sources of what comes from it.')),
    name: Type.Optional(Name('Who speaks, or the name of the tool.')),
    created_at: Type.Optional(Instant),
    tool_call_id: Type.Optional(Type.String()),
    tool_calls: Type.Optional(Type.Array(ToolCall, { maxItems: BATCH_COUNT_MAX })),
  },
  { additionalProperties: false },
)

const ConversationInput = Type.Object(
  {
    messages: Type.Array(MessageInput, { minItems: 1, maxItems: BATCH_COUNT_MAX }),
    metadata: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
    created_at: Type.Optional(Instant),
    updated_at: Type.Optional(Instant),
  },
  { additionalProperties: false },
)

const Input = Type.Object(
  {
    string: Type.Optional(StringInput),
    pre_extracted: Type.Optional(PreExtractedInput),
    conversation: Type.Optional(ConversationInput),
    document: Type.Optional(DocumentInputRepresentation),
  },
  { additionalProperties: false, description: 'Exactly one of these.' },
)

const members = {
  user_id: Type.Optional(UserId),
  group: Type.Optional(GroupName),
  properties: Type.Optional(Properties),
  root: Type.Optional(
    Type.String({
      maxLength: NAME_LENGTH_MAX,
      description: 'The entry of the pipeline, by input type; it must be the one of the input.',
    }),
  ),
  conversation_id: Type.Optional(
    Type.String({
      maxLength: PROPERTY_LENGTH_MAX,
      description: 'The property of that name, for older clients.',
    }),
  ),
  ...steeringMembers,
}

const Body = RequestBody({ input: Input, ...members })

const Form = Type.Object({ ...documentFields, ...members }, { additionalProperties: false })

const Headers = Type.Object({
  ...IdempotencyHeaders.properties,
  traceparent: Type.Optional(
    Type.String({
      description: 'W3C Trace Context of the caller; the run keeps it. A malformed one is ignored.',
    }),
  ),
})

export const addMemories: Route = (app, { hub, limits }) =>
  app.register(async (scoped: Api) => {
    scoped.register(import('@fastify/multipart'))
    scoped.route({
      method: 'POST',
      url: '/v1/memories',
      config: { scope: 'write' },
      schema: {
        tags: ['memories'],
        summary: 'Add content as a run',
        description:
          'Answers as soon as the run is stored durably. What becomes of it is read from `GET /v1/runs/{run_id}`. The header `Idempotency-Replayed: true` marks an answer to a repeated request.',
        security: [{ key: [] }],
        headers: Headers,
        body: jsonOrForm(Body, Form),
        response: {
          200: Acknowledgement,
          ...problems(400, 401, 403, 409, 413, 415, 422, 429, 503),
        },
      },
      preValidation: readsForm(Form, limits),
      handler: async (request, reply) => {
        const { body, headers } = request
        const key = headers['idempotency-key']
        const { runId, replayed } = await add(request.access, {
          input: 'input' in body ? readInput(body) : readForm(body),
          properties: body.properties ?? {},
          ...(body.user_id !== undefined && { userId: body.user_id }),
          ...(body.group !== undefined && { group: body.group }),
          ...(body.conversation_id !== undefined && { conversationId: body.conversation_id }),
          ...(key !== undefined && { idempotencyKey: key }),
          steering: readSteering(body),
        })
        return acknowledge(request, reply, { hub, runId, replayed })
      },
    })
  })

const readForm = (form: Static<typeof Form>): RunInput => {
  refuseOtherRoot(form.root, 'document')
  return readDocumentInput(form)
}

const readInput = ({ input, root }: Static<typeof Body>): RunInput => {
  const given = Object.keys(input)
  if (given.length !== 1) {
    throw problem(
      'invalid_request',
      'The input must hold exactly one of string, pre_extracted, conversation and document.',
      {
        errors: [
          { message: `holds ${given.length === 0 ? 'none' : given.join(' and ')}`, location: 'body.input' },
        ],
      },
    )
  }
  refuseOtherRoot(root, given[0])
  if (input.string !== undefined)
    return { type: 'string', content: input.string.content ?? [], ...createdAt(input.string) }
  if (input.pre_extracted !== undefined) return { type: 'pre_extracted', items: input.pre_extracted.items }
  if (input.document !== undefined) return readDocumentInput(input.document)
  const { messages = [], metadata, created_at } = input.conversation ?? {}
  return {
    type: 'conversation',
    messages: messages.map(readMessage),
    ...(metadata !== undefined && { metadata }),
    ...createdAt({ created_at }),
  }
}

const refuseOtherRoot = (root: string | undefined, entry: string | undefined): void => {
  if (root === undefined || root === entry) return
  throw problem(
    'invalid_request',
    `"${root}" is no entry of the pipeline for this input; it is "${entry}".`,
    {
      errors: [{ message: 'unknown entry', location: 'body.root' }],
    },
  )
}

const readMessage = (message: Static<typeof MessageInput>): Message => ({
  role: message.role,
  content: message.content ?? '',
  ...(message.id !== undefined && { id: message.id }),
  ...(message.name !== undefined && { name: message.name }),
  ...createdAt(message),
  ...(message.tool_call_id !== undefined && { toolCallId: message.tool_call_id }),
  ...(message.tool_calls !== undefined && { toolCalls: message.tool_calls }),
})

const createdAt = ({ created_at }: { created_at?: string | undefined }): { createdAt?: number } =>
  created_at === undefined ? {} : { createdAt: Date.parse(created_at) }
