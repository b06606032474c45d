import { type Static, Type } from 'typebox'
import { toIso } from '../../kernel/clock.ts'
import type { Limits } from '../../kernel/limits.ts'
import type { Project, ProjectLimits } from '../../projects/project.ts'
import type { ProjectStatus } from '../../storage/administration.ts'
import type { QueueState } from '../../storage/storage.ts'
import { Uuid } from './schema.ts'

export const projectMembers = { project_id: Uuid, name: Type.String(), created_at: Type.String() }

const Listed = Type.Object(projectMembers)

/** A hundred years. */
const RETENTION_SECONDS_MAX = 3_153_600_000

const Retention = (description: string) =>
  Type.Integer({
    minimum: 0,
    maximum: RETENTION_SECONDS_MAX,
    description: `Seconds for which ${description} are kept; 0: for good.`,
  })

const limitMembers = {
  queue_depth: Type.Integer({
    minimum: 1,
    maximum: 1_000_000_000,
    description: 'Runs that have not ended; one more add is refused.',
  }),
  run_retention: Retention('ended runs'),
  event_retention: Retention('events'),
  version_retention: Retention('replaced versions of memories'),
  delivery_retention: Retention('ended deliveries to webhooks'),
  ledger_retention: Retention('transactions of credits, whole months of them,'),
}

/** Limits of a project's own. What is absent is as on the server. */
export const OwnLimits = Type.Partial(Type.Object(limitMembers), {
  additionalProperties: false,
  description: 'Limits of its own, replaced as a whole: what is absent is as on the server.',
})

export const ProjectRepresentation = Type.Object({
  ...projectMembers,
  state: Type.Unsafe<QueueState | 'removing'>({
    type: 'string',
    enum: ['active', 'paused', 'draining', 'removing'],
    description:
      '`paused` accepts runs and starts none; `draining` works off what waits and accepts none; `removing` is closed for good.',
  }),
  depth: Type.Integer({ description: 'Runs that have not ended.' }),
  counts: Type.Object({ groups: Type.Integer(), users: Type.Integer(), memories: Type.Integer() }),
  counts_exact: Type.Boolean({ description: 'False in a large project: then the counts are lower bounds.' }),
  limits: Type.Object(limitMembers, { description: 'As they are in force.' }),
  own_limits: OwnLimits,
})

export const toListedProject = (project: Project): Static<typeof Listed> => ({
  project_id: project.projectId,
  name: project.name,
  created_at: toIso(project.createdAt),
})

export const toProjectRepresentation = (
  status: ProjectStatus,
  limits: Limits,
): Static<typeof ProjectRepresentation> => {
  const own = toOwnLimits(status.limits)
  return {
    ...toListedProject(status.project),
    state: status.state,
    depth: status.depth,
    counts: status.counts,
    counts_exact: status.isExact,
    limits: {
      queue_depth: limits.queueDepthMax,
      run_retention: limits.runRetentionMs / 1_000,
      event_retention: limits.eventRetentionMs / 1_000,
      version_retention: limits.versionRetentionMs / 1_000,
      delivery_retention: limits.deliveryRetentionMs / 1_000,
      ledger_retention: limits.ledgerRetentionMs / 1_000,
      ...own,
    },
    own_limits: own,
  }
}

const toOwnLimits = (limits: ProjectLimits): Static<typeof OwnLimits> => ({
  ...(limits.queueDepthMax !== null && { queue_depth: limits.queueDepthMax }),
  ...(limits.runRetentionMs !== null && { run_retention: limits.runRetentionMs / 1_000 }),
  ...(limits.eventRetentionMs !== null && { event_retention: limits.eventRetentionMs / 1_000 }),
  ...(limits.versionRetentionMs !== null && { version_retention: limits.versionRetentionMs / 1_000 }),
  ...(limits.deliveryRetentionMs !== null && { delivery_retention: limits.deliveryRetentionMs / 1_000 }),
  ...(limits.ledgerRetentionMs !== null && { ledger_retention: limits.ledgerRetentionMs / 1_000 }),
})

export const fromOwnLimits = (own: Static<typeof OwnLimits>): ProjectLimits => ({
  queueDepthMax: own.queue_depth ?? null,
  runRetentionMs: toMs(own.run_retention),
  eventRetentionMs: toMs(own.event_retention),
  versionRetentionMs: toMs(own.version_retention),
  deliveryRetentionMs: toMs(own.delivery_retention),
  ledgerRetentionMs: toMs(own.ledger_retention),
})

const toMs = (seconds: number | undefined): number | null => (seconds === undefined ? null : seconds * 1_000)
