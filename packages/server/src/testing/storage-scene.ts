/** The scene of a test of a store: a fresh store with a project, and the common ways to bring runs and memories about. */
import { afterEach, beforeEach } from 'vitest'
import type { Ids } from '../kernel/ids.ts'
import type { Memory } from '../memories/memory.ts'
import { laneIdOf, type Properties, type Scope, userKeyOf } from '../projects/scope.ts'
import type { Claim, Run } from '../runs/run.ts'
import { contentKey } from '../search/content-key.ts'
import type {
  AcceptResult,
  CommitParams,
  CommitResult,
  NewRun,
  PlannedOperation,
  ProjectStorage,
  RunKey,
  Storage,
} from '../storage/storage.ts'
import {
  countedIds,
  documentOf,
  leaseMs,
  origin,
  runCounts,
  runTimeoutMs,
  source,
  startAt,
  stepRecord,
  topics,
} from './storage-factories.ts'

/** A storage engine as the conformance suites see it. */
export type EngineUnderTest = {
  readonly name: string
  /** A fresh, empty store. */
  readonly open: () => Promise<{
    readonly storage: Storage
    /** Closes the store and opens it again, as a restart does. */
    readonly reopen: () => Promise<Storage>
    readonly remove: () => Promise<void>
  }>
}

export type Claimed = { readonly claim: Claim; readonly run: Run }
type Create = Extract<PlannedOperation, { kind: 'create' }>
type Update = Extract<PlannedOperation, { kind: 'update' }>
type Adding = {
  readonly in?: ProjectStorage
  readonly user?: string | null
  readonly text?: string
  readonly idempotency?: RunKey
  readonly queueDepthMax?: number
  readonly now?: number
} & Pick<NewRun, 'options' | 'onConflict' | 'recording' | 'webhook'> &
  Partial<Pick<NewRun, 'inputType' | 'runId'>>

/** Opens a store before each test and removes it after. Every project of the scene has one group, `default`, with `topics`. */
export const useScene = (engine: EngineUnderTest) => {
  let opened: Awaited<ReturnType<EngineUnderTest['open']>>
  let storage: Storage
  let project: ProjectStorage
  let ids: Ids
  beforeEach(async () => {
    ids = countedIds()
    opened = await engine.open()
    storage = opened.storage
    project = await createProject()
  })
  afterEach(async () => {
    await storage[Symbol.asyncDispose]()
    await opened.remove()
  })

  const createProject = async (): Promise<ProjectStorage> => {
    const projectId = ids.next()
    await storage.createProject({ projectId, name: projectId, createdAt: startAt })
    const created = storage.project(projectId)
    await created.putGroup({ groupId: groupIdOf(projectId), name: 'default', topics, now: startAt })
    return created
  }
  // Each project's group has an id of its own, as the groups of a server have.
  const groupIdOf = (projectId: string) => projectId.replace('-7000-', '-7001-')

  const accept = (params: Adding = {}): Promise<AcceptResult> => {
    const { in: target = project, user = 'ada', text = 'Ada keeps bees.', now = startAt } = params
    const userKey = user === null ? null : userKeyOf(user)
    const groupId = groupIdOf(target.projectId)
    return target.acceptRun({
      runId: params.runId ?? ids.next(),
      groupId,
      laneId: laneIdOf(groupId, userKey),
      userId: user,
      userKey,
      inputType: params.inputType ?? 'string',
      payload: { input: { type: 'string', content: [text] }, properties: {} },
      inputCount: 1,
      idempotency: params.idempotency ?? null,
      queueDepthMax: params.queueDepthMax ?? 1_000_000,
      ...(params.options !== undefined && { options: params.options }),
      ...(params.onConflict !== undefined && { onConflict: params.onConflict }),
      ...(params.recording !== undefined && { recording: params.recording }),
      ...(params.webhook !== undefined && { webhook: params.webhook }),
      now,
    })
  }

  const add = async (params: Adding = {}): Promise<Run> => {
    const result = await accept(params)
    if (result.kind !== 'accepted') throw new Error(`the add was answered ${result.kind}`)
    const view = await (params.in ?? project).getRun(result.runId)
    if (view === null) throw new Error('an accepted run cannot be read')
    return view.run
  }

  const claim = (limit = 1, now = startAt): Promise<readonly Claimed[]> =>
    storage.claimRuns({ limit, leaseMs, runTimeoutMs, now })

  /** Adds a run and claims it, which needs every other lane to be empty or busy. */
  const begin = async (params: Adding = {}): Promise<Claimed> => {
    const run = await add(params)
    const [claimed] = await claim(1, params.now)
    if (claimed?.run.runId !== run.runId) throw new Error('another run was claimed')
    return claimed
  }

  const scope = (params: {
    in?: ProjectStorage
    topic?: string
    user?: string | null
    properties?: Properties
  }): Scope => ({
    groupId: groupIdOf((params.in ?? project).projectId),
    topic: params.topic ?? 'facts',
    userKey: params.user === undefined ? 'ada' : params.user,
    properties: params.properties ?? {},
  })

  const creation = (content: string, over: Partial<Create> = {}): Create => {
    const where = over.scope ?? scope({})
    return {
      kind: 'create',
      memoryId: ids.next(),
      scope: where,
      userId: where.userKey,
      content,
      contentKey: contentKey(content),
      sources: [source()],
      document: documentOf(content),
      origin,
      ...over,
    }
  }

  const update = (memory: Memory, content: string, over: Partial<Update> = {}): Update => ({
    kind: 'update',
    memoryId: memory.memoryId,
    expectedVersion: memory.version,
    content,
    contentKey: contentKey(content),
    sources: [],
    document: documentOf(content),
    origin,
    ...over,
  })

  const commit = (
    { claim }: Claimed,
    operations: readonly PlannedOperation[] = [],
    over: Partial<CommitParams> = {},
  ): Promise<CommitResult> =>
    storage.project(claim.projectId).commitRun({
      claim,
      operations,
      confirmations: [],
      state: 'completed',
      outcome: operations.length > 0 ? 'committed' : 'unchanged',
      error: null,
      counts: runCounts({ created: operations.length }),
      step: stepRecord({ attempt: claim.attempt }),
      now: startAt,
      ...over,
    })

  /** Commits the statements as memories, one after the other, by a run of their own. */
  const remember = async (
    contents: readonly string[],
    over: Partial<Create> & { now?: number } = {},
  ): Promise<readonly Memory[]> => {
    const { now = startAt, ...fields } = over
    const operations = contents.map((content) => creation(content, fields))
    const claimed = await begin({ user: fields.scope?.userKey ?? 'ada', now })
    const result = await commit(claimed, operations, { now })
    if (result.kind !== 'committed') throw new Error(`the commit was answered ${result.kind}`)
    return project.getMemories(operations.map(({ memoryId }) => memoryId))
  }

  return {
    get storage() {
      return storage
    },
    get project() {
      return project
    },
    reopen: async () => {
      storage = await opened.reopen()
      project = storage.project(project.projectId)
    },
    nextId: () => ids.next(),
    createProject,
    groupIdOf,
    accept,
    add,
    claim,
    begin,
    scope,
    creation,
    update,
    commit,
    remember,
  }
}

export type Scene = ReturnType<typeof useScene>
