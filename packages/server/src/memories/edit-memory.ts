import { BOUNDED_LENGTH_MAX, COMMIT_CONFLICT_COUNT_MAX } from '../kernel/limits.ts'
import { problem } from '../kernel/problem.ts'
import type { Access } from '../projects/access.ts'
import { boundedMemoryId, laneIdOf } from '../projects/scope.ts'
import type { Run } from '../runs/run.ts'
import { digestOf } from '../runs/run-key.ts'
import { contentKey } from '../search/content-key.ts'
import { indexDocument } from '../search/index-document.ts'
import type { EditParams } from '../storage/taking-back.ts'
import { getMemory, type MemoryAddress } from './get-memory.ts'
import type { Memory, Source } from './memory.ts'

export type EditRequest = MemoryAddress & {
  readonly content: string
  /** The version the caller has seen. */
  readonly expectedVersion?: number
  readonly idempotencyKey?: string
  /** Kept with the run. With it the memory has a new version, though its text may be the same. */
  readonly metadata?: NonNullable<Run['metadata']>
}

/**
 * Gives a memory another text, as a run that is complete when this answers; the same text once more changes nothing. Throws what
 * getMemory throws, and Problem `empty_content`, `invalid_body`, `conflict`, `idempotency_key_reused`.
 */
export const editMemory = async (
  access: Access,
  request: EditRequest,
): Promise<{ readonly memory: Memory; readonly runId: string; readonly isReplayed: boolean }> => {
  refuseBlank(request.content)
  for (let conflicts = 0; conflicts <= COMMIT_CONFLICT_COUNT_MAX; conflicts++) {
    const memory = await getMemory(access, request)
    const params = await planEdit(access, memory, request)
    const result = await access.storage.editMemory(params)
    switch (result.kind) {
      case 'done':
        return { memory: await getMemory(access, request), runId: result.run.runId, isReplayed: false }
      case 'replayed':
        return { memory, runId: result.runId, isReplayed: true }
      case 'idempotency_mismatch':
        throw problem('idempotency_key_reused', 'This Idempotency-Key was used before with another request.')
      case 'conflict':
        if (result.memoryId !== memory.memoryId)
          throw problem('conflict', `Memory ${result.memoryId} of the same scope says this already.`)
        if (request.expectedVersion !== undefined)
          throw problem('conflict', `Memory ${memory.memoryId} is at version ${memory.version}.`)
    }
  }
  throw problem('conflict', `Memory ${request.memoryId} keeps changing.`)
}

const planEdit = async (
  { storage, ids, clock, traceparent, wire }: Access,
  memory: Memory,
  request: EditRequest,
): Promise<EditParams> => {
  const { memoryId, version, scope } = memory
  const { content, expectedVersion = version } = request
  refuseLongSummary(storage.projectId, memory, content)
  const [runId, now] = [ids.next(), clock.now()]
  const last = await storage.getVersion({ memoryId, version })
  const isMoved = expectedVersion !== version || last === null
  const key = request.idempotencyKey
  const run = {
    ...{ runId, memoryId, now, traceparent, wire },
    ...(request.metadata !== undefined && { metadata: request.metadata }),
    laneId: laneIdOf(scope.groupId, scope.userKey),
    idempotency: key === undefined ? null : { key, digest: requestDigestOf(request) },
  }
  if (!isMoved && content === memory.content && request.metadata === undefined)
    return { ...run, operation: null }
  // It stays where it was said, whatever is corrected.
  const origin = last?.origin ?? { speaker: null, session: runId, turn: 0, saidAt: now }
  return {
    ...run,
    operation: {
      ...{ kind: 'update', memoryId, expectedVersion, content, contentKey: contentKey(content), origin },
      sources: [editSource(runId, now)],
      document: indexDocument({ content, ...origin }),
    },
  }
}

const editSource = (runId: string, saidAt: number): Source => ({
  ...{ runId, input: 0, message: null, messageId: null, role: null, name: null },
  saidAt,
})

const refuseBlank = (content: string): void => {
  if (content.trim() !== '') return
  throw problem('empty_content', 'A memory cannot be empty: delete it instead.', {
    errors: [{ message: 'empty', location: 'body.content' }],
  })
}

const refuseLongSummary = (projectId: string, memory: Memory, content: string): void => {
  const isBounded = memory.memoryId === boundedMemoryId(projectId, memory.scope)
  if (!isBounded || [...content].length <= BOUNDED_LENGTH_MAX) return
  throw problem(
    'invalid_body',
    `The memory of a bounded topic has at most ${BOUNDED_LENGTH_MAX} characters.`,
    {
      errors: [{ message: 'is too long', location: 'body.content' }],
    },
  )
}

const requestDigestOf = ({ idempotencyKey: _key, ...request }: EditRequest): string =>
  digestOf({ edit: request })
