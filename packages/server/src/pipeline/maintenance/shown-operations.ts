/** What the result of a run tells of operations: their contents too, as many and as much of them as is bearable. */
import { RESULT_COUNT_MAX, RESULT_TEXT_LENGTH_MAX } from '../../kernel/limits.ts'
import type { PlannedOperation } from '../../storage/storage.ts'

/** An operation with what people want to know of it besides. */
export type ShownOperation = {
  readonly operation: PlannedOperation
  readonly topic: string
  /** Null when the memory is not there before it. */
  readonly previousContent: string | null
}

export const showOperations = (operations: readonly ShownOperation[]): readonly object[] =>
  operations.slice(0, RESULT_COUNT_MAX).map(({ operation, topic, previousContent }) => ({
    kind: operation.kind,
    memory_id: operation.memoryId,
    topic,
    ...(operation.kind !== 'delete' && { content: cut(operation.content) }),
    ...(previousContent !== null && { previous_content: cut(previousContent) }),
    ...(operation.kind !== 'create' && { version: operation.expectedVersion }),
  }))

/** How many there are of each kind. */
export const countOperations = (operations: readonly Pick<PlannedOperation, 'kind'>[]) => {
  const count = (kind: PlannedOperation['kind']) =>
    operations.filter((operation) => operation.kind === kind).length
  return { created: count('create'), updated: count('update'), deleted: count('delete') }
}

const cut = (text: string): string =>
  text.length <= RESULT_TEXT_LENGTH_MAX ? text : `${text.slice(0, RESULT_TEXT_LENGTH_MAX - 1)}…`
