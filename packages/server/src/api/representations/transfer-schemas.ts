/** What the lines of an export look like, by their type. */
import { Type } from 'typebox'
import { topicKinds } from '../../projects/group.ts'
import { pipelineInputs, stepTypes } from '../../projects/pipeline.ts'
import { inputTypes, runStates } from '../../runs/run.ts'
import { UserId, Uuid } from './schema.ts'
import { conversationLines } from './transfer-conversations.ts'
import { AgentLine, ToolLine } from './transfer-definitions.ts'

const Instant = Type.Integer({ minimum: 0, maximum: 8_640_000_000_000_000 })
const MaybeInstant = Type.Unsafe<number | null>({
  type: ['integer', 'null'],
  minimum: 0,
  maximum: 8_640_000_000_000_000,
})
const Count = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })
const MaybeCount = Type.Unsafe<number | null>({
  type: ['integer', 'null'],
  minimum: 0,
  maximum: Number.MAX_SAFE_INTEGER,
})
const Text = Type.String()
const MaybeText = Type.Unsafe<string | null>({ type: ['string', 'null'] })
const MaybeObject = Type.Unsafe<object | null>({ type: ['object', 'null'] })
const AnyObject = Type.Unsafe<object>({ type: 'object' })
const AnyList = Type.Unsafe<unknown[]>({ type: 'array' })
const Flag = Type.Integer({ minimum: 0, maximum: 1 })
const Word = (words: readonly string[]) => Type.Unsafe<string>({ type: 'string', enum: [...words] })
const Closed = (members: Parameters<typeof Type.Object>[0]) =>
  Type.Object(members, { additionalProperties: false })
const Name = Type.String({ minLength: 1, maxLength: 256, pattern: '^[^\\p{Cc}]+$' })

const Topic = Closed({
  name: Name,
  description: Text,
  isBounded: Type.Boolean(),
  scoping: Closed({ userScoped: Type.Boolean(), scopeProperties: Type.Array(Name) }),
  kind: Type.Optional(Word(topicKinds)),
})

const Step = Type.Object({
  name: Name,
  type: Word(stepTypes),
  next: Type.Unsafe<string | null>({ type: ['string', 'null'] }),
  inputs: Type.Optional(Type.Unsafe({ type: ['array', 'null'], items: { enum: [...pipelineInputs] } })),
})

const Group = Closed({
  type: Text,
  cursor: Text,
  name: Name,
  created_at: Instant,
  versions: Type.Array(
    Closed({
      version: Type.Integer({ minimum: 1 }),
      topics: Type.Array(Topic, { minItems: 1 }),
      pipeline: Closed({ steps: Type.Array(Step, { minItems: 1 }) }),
      created_at: Instant,
    }),
    { minItems: 1 },
  ),
})

const User = Closed({ type: Text, cursor: Text, user_id: UserId, created_at: Instant, active_at: Instant })

const Source = AnyObject

const Run = Closed({
  type: Text,
  cursor: Text,
  run_id: Uuid,
  group: Name,
  user_id: Type.Unsafe<string | null>({ anyOf: [UserId, { type: 'null' }] }),
  run: Closed({
    input_type: Word(inputTypes.filter((type) => type !== 'import' && type !== 'erase')),
    state: Word(runStates),
    attempt: Count,
    failures: Count,
    retry_at: MaybeInstant,
    outcome: MaybeText,
    created_at: Instant,
    started_at: MaybeInstant,
    updated_at: Instant,
    completed_at: MaybeInstant,
    priority: Type.Integer(),
    delayed_until: MaybeInstant,
    expires_at: MaybeInstant,
    timeout_ms: MaybeCount,
    deadline_at: MaybeInstant,
    attempt_base: Count,
    dry_run: Flag,
    traceparent: MaybeText,
    wire: Text,
    replay_of: MaybeText,
    undo_of: MaybeText,
    undone_by: MaybeText,
    parent_run_id: Type.Optional(MaybeText),
    subject_id: Type.Optional(MaybeText),
    conversation_id: Type.Optional(MaybeText),
    cancel_requested_at: MaybeInstant,
    cancel_reason: MaybeText,
    dismissed_at: MaybeInstant,
    erased_at: MaybeInstant,
    group_version: Type.Integer({ minimum: 1 }),
    error: MaybeObject,
    counts: AnyObject,
    committed: Type.Unsafe({ type: ['array', 'null'] }),
    tags: Type.Unsafe({ type: ['array', 'null'], items: { type: 'string' } }),
    metadata: MaybeObject,
    result: MaybeObject,
  }),
  payload: Type.Unsafe<object | null>({
    anyOf: [
      { type: 'null' },
      {
        type: 'object',
        required: ['input', 'properties'],
        properties: { input: { type: 'object', required: ['type'] }, properties: { type: 'object' } },
      },
    ],
  }),
  steps: Type.Array(
    Closed({
      attempt: Count,
      name: Text,
      type: Text,
      status: Text,
      started_at: Instant,
      completed_at: Instant,
      is_void: Flag,
      output: Type.Unknown(),
      error: MaybeObject,
      use: MaybeObject,
      charge: Type.Optional(MaybeObject),
    }),
  ),
  operations: Type.Array(
    Closed({
      position: Count,
      kind: Word(['create', 'update', 'delete']),
      memory_id: Uuid,
      before_version: MaybeCount,
      after_version: MaybeCount,
      committed_at: Instant,
    }),
  ),
  events: Type.Array(Closed({ seq: Count, type: Text, at: Instant, data: AnyObject })),
  confirmations: Type.Array(
    Closed({
      memory_id: Uuid,
      version: Count,
      kind: Word(['add', 'remove']),
      confirmed_at: Instant,
      source: Source,
      dropped: MaybeObject,
    }),
  ),
})

const Memory = Closed({
  type: Text,
  cursor: Text,
  memory_id: Uuid,
  sources: Type.Unsafe<unknown[] | null>({ type: ['array', 'null'], items: { type: 'object' } }),
  versions: Type.Array(
    Closed({
      version: Type.Integer({ minimum: 1 }),
      kind: Word(['create', 'update', 'delete']),
      run_id: Uuid,
      group: MaybeText,
      topic: MaybeText,
      properties: Type.Unsafe<object | null>({
        type: ['object', 'null'],
        additionalProperties: { type: 'string' },
      }),
      user_id: Type.Unsafe<string | null>({ anyOf: [UserId, { type: 'null' }] }),
      content: Text,
      sources: AnyList,
      origin: Type.Unsafe<object | null>({
        type: ['object', 'null'],
        additionalProperties: false,
        required: ['speaker', 'session', 'turn', 'saidAt'],
        properties: {
          context: { type: 'string' },
          speaker: { type: ['string', 'null'] },
          session: { type: 'string' },
          turn: { type: 'integer' },
          saidAt: { type: 'integer' },
        },
      }),
      position: MaybeCount,
      created_at: Instant,
      memory_created_at: MaybeInstant,
      restores: MaybeCount,
    }),
    { minItems: 1 },
  ),
})

export const transferSchemas: Readonly<Record<string, object>> = {
  group: Group,
  user: User,
  agent: AgentLine,
  tool: ToolLine,
  run: Run,
  memory: Memory,
  ...conversationLines,
}
