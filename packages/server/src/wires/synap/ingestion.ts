/** An ingestion: a run that takes something in, as clients are told of it. */
import { toIso, toIsoOrNull } from '../../kernel/clock.ts'
import { problem } from '../../kernel/problem.ts'
import type { Access } from '../../projects/access.ts'
import { getRun } from '../../runs/read-runs.ts'
import { isContent, type Run, type RunState, type RunView } from '../../runs/run.ts'

export type IngestionStatus = 'queued' | 'processing' | 'completed' | 'partial_success' | 'failed'

const statuses: Readonly<Record<RunState, IngestionStatus>> = {
  queued: 'queued',
  running: 'processing',
  buffered: 'processing',
  completed: 'completed',
  partial: 'partial_success',
  failed: 'failed',
  cancelled: 'failed',
}

/** Throws Problem `not_found`: also for what is another project's, or takes nothing in. */
export const findIngestion = async (access: Access, ingestionId: string): Promise<RunView> => {
  const view = await getRun(access, async () => null, ingestionId)
  if (!isContent(view.run)) throw problem('not_found', `ingestion ${ingestionId} not found`)
  return view
}

/** The answer to who hands something in. It is queued then, whatever has become of it by now; who did it before is told how it stands. */
export const toAcknowledgement = ({ run }: Pick<RunView, 'run'>, isReplayed: boolean) => ({
  ingestion_id: run.runId,
  document_id: documentIdOf(run),
  status: isReplayed ? statuses[run.state] : statuses.queued,
  queued_at: toIso(run.createdAt),
  error_message: isReplayed ? errorOf(run) : null,
})

export const toIngestionStatus = ({ run, operations }: RunView) => {
  const created = operations.filter(({ kind }) => kind === 'create').map(({ memoryId }) => memoryId)
  return {
    ingestion_id: run.runId,
    document_id: documentIdOf(run),
    status: statuses[run.state],
    queued_at: toIso(run.createdAt),
    started_at: toIsoOrNull(run.startedAt),
    completed_at: toIsoOrNull(run.completedAt),
    memories_created: created.length,
    memory_ids: created,
    error_message: errorOf(run),
  }
}

/** What was handed in otherwise than as a document is its own. */
const documentIdOf = ({ runId, metadata }: Run): string =>
  typeof metadata?.document_id === 'string' ? metadata.document_id : runId

/** Between two attempts a run tells of the last one; that is no failure yet. */
const errorOf = ({ state, error }: Run): string | null =>
  error === null || !['partial', 'failed', 'cancelled'].includes(state)
    ? null
    : `${error.stage} failed: ${error.detail}`
