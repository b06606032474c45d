/**
 * What is to be done to take a run back. Every memory that the run changed goes to the state it had before, the last changed first, if
 * nothing but the run and undos has touched it since: it is at the version the run left it at, or at one that brought that back.
 *
 * Else it is a conflict. So it is when another run has said the same since, or has made the version together with this one, because that
 * is not this run's alone to take away. Whoever forces the undo passes over these. Nobody passes over a statement that stands in
 * another memory by now, and over what is needed and not there any more.
 */
import type { MemoryVersion } from '../../memories/memory-version.ts'
import type { Group } from '../../projects/group.ts'
import { boundedMemoryId, type Scope, scopeKeyOf, scopeOf } from '../../projects/scope.ts'
import { contentKey } from '../../search/content-key.ts'
import { indexDocument } from '../../search/index-document.ts'
import type { Confirmation, PlannedOperation, ProjectStorage, Retraction } from '../../storage/storage.ts'
import type { CommittedChange } from '../../storage/taking-back.ts'
import type { ShownOperation } from './shown-operations.ts'
import {
  type ConflictReason,
  type Found,
  othersSince,
  type Planning,
  stateOf,
  whatHappened,
} from './undo-obstacles.ts'

export type UndoConflict = {
  readonly memoryId: string
  /** What would have been done to it. */
  readonly kind: PlannedOperation['kind']
  readonly reason: ConflictReason
  /** The version the run left it at, and the one it is at. */
  readonly expectedVersion: number | null
  readonly version: number | null
  /** Whether it was passed over. */
  readonly isForced: boolean
}

export type UndoPlan = {
  readonly operations: readonly ShownOperation[]
  readonly confirmations: readonly Confirmation[]
  readonly retractions: readonly Retraction[]
  readonly conflicts: readonly UndoConflict[]
}

/** What has been decided so far, so that what gives way in the same undo is in nobody's. */
type Decided = {
  readonly operations: ShownOperation[]
  readonly byMemory: Map<string, PlannedOperation>
  /** Statements that come back, by scope and content key. */
  readonly statements: Map<string, string>
  readonly conflicts: UndoConflict[]
}

export const planUndo = async (request: Omit<Planning, 'workOf'>): Promise<UndoPlan> => {
  const planning: Planning = { ...request, workOf: new Map() }
  const { storage, runId, signal } = planning
  const { changes, sources } = await storage.readCommitted(runId)
  const decided: Decided = { operations: [], byMemory: new Map(), statements: new Map(), conflicts: [] }
  // A statement that stands in another memory now may be given up by a later change of the same undo.
  const deferred: Change[] = []
  for (const change of lastFirst(changes)) {
    signal.throwIfAborted()
    if (!(await planChange(planning, change, { decided, mayDefer: true }))) deferred.push(change)
  }
  for (const change of deferred) await planChange(planning, change, { decided, mayDefer: false })
  const { operations, conflicts } = decided
  const confirmations: Confirmation[] = []
  const retractions: Retraction[] = []
  for (const { kind, ...said } of sources.toReversed()) {
    if (!(await isThere(storage, decided, said.memoryId))) continue
    if (kind === 'add') retractions.push(said)
    else confirmations.push(said)
  }
  return { operations, confirmations, retractions, conflicts }
}

/** From which version to which the run took a memory, whatever it did in between. Null: of that there is no version. */
type Change = {
  readonly memoryId: string
  readonly before: number | null
  readonly after: number | null
}

const lastFirst = (changes: readonly CommittedChange[]): readonly Change[] => {
  const whole = new Map<string, Change>()
  for (const { memoryId, before, after } of changes) {
    const first = whole.get(memoryId)?.before ?? (after === null ? before : after - 1)
    whole.delete(memoryId)
    whole.set(memoryId, { memoryId, before: first, after })
  }
  return [...whole.values()].reverse()
}

