import type { Candidate } from '../memories/candidate.ts'
import { type Decision, emptyPlan, type Plan } from './draft.ts'

/** What goes from step to step: statements that are still to be decided about, and what was decided and not committed yet. */
export type Flow = { readonly candidates: readonly Candidate[]; readonly plan: Plan }

export const flowOf = (candidates: readonly Candidate[]): Flow => ({ candidates, plan: emptyPlan })

/** What goes on behind a commit: what it created or changed, and what nobody has decided about. */
export const committedFlow = ({ candidates, plan }: Flow): readonly Candidate[] => [
  ...plan.decisions.flatMap(toCandidate),
  ...candidates.filter(({ isCommitted }) => isCommitted !== true),
]

const toCandidate = ({ scope, content, context, sources }: Decision): readonly Candidate[] => {
  const [source, ...moreSources] = sources
  if (source === undefined) return []
  return [
    {
      topic: scope.topic,
      content,
      ...(context !== undefined && { context }),
      source,
      ...(moreSources.length > 0 && { moreSources }),
      isCommitted: true,
    },
  ]
}
