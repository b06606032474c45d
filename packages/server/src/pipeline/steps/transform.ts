/**
 * Transform compares candidates, in order, with what the scope knows already and with what the run itself is about to write, and
 * decides what changes:
 *
 * - the same statement, or a near duplicate: nothing changes, the memory gains a source;
 * - a statement that extends a memory: the memory is rewritten;
 * - anything else: a new memory;
 * - a bounded topic: its one memory of the scope is rewritten from what it says and all the candidates together.
 *
 * A statement that the run has committed already is decided: behind a commit it goes into the bounded topics that the step is about.
 *
 * It writes nothing. The decisions name the versions they were made on, and the commit refuses them when one has moved.
 */
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Ids } from '../../kernel/ids.ts'
import { StepError } from '../../kernel/step-error.ts'
import { type Candidate, sourcesOf } from '../../memories/candidate.ts'
import type { Memory } from '../../memories/memory.ts'
import type { Extractor } from '../../models/model.ts'
import type { Group, Topic } from '../../projects/group.ts'
import { decides, type TransformStep } from '../../projects/pipeline.ts'
import { boundedMemoryId, type Scope, scopeOf } from '../../projects/scope.ts'
import { analyse } from '../../search/analyse.ts'
import { contentKey } from '../../search/content-key.ts'
import { compare, withoutSpeaker } from '../compare.ts'
import { createDraft, type Decision, type Draft, type Plan } from '../draft.ts'
import type { Flow } from '../flow.ts'
import type { Attempt } from '../step.ts'

type Tools = { readonly extractor: Extractor; readonly ids: Ids }

/** Share of the shorter statement's terms two statements must have in common to be compared at all. */
const SIMILAR_SHARE_MIN = 0.7
/** Memories a candidate is compared with. */
const SIMILAR_COUNT_MAX = 8
/** After so many candidates other work of the process gets its turn. */
const CANDIDATES_PER_TURN = 16

/** The plan of all that was decided since the last commit, and the statements that are left. */
export type Transformed = Plan & {
  readonly undecided?: readonly Candidate[]
  /** The runs it was made for, where they are several. */
  readonly company?: readonly string[]
}

export const transform = async (
  tools: Tools,
  attempt: Attempt,
  { step, flow }: { readonly step: TransformStep; readonly flow: Flow },
): Promise<Transformed> => {
  const draft = createDraft(flow.plan)
  const undecided: Candidate[] = []
  const topics = new Map(attempt.group.topics.map((topic) => [topic.name, topic]))
  const bounded = new Map<Topic, Candidate[]>()
  for (const [index, candidate] of flow.candidates.entries()) {
    attempt.signal.throwIfAborted()
    if (index % CANDIDATES_PER_TURN === CANDIDATES_PER_TURN - 1) await nextTurn()
    const topic = topics.get(candidate.topic)
    // Extraction names only topics of the group, so this one was removed since.
    if (topic === undefined) throw new StepError('unknown_topic', `topic "${candidate.topic}" is gone`)
    for (const one of topicsFor(step, attempt.group, candidate))
      if (one.isBounded) bounded.set(one, [...(bounded.get(one) ?? []), candidate])
    if (candidate.isCommitted || !decides(step, topic.name)) undecided.push(candidate)
    else if (!topic.isBounded)
      await placeCandidate(tools, attempt, { draft, candidate, scope: scopeFor(attempt, topic) })
  }
  for (const [topic, group] of bounded)
    await rewriteBounded(tools, attempt, { draft, topic, candidates: group })
  return { ...draft.plan(), ...(undecided.length > 0 && { undecided }) }
}

/** The topics of this step that the statement goes to. */
const topicsFor = (step: TransformStep, { topics }: Group, candidate: Candidate): readonly Topic[] =>
  topics.filter(
    ({ name, isBounded }) =>
      decides(step, name) &&
      (candidate.isCommitted ? isBounded && name !== candidate.topic : name === candidate.topic),
  )

const scopeFor = ({ run, payload }: Attempt, topic: Topic): Scope =>
  scopeOf(run.groupId, topic, { userKey: run.userKey, properties: payload.properties })

type Placing = { readonly draft: Draft; readonly candidate: Candidate; readonly scope: Scope }

const placeCandidate = async ({ ids }: Tools, attempt: Attempt, placing: Placing): Promise<void> => {
  const { draft, candidate, scope } = placing
  const { content, context } = candidate
  const sources = sourcesOf(candidate)
  const said = { content, ...(context !== undefined && { context }) }
  for await (const known of knownStatements(attempt, placing)) {
    const isSame = contentKey(content) === contentKey(known.content)
    const verdict = isSame ? 'duplicate' : compare(content, known.content)
    if (verdict === 'duplicate') return draft.confirm(known.memoryId, sources)
    if (verdict === 'extends')
      return draft.decide({ ...known, ...said, sources: [...known.sources, ...sources] })
  }
  draft.decide({ memoryId: ids.next(), version: null, scope, ...said, sources })
}

/** Statements the candidate may repeat, the same one first; each as it will be if the decisions so far are committed. */
async function* knownStatements(
  { storage }: Attempt,
  { draft, candidate, scope }: Placing,
): AsyncGenerator<Decision> {
  const asDecided = (memory: Memory) => draft.decided(memory.memoryId) ?? asDecision(memory)
  const same = await storage.findByContentKey({ scope, contentKey: contentKey(candidate.content) })
  if (same !== null) yield asDecided(same)
  const bounds = { share: SIMILAR_SHARE_MIN, limit: SIMILAR_COUNT_MAX }
  yield* draft.similar({ scope, content: candidate.content, ...bounds })
  const terms = [...new Set(analyse(withoutSpeaker(candidate.content)))]
  for (const memory of await storage.findSimilar({ scope, terms, ...bounds })) yield asDecided(memory)
}

const asDecision = (memory: Memory): Decision => ({
  memoryId: memory.memoryId,
  version: memory.version,
  scope: memory.scope,
  content: memory.content,
  sources: [],
})

const asDecisionOrNull = (memory: Memory | null): Decision | null =>
  memory === null ? null : asDecision(memory)

const rewriteBounded = async (
  { extractor }: Tools,
  attempt: Attempt,
  { draft, topic, candidates }: { draft: Draft; topic: Topic; candidates: readonly Candidate[] },
): Promise<void> => {
  const scope = scopeFor(attempt, topic)
  // It may have come from another project, under another id.
  const known = await attempt.storage.findInScope(scope)
  const memoryId = known?.memoryId ?? boundedMemoryId(attempt.run.projectId, scope)
  const memory = draft.decided(memoryId) ?? asDecisionOrNull(known)
  const previous = memory?.content ?? null
  const statements = candidates.map((candidate) => candidate.content)
  const { signal, used } = attempt
  const content = await extractor.summarise({ topic, previous, statements, signal, used })
  if (content === previous || content === '') {
    // What is committed is no statement that turned out to be known.
    const fresh = candidates.filter(({ isCommitted }) => isCommitted !== true)
    if (fresh.length > 0) draft.skip(fresh.flatMap(sourcesOf))
    return
  }
  const sources = [...(memory?.sources ?? []), ...candidates.flatMap(sourcesOf)]
  draft.decide({ memoryId, version: memory?.version ?? null, scope, content, sources })
}