/** Answers false when it is better decided after the others. */
const planChange = async (
  planning: Planning,
  change: Change,
  { decided, mayDefer }: { decided: Decided; mayDefer: boolean },
): Promise<boolean> => {
  const { storage, force } = planning
  const { memoryId, before, after } = change
  const current = await storage.getVersion({ memoryId, version: null })
  const target =
    before === null || before === 0 ? null : await storage.getVersion({ memoryId, version: before })
  const wanted = target === null || target.kind === 'delete' ? null : target
  const isThere = current !== null && current.kind !== 'delete'
  const kind = wanted === null ? 'delete' : isThere ? 'update' : 'create'
  const conflict = (reason: ConflictReason, isForced = false) =>
    decided.conflicts.push({
      ...{ memoryId, kind, reason, isForced },
      ...{ expectedVersion: after, version: current?.version ?? null },
    }) > 0
  if (current === null || (target === null && before !== 0)) return conflict('not_kept')
  const left = after === null ? null : await storage.getVersion({ memoryId, version: after })
  const sources = isThere ? ((await storage.getMemory(memoryId))?.sources ?? []) : []
  const found: Found = { current, left, target: wanted, sources }
  const blocking = wanted === null ? null : await whyNot(planning, wanted, decided)
  if (blocking === 'said_elsewhere' && mayDefer) return false
  if (blocking !== null) return conflict(blocking)
  const reason = await whatHappened(planning, found)
  if (reason !== null) {
    const isForced = force && reason !== 'undone' && (wanted !== null || isThere)
    conflict(reason, isForced)
    if (!isForced) return true
  }
  const state = target === null ? 0 : stateOf(target)
  decide(decided, found, reversal(found, state, planning.runId))
  return true
}

/** What keeps a statement from coming back whoever wants it. */
const whyNot = async (
  { storage, group }: Planning,
  { memoryId, scope, content }: MemoryVersion,
  decided: Decided,
): Promise<ConflictReason | null> => {
  if (!isKept(group, storage.projectId, { memoryId, scope })) return 'topic_gone'
  const key = contentKey(content)
  const taken = decided.statements.get(statementKey(scope, key))
  if (taken !== undefined) return 'said_elsewhere'
  const twin = await storage.findByContentKey({ scope, contentKey: key })
  if (twin === null || twin.memoryId === memoryId) return null
  const planned = decided.byMemory.get(twin.memoryId)
  const givesWay = planned !== undefined && (planned.kind === 'delete' || planned.contentKey !== key)
  return givesWay ? null : 'said_elsewhere'
}

const statementKey = (scope: Scope, key: string): string => `${scopeKeyOf(scope)} ${key}`

/** Whether the group has the topic still, scoped as it was, and with room for the memory. */
const isKept = (
  group: Group,
  projectId: string,
  { memoryId, scope }: Pick<MemoryVersion, 'memoryId' | 'scope'>,
): boolean => {
  const topic = group.topics.find(({ name }) => name === scope.topic)
  if (topic === undefined || topic.scoping.userScoped !== (scope.userKey !== null)) return false
  const same = scopeKeyOf(scopeOf(scope.groupId, topic, scope)) === scopeKeyOf(scope)
  const isComplete = topic.scoping.scopeProperties.every((key) => Object.hasOwn(scope.properties, key))
  return same && isComplete && (!topic.isBounded || memoryId === boundedMemoryId(projectId, scope))
}

const reversal = (found: Found, state: number, runId: string): PlannedOperation => {
  const { current, target, sources: expectedSources } = found
  const { memoryId, version: expectedVersion } = current
  if (target === null) return { kind: 'delete', memoryId, expectedVersion, expectedSources, restores: state }
  const { content, origin, scope, userId, lastSources } = target
  const isUnchanged = found.left !== null && stateOf(current) === stateOf(found.left)
  const statement = {
    ...{ memoryId, content, origin, restores: state },
    contentKey: contentKey(content),
    document: indexDocument({ content, ...origin }),
    sources: isUnchanged ? [...lastSources, ...othersSince(found, runId)] : lastSources,
  }
  return current.kind === 'delete'
    ? { kind: 'create', ...statement, scope, userId }
    : { kind: 'update', ...statement, expectedVersion, expectedSources }
}

const decide = (decided: Decided, { current, target }: Found, operation: PlannedOperation): void => {
  decided.byMemory.set(operation.memoryId, operation)
  if (target !== null && operation.kind !== 'delete')
    decided.statements.set(statementKey(target.scope, operation.contentKey), operation.memoryId)
  decided.operations.push({
    operation,
    topic: current.scope.topic,
    previousContent: current.kind === 'delete' ? null : current.content,
  })
}

const isThere = async (
  storage: ProjectStorage,
  { byMemory }: Decided,
  memoryId: string,
): Promise<boolean> => {
  const planned = byMemory.get(memoryId)
  return planned === undefined ? (await storage.getMemory(memoryId)) !== null : planned.kind !== 'delete'
}
