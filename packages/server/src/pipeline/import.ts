/** The work of an import: the records that came with the run, piece by piece, each piece a transaction. */
import { IMPORT_PIECE_COUNT_MAX } from '../kernel/limits.ts'
import type { Group } from '../projects/group.ts'
import { laneIdOf, type Scope, userKeyOf } from '../projects/scope.ts'
import { RunCancelled } from '../runs/run-cancelled.ts'
import { contentKey } from '../search/content-key.ts'
import type { Origin } from '../search/document.ts'
import { indexDocument } from '../search/index-document.ts'
import type {
  Arrival,
  MemoryRecord,
  RunRecord,
  TransferConflict,
  TransferRecord,
  VersionRecord,
} from '../storage/transfer.ts'
import type { Executor } from './executors.ts'
import { finishMaintenance } from './finish-maintenance.ts'

export const importRecords: Executor = async (dependencies, attempt) => {
  const { claim, run, payload, storage, signal } = attempt
  const { clock, signals } = dependencies
  if (payload.input.type !== 'import') throw new Error(`run ${claim.runId} has nothing to import`)
  const { records } = payload.input
  const startedAt = clock.now()
  // An interrupted attempt has noted how far it was.
  for (let done = Number(run.result?.read ?? 0); done < records.length; ) {
    signal.throwIfAborted()
    const piece = records.slice(done, done + IMPORT_PIECE_COUNT_MAX)
    const groups = new Map((await storage.listGroups()).map((group) => [group.name, group]))
    const found = takeWhileKnown(piece, groups)
    done += found.arrivals.length + found.conflicts.length
    const isLast = done >= records.length
    const answer = await storage.transfer.takeIn({ claim, ...found, isLast, now: clock.now() })
    signals.reached?.('mid_import')
    if (answer.kind === 'cancelling') throw new RunCancelled()
    if (answer.kind === 'claim_lost') return
  }
  const { result } = (await storage.getRun(run.runId))?.run ?? run
  await finishMaintenance(dependencies, attempt, {
    ...{ name: 'import', startedAt, counts: run.counts, result },
    outcome: 'done',
  })
}

type Groups = ReadonlyMap<string, Group>

/** Up to the last of the groups in a row, for what comes after them may be of one of these. */
const takeWhileKnown = (
  records: readonly TransferRecord[],
  groups: Groups,
): { readonly arrivals: readonly Arrival[]; readonly conflicts: readonly TransferConflict[] } => {
  const last = records.findIndex(
    (record, index) => record.type === 'group' && records[index + 1]?.type !== 'group',
  )
  const prepared = (last === -1 ? records : records.slice(0, last + 1)).map((record) =>
    prepare(record, groups),
  )
  return {
    arrivals: prepared.filter((one): one is Arrival => 'record' in one),
    conflicts: prepared.filter((one): one is TransferConflict => !('record' in one)),
  }
}

const prepare = (record: TransferRecord, groups: Groups): Arrival | TransferConflict => {
  switch (record.type) {
    case 'group':
      return { type: 'group', record }
    case 'user':
      return { type: 'user', record, userKey: userKeyOf(record.user_id) }
    case 'agent':
    case 'tool':
      if (record.status !== 'archived' && !groups.has(record.group))
        return noGroup(record.cursor, record.group)
      return { type: 'definition', record }
    case 'run':
      return prepareRun(record, groups)
    case 'memory':
      return prepareMemory(record, groups)
    case 'conversation':
    case 'message':
    case 'compaction':
      return { type: 'conversation', record, userKey: keyOrNull(record.user_id) }
    case 'conversation_key':
      return { type: 'conversation_key', record }
  }
}

const keyOrNull = (userId: string | null): string | null => (userId === null ? null : userKeyOf(userId))

const prepareRun = (record: RunRecord, groups: Groups): Arrival | TransferConflict => {
  const group = groups.get(record.group)
  if (group === undefined) return noGroup(record.cursor, record.group)
  const userKey = keyOrNull(record.user_id)
  return { type: 'run', record, groupId: group.groupId, laneId: laneIdOf(group.groupId, userKey), userKey }
}

const prepareMemory = (record: MemoryRecord, groups: Groups): Arrival | TransferConflict => {
  const missing = record.versions.find(({ group }) => group !== null && !groups.has(group))
  if (missing?.group) return noGroup(record.cursor, missing.group)
  const scopes = record.versions.map((version) => scopeOf(version, groups))
  const last = record.versions.at(-1)
  const isLive = record.sources !== null && last !== undefined
  if (isLive && topicOf(last, groups) === undefined)
    return { cursor: record.cursor, reason: `group "${last.group}" has no topic "${last.topic}"` }
  return {
    ...{ type: 'memory', record, scopes },
    found: isLive ? { contentKey: contentKey(last.content), document: documentOf(last) } : null,
  }
}

const topicOf = ({ group, topic }: VersionRecord, groups: Groups) =>
  groups.get(group ?? '')?.topics.find(({ name }) => name === topic)

const scopeOf = (version: VersionRecord, groups: Groups): Scope | null => {
  const { topic, properties, user_id } = version
  const group = groups.get(version.group ?? '')
  if (group === undefined || topic === null) return null
  return { groupId: group.groupId, topic, userKey: keyOrNull(user_id), properties: properties ?? {} }
}

const documentOf = ({ content, origin, run_id, created_at }: VersionRecord) => {
  const unknown: Origin = { speaker: null, session: run_id, turn: 0, saidAt: created_at }
  // safety: checked before it was handed in
  return indexDocument({ content, ...((origin as Origin | null) ?? unknown) })
}

const noGroup = (cursor: string, name: string): TransferConflict => ({
  cursor,
  reason: `there is no group "${name}"`,
})
