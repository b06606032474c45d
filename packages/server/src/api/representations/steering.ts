/** How a caller wants a run to be worked off: members that adds of every kind share. Durations are in seconds. */
import { type Static, Type } from 'typebox'
import { METADATA_LENGTH_MAX, PRIORITY_MAX, RUN_WAIT_MS_MAX, TAG_COUNT_MAX } from '../../kernel/limits.ts'
import { problem } from '../../kernel/problem.ts'
import type { Steering } from '../../memories/add-memories.ts'
import { type ConflictRule, conflictRules } from '../../runs/run.ts'
import { Name } from './schema.ts'

const Seconds = (description: string) =>
  Type.Number({ minimum: 0, maximum: RUN_WAIT_MS_MAX / 1_000, description })

export const steeringMembers = {
  tags: Type.Optional(
    Type.Array(Name('A word to find the run by.'), { maxItems: TAG_COUNT_MAX, uniqueItems: true }),
  ),
  metadata: Type.Optional(
    Type.Record(Type.String(), Type.Unknown(), { description: 'Kept with the run and shown with it.' }),
  ),
  priority: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: PRIORITY_MAX,
      default: 0,
      description: 'Of the waiting runs of a project the highest goes first.',
    }),
  ),
  delay: Type.Optional(Seconds('The run does not start before so many seconds.')),
  ttl: Type.Optional(Seconds('The run is cancelled unless it has started after so many seconds.')),
  timeout: Type.Optional(
    Type.Number({
      exclusiveMinimum: 0,
      maximum: RUN_WAIT_MS_MAX / 1_000,
      description: 'The run fails unless it has ended so many seconds after it started.',
    }),
  ),
  dry_run: Type.Optional(
    Type.Boolean({ description: 'Shows what it would commit, and commits nothing until it is asked to.' }),
  ),
  on_conflict: Type.Optional(
    Type.Unsafe<ConflictRule>({
      type: 'string',
      enum: [...conflictRules],
      description:
        'While the same user of the same group has runs that have not ended: `enqueue` waits behind them (the default), `reject` is answered with 409, `supersede` cancels those that wait.',
    }),
  ),
}

const Members = Type.Object(steeringMembers)

/** Throws Problem `invalid_body`. */
export const readSteering = (body: Static<typeof Members>): Steering => {
  refuseLargeMetadata(body.metadata)
  const { tags, metadata, priority, delay, ttl, timeout, dry_run: dryRun, on_conflict: onConflict } = body
  return {
    ...(tags !== undefined && { tags }),
    ...(metadata !== undefined && { metadata }),
    ...(priority !== undefined && { priority }),
    ...(delay !== undefined && { delayMs: Math.round(delay * 1_000) }),
    ...(ttl !== undefined && { ttlMs: Math.round(ttl * 1_000) }),
    ...(timeout !== undefined && { timeoutMs: Math.ceil(timeout * 1_000) }),
    ...(dryRun !== undefined && { dryRun }),
    ...(onConflict !== undefined && { onConflict }),
  }
}

const refuseLargeMetadata = (metadata: object | undefined): void => {
  const length = metadata === undefined ? 0 : JSON.stringify(metadata).length
  if (length <= METADATA_LENGTH_MAX) return
  throw problem(
    'invalid_body',
    `The metadata has ${length} characters as JSON; ${METADATA_LENGTH_MAX} are allowed.`,
    {
      errors: [{ message: 'is too large', location: 'body.metadata' }],
    },
  )
}
