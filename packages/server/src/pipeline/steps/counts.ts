/** What a run has done so far, in numbers. */
import { inputCount } from '../../runs/input.ts'
import type { Outcome, RunCounts } from '../../runs/run.ts'
import type { Attempt } from '../step.ts'
import type { Extraction } from './extract.ts'

/** After the extraction. When the run was tried again, what it found and committed before counts as well. */
export const countExtraction = ({ run, payload }: Attempt, { results }: Extraction): RunCounts => {
  const isContinued = results.some((result) => 'isSettled' in result)
  const found = results.map((result) => ('failure' in result ? 0 : result.candidates.length))
  return {
    ...run.counts,
    inputs: inputCount(payload.input),
    failedInputs: results.filter((result) => 'failure' in result).length,
    candidates: found.reduce((sum, count) => sum + count, isContinued ? run.counts.candidates : 0),
  }
}

export const outcomeOf = (counts: RunCounts): Outcome => {
  if (counts.candidates === 0) return 'no_facts'
  return counts.created + counts.updated === 0 ? 'unchanged' : 'committed'
}
