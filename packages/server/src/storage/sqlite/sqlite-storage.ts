/**
 * The embedded engine: one SQLite file in the data directory, owned by this process. Reads answer from the connection at
 * once; writes go through the group commit. Nothing outside this folder may rely on either.
 */
import { statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { DISK_FREE_BYTES_MIN } from '../../kernel/limits.ts'
import type { Signals } from '../../kernel/signals.ts'
import type { EventDetail } from '../../runs/run.ts'
import type { ProjectStorage, Storage, WrittenBatch } from '../storage.ts'
import { acceptRun } from './accept-run.ts'
import { administration, projectAdministration } from './administration.ts'
import { agentStorage, triggerLookup } from './agents/agent-storage.ts'
import * as asOf from './as-of.ts'
import * as attempts from './attempts.ts'
import { createCopier, removeLeftCopies } from './backup/open-copy.ts'
import { bufferStorage } from './buffer-storage.ts'
import { census } from './census.ts'
import { commitRun, commitStep } from './commit.ts'
import { commitOrConflict, orConflict } from './commit-or-conflict.ts'
import { commitPlanned } from './commit-planned.ts'
import { type Connection, openConnection } from './connection.ts'
import { conversationStorage } from './conversation-storage.ts'
import { lockDataDir } from './data-dir-lock.ts'
import { deleteGroup } from './delete-group.ts'
import { deleteMemory } from './delete-memory.ts'
import { examineInThread } from './doctor/examine-in-thread.ts'
import { findDocuments } from './documents.ts'
import { editMemory } from './edit-memory.ts'
import { erasureStorage } from './erasure/erasure-storage.ts'
import { lastProjectSeq, listEvents, listProjectEvents } from './events.ts'
import { createGroupCache } from './group-cache.ts'
import { createGroupCommit, type GroupCommit, touch } from './group-commit.ts'
import * as groups from './groups.ts'
import * as lanes from './lanes.ts'
import * as memories from './memories.ts'
import { migrate, shippedMigrations } from './migrate.ts'

import * as queues from './queues.ts'
import { readCommitted } from './read-committed.ts'
import { findRunByKey, pruneKeys } from './run-keys.ts'
import { listRuns } from './run-list.ts'
import { countRuns, oldestWaitingAt, sampleEnded } from './run-statistics.ts'
import * as runs from './runs.ts'
import { findSimilar } from './similar.ts'
import * as steering from './steering.ts'
import { DATABASE_FILE, storeSizes } from './store-sizes.ts'
import { transferStorage } from './transfer/transfer-storage.ts'
import * as versions from './versions.ts'
import { voidDeliveryLeases } from './webhook-queues.ts'
import { deliveryQueue, webhookStorage } from './webhook-storage.ts'

/** Throws an Error with a sentence for people when the directory is owned by another process or the database cannot be used. */
export const openSqliteStorage = (options: {
  readonly dataDir: string
  readonly signals?: Signals
  /** `all` when absent. */
  readonly eventDetail?: EventDetail
  /** Told of every transaction that writes, when it is over. */
  readonly batchWritten?: (batch: WrittenBatch) => void
}): Storage => {
  const signals = options.signals ?? {}
  const lock = lockDataDir(options.dataDir)
  try {
    removeLeftCopies(options.dataDir)
    const file = join(options.dataDir, DATABASE_FILE)
    const db = openMigrated(file, { signals, eventDetail: options.eventDetail })
    const commit = createGroupCommit(db, options.batchWritten)
    return assemble({ db, commit, signals, file }, { release: lock.release, dataDir: options.dataDir })
  } catch (error) {
    lock.release()
    throw error
  }
}

const openMigrated = (
  file: string,
  { signals, eventDetail }: { readonly signals: Signals; readonly eventDetail: EventDetail | undefined },
): Connection => {
  const db = openConnection(file, eventDetail)
  try {
    migrate(db, shippedMigrations(), signals)
    lanes.voidLeases(db)
    voidDeliveryLeases(db)
    return db
  } catch (error) {
    db.close()
    throw error
  }
}

type Parts = {
  readonly db: Connection
  readonly commit: GroupCommit
  readonly signals: Signals
  readonly file: string
}

const assemble = (parts: Parts, { release, dataDir }: { release: () => void; dataDir: string }): Storage => {
  const { db, commit } = parts
  const opened = new Map<string, ProjectStorage>()
  return {
    engine: 'sqlite',
    project: (projectId) => {
      const known = opened.get(projectId)
      if (known !== undefined) return known
      const project = projectStorage(parts, projectId)
      opened.set(projectId, project)
      return project
    },
    check: async () => {
      await refuseFullDisk(dataDir)
      await commit.write('durable', () => {
        lanes.readTurn(db)
        touch(db)
      })
    },
    ...administration(parts),
    ...triggerLookup(parts),
    findRunProject: async (runId) => runs.findRunProject(db, runId),
    claimRuns: (params) => commit.write('relaxed', () => attempts.claimRuns(db, params)),
    nextDueAt: async () => lanes.nextDueAt(db),
    queueStatus: async () => runs.queueStatus(db),
    census: async (params) => census(db, params),
    sizes: () => storeSizes(dataDir),
    examine: (onExamined) =>
      examineInThread({ file: join(dataDir, DATABASE_FILE), isFileOnly: false }, onExamined),
    openCopy: createCopier(dataDir, parts.signals),
    watch: (listener) => db.watch(listener),
    prune: (params) => commit.write('relaxed', () => pruneKeys(db, params)),
    deliveries: deliveryQueue(parts),
    [Symbol.asyncDispose]: async () => {
      await commit.settled()
      db.close()
      release()
    },
  }
}

// A small write may still find room in the log when an add does not, so the check looks at the disk too.
const refuseFullDisk = async (dataDir: string): Promise<void> => {
  const { bavail, bsize } = await statfs(dataDir)
  if (bavail * bsize >= DISK_FREE_BYTES_MIN) return
  throw new Error(
    `The disk of ${dataDir} has ${bavail * bsize} bytes left; ${DISK_FREE_BYTES_MIN} are needed.`,
  )
}

const projectStorage = ({ db, commit, signals, file }: Parts, projectId: string): ProjectStorage => {
  const groupCache = createGroupCache()
  return {
    projectId,
    ...projectAdministration({ db, commit }, projectId),

    listGroups: async () => groups.listGroups(db, projectId),
    getGroup: async (name) => groupCache.read(`name ${name}`, () => groups.getGroup(db, projectId, { name })),
    getGroupById: async (groupId, version) =>
      groupCache.read(`id ${groupId} ${version}`, () => groups.getGroup(db, projectId, { groupId, version })),
    putGroup: (params) =>
      commit.write('durable', () => groups.putGroup(db, projectId, params)).finally(() => groupCache.clear()),
    deleteGroup: (name) =>
      commit.write('durable', () => deleteGroup(db, projectId, name)).finally(() => groupCache.clear()),
    hasUser: async (userKey) => groups.hasUser(db, projectId, userKey),

    acceptRun: async (run) => {
      const result = await commit.write('durable', () => acceptRun(db, projectId, run))
      signals.reached?.('after_accept')
      return result
    },
    getRun: async (runId) => runs.getRun(db, projectId, runId),
    findRunByKey: async (key) => findRunByKey(db, projectId, key),
    listRuns: async (params) => listRuns(db, projectId, params),
    countRuns: async () => countRuns(db, projectId),
    oldestWaitingAt: async () => oldestWaitingAt(db, projectId),
    sampleEnded: async (params) => sampleEnded(db, projectId, params),
    listEvents: (params) => commit.readSynced(() => listEvents(db, projectId, params)),
    listProjectEvents: (params) => commit.readSynced(() => listProjectEvents(db, projectId, params)),
    lastProjectSeq: () => commit.readSynced(() => lastProjectSeq(db, projectId)),
    listSteps: async (runId) => runs.listSteps(db, projectId, runId),

    readPayload: async (runId) => runs.readPayload(db, projectId, runId),
    renewLease: (params) => commit.write('relaxed', () => attempts.renewLease(db, params)),
    beginStep: (params) => commit.write('relaxed', () => attempts.beginStep(db, params)),
    recordStep: (params) => commit.write('relaxed', () => attempts.recordStep(db, params)),
    retryRun: (params) => commit.write('relaxed', () => attempts.retryRun(db, params)),
    failRun: (params) => commit.write('durable', () => attempts.failRun(db, params)),
    commitRun: (params) => commitOrConflict({ commit, signals }, () => commitRun(db, params)),
    commitStep: (params) => commitOrConflict({ commit, signals }, () => commitStep(db, params)),
    cancelAttempt: (params) => commit.write('durable', () => attempts.cancelAttempt(db, params)),

    cancelRun: (params) => commit.write('durable', () => steering.cancelRun(db, projectId, params)),
    requeueRun: (params) => commit.write('durable', () => steering.requeueRun(db, projectId, params)),
    dismissRun: (params) => commit.write('durable', () => steering.dismissRun(db, projectId, params)),
    getQueue: async () => queues.getQueue(db, projectId),
    setQueueState: (state) => commit.write('durable', () => queues.setQueueState(db, projectId, state)),

    getMemory: async (memoryId) => memories.getMemory(db, projectId, memoryId),
    getMemories: async (memoryIds) => memories.getMemories(db, projectId, memoryIds),
    listMemories: async (params) => memories.listMemories(db, projectId, params),
    deleteMemory: (params) => commit.write('durable', () => deleteMemory(db, projectId, params)),
    commitPlanned: (params) =>
      orConflict(commit.write('durable', () => commitPlanned(db, projectId, params))),
    readCommitted: async (runId) => readCommitted(db, projectId, runId),
    editMemory: (params) => orConflict(commit.write('durable', () => editMemory(db, projectId, params))),
    getMemoryAt: async (params) => asOf.getMemoryAt(db, projectId, params),
    listMemoriesAt: async (params) => asOf.listMemoriesAt(db, projectId, params),
    findVersionsAt: async (params) => asOf.findVersionsAt(db, projectId, params),
    getVersion: async (params) => versions.getVersion(db, projectId, params),
    listVersions: async (params) => versions.listVersions(db, projectId, params),
    findInScope: async (scope) => memories.findInScope(db, projectId, scope),
    findByContentKey: async (params) => memories.findByContentKey(db, projectId, params),
    findSimilar: async (params) => findSimilar(db, projectId, params),
    findDocuments: async (params) => findDocuments(db, projectId, params),
    ...bufferStorage({ db, commit, signals }, projectId),
    webhooks: webhookStorage({ db, commit }, projectId),
    conversations: conversationStorage({ db, commit }, projectId),
    agents: agentStorage({ db, commit }, projectId),
    erasure: erasureStorage({ db, commit }, projectId),
    transfer: transferStorage({ db, commit, file, groupsChanged: groupCache.clear }, projectId),
  }
}
