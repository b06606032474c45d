import { type Static, Type } from 'typebox'
import { toIso, toIsoOrNull } from '../../kernel/clock.ts'
import { STEP_OUTPUT_LENGTH_MAX } from '../../kernel/limits.ts'
import { readSteps, type StepView } from '../../runs/read-steps.ts'
import { NullableString, problems, Uuid } from '../representations/schema.ts'
import type { Route } from '../route.ts'

const Counts = Type.Object({
  count: Type.Integer(),
  failed: Type.Optional(Type.Integer()),
  created: Type.Optional(Type.Integer()),
  updated: Type.Optional(Type.Integer()),
  deleted: Type.Optional(Type.Integer()),
})
const NullableCounts = (description: string) =>
  Type.Unsafe<Static<typeof Counts> | null>({ ...Counts, type: ['object', 'null'], description })

const ErrorObject = Type.Object({ stage: Type.String(), code: Type.String(), detail: Type.String() })

const Step = Type.Object({
  name: Type.String(),
  type: Type.String(),
  attempt: Type.Integer({ description: 'Of the run.' }),
  status: Type.Unsafe<StepView['status']>({ type: 'string', enum: ['running', 'completed', 'failed'] }),
  started_at: Type.String(),
  completed_at: NullableString('When it ended; null while it runs.'),
  duration_ms: Type.Unsafe<number | null>({ type: ['integer', 'null'] }),
  error: Type.Unsafe<Static<typeof ErrorObject> | null>({ ...ErrorObject, type: ['object', 'null'] }),
  retry_at: NullableString('When the next attempt might start, after one that failed.'),
  void: Type.Boolean({ description: 'A later attempt did not go on from it.' }),
  inputs: NullableCounts('What came to it: inputs of the run, statements found, changes decided.'),
  outputs: NullableCounts('What came out of it: statements, decisions, changes of memories.'),
  model: NullableString('The model that was asked; null where none was.'),
  tokens: Type.Unsafe<number | null>({ type: ['integer', 'null'] }),
  cost: Type.Unsafe<number | null>({ type: ['number', 'null'] }),
  output: Type.Optional(Type.Unknown({ description: 'What the next step begins with; null when too long.' })),
  output_length: Type.Optional(Type.Integer({ description: 'Characters of it as JSON.' })),
})

const Query = Type.Object(
  {
    include: Type.Optional(
      Type.Unsafe<'output'>({ type: 'string', enum: ['output'], description: 'Shows the outputs too.' }),
    ),
  },
  { additionalProperties: false },
)

export const listSteps: Route = (app, { storage }) => {
  app.route({
    method: 'GET',
    url: '/v1/runs/:run_id/steps',
    config: { scope: 'read' },
    schema: {
      tags: ['runs'],
      summary: 'Read the steps of a run, every attempt, in order',
      security: [{ key: [] }],
      params: Type.Object({ run_id: Uuid }),
      querystring: Query,
      response: { 200: Type.Object({ steps: Type.Array(Step) }), ...problems(401, 403, 404, 422) },
    },
    handler: async ({ access, params, query }) => {
      const steps = await readSteps(access, storage.findRunProject, params.run_id.toLowerCase())
      return { steps: steps.map((step) => toStep(step, query.include === 'output')) }
    },
  })
}

const toStep = (step: StepView, hasOutput: boolean): Static<typeof Step> => ({
  name: step.name,
  type: step.type,
  attempt: step.attempt,
  status: step.status,
  started_at: toIso(step.startedAt),
  completed_at: toIsoOrNull(step.completedAt),
  duration_ms: step.completedAt === null ? null : Math.max(0, step.completedAt - step.startedAt),
  error: step.error,
  retry_at: toIsoOrNull(step.retryAt),
  void: step.isVoid,
  inputs: step.inputs,
  outputs: step.outputs,
  model: step.use?.model ?? null,
  tokens: step.use === undefined ? null : step.use.inputTokens + step.use.outputTokens,
  cost: step.use?.cost ?? null,
  ...(hasOutput && outputMembers(step.output)),
})

const outputMembers = (output: unknown) => {
  const { length } = JSON.stringify(output ?? null)
  return { output: length > STEP_OUTPUT_LENGTH_MAX ? null : (output ?? null), output_length: length }
}
