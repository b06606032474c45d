import { type Static, Type } from 'typebox'
import {
  BUFFER_COUNT_MAX,
  PIPELINE_STEP_COUNT_MAX,
  RUN_WAIT_MS_MAX,
  TOPIC_COUNT_MAX,
} from '../../kernel/limits.ts'
import type { StepDraft } from '../../projects/check-pipeline.ts'
import {
  type Pipeline,
  type PipelineInput,
  pipelineInputs,
  type StepType,
  stepTypes,
  type Trigger,
} from '../../projects/pipeline.ts'
import { Name } from './schema.ts'

const Seconds = (description: string) =>
  Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: RUN_WAIT_MS_MAX / 1_000, description }))

export const TriggerRepresentation = Type.Object(
  {
    count: Type.Optional(
      Type.Integer({ minimum: 1, maximum: BUFFER_COUNT_MAX, description: 'When so many runs are in it.' }),
    ),
    age_seconds: Seconds('So long after the first of them came.'),
    idle_seconds: Seconds('So long after the last of them came.'),
  },
  {
    additionalProperties: false,
    description: 'When what waits goes on: by the first of these that comes true.',
  },
)

const StepRepresentation = Type.Object(
  {
    name: Name('Unique in its pipeline.'),
    type: Type.Unsafe<StepType>({ type: 'string', enum: [...stepTypes] }),
    next: Type.Optional(
      Name('The step that follows. When absent the next one of the list, unless that is an extract step.'),
    ),
    topics: Type.Optional(
      Type.Array(Name('A topic of the group.'), {
        minItems: 1,
        maxItems: TOPIC_COUNT_MAX,
        uniqueItems: true,
        description: 'Of a transform step: the topics it decides about; all when absent.',
      }),
    ),
    inputs: Type.Optional(
      Type.Array(Type.Unsafe<PipelineInput>({ type: 'string', enum: [...pipelineInputs] }), {
        minItems: 1,
        uniqueItems: true,
        description: 'Of an extract step, where there are several: what enters here.',
      }),
    ),
    trigger: Type.Optional(TriggerRepresentation),
  },
  { additionalProperties: false },
)

export const PipelineRepresentation = Type.Object(
  {
    steps: Type.Array(StepRepresentation, { minItems: 1, maxItems: PIPELINE_STEP_COUNT_MAX }),
  },
  { additionalProperties: false },
)

export const toTriggerRepresentation = ({
  count,
  ageMs,
  idleMs,
}: Trigger): Static<typeof TriggerRepresentation> => ({
  ...(count !== null && { count }),
  ...(ageMs !== null && { age_seconds: ageMs / 1_000 }),
  ...(idleMs !== null && { idle_seconds: idleMs / 1_000 }),
})

export const toPipelineRepresentation = ({ steps }: Pipeline): Static<typeof PipelineRepresentation> => ({
  steps: steps.map((step) => ({
    name: step.name,
    type: step.type,
    ...(step.next !== null && { next: step.next }),
    ...(step.type === 'transform' && step.topics !== null && { topics: [...step.topics] }),
    ...(step.type === 'extract' && step.inputs !== null && { inputs: [...step.inputs] }),
    ...(step.type === 'buffer' && { trigger: toTriggerRepresentation(step.trigger) }),
  })),
})

export const fromPipelineRepresentation = ({
  steps,
}: Static<typeof PipelineRepresentation>): readonly StepDraft[] =>
  steps.map(({ name, type, next, topics, inputs, trigger }) => ({
    name,
    type,
    ...(next !== undefined && { next }),
    ...(topics !== undefined && { topics }),
    ...(inputs !== undefined && { inputs }),
    ...(trigger !== undefined && { trigger: fromTrigger(trigger) }),
  }))

const fromTrigger = ({
  count,
  age_seconds,
  idle_seconds,
}: Static<typeof TriggerRepresentation>): Trigger => ({
  count: count ?? null,
  ageMs: age_seconds === undefined ? null : Math.ceil(age_seconds * 1_000),
  idleMs: idle_seconds === undefined ? null : Math.ceil(idle_seconds * 1_000),
})
