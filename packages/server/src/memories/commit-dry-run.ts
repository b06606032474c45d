import { problem } from '../kernel/problem.ts'
import type { Access } from '../projects/access.ts'
import { getRun } from '../runs/read-runs.ts'
import type { RunView } from '../runs/run.ts'
import type { Storage } from '../storage/storage.ts'
import { type DryRunPlan, planStepName, withDocument } from './dry-run-plan.ts'

/**
 * Commits what a dry run has planned, exactly that, if nothing it decided on has changed since; answers the run. Asking again changes
 * nothing. Throws what getRun throws, and Problem `conflict`.
 */
export const commitDryRun = async (
  access: Access,
  findRunProject: Storage['findRunProject'],
  runId: string,
): Promise<RunView> => {
  const { storage, clock } = access
  const view = await getRun(access, findRunProject, runId)
  const { run } = view
  if (run.outcome !== 'planned') {
    const isCommitted = run.dryRun && run.outcome !== null
    if (isCommitted) return view
    throw problem('conflict', `Run ${runId} is no dry run that has ended: there is nothing to commit.`)
  }
  const steps = await storage.listSteps(runId)
  const step = steps.findLast(({ name, isVoid }) => name === planStepName && !isVoid)
  if (step === undefined) throw problem('conflict', `What run ${runId} planned is not kept any more.`)
  const plan = step.output as DryRunPlan // safety: a step's output is written by the step of that name only
  const operations = plan.operations.map(withDocument)
  const result = await storage.commitPlanned({ ...plan, runId, operations, now: clock.now() })
  switch (result.kind) {
    case 'conflict':
      throw problem('conflict', `Memory ${result.memoryId} has changed since run ${runId} looked at it.`)
    case 'topic_gone':
      throw problem('conflict', `The topic "${result.topic}" was removed from the group since.`)
    // Somebody else was faster.
    case 'not_planned':
    case 'committed':
      return getRun(access, findRunProject, runId)
  }
}
