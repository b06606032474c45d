/** THE list of what is done with a run, by its input type. An executor brings the run to its end, or throws. */
import type { InputType } from '../runs/run.ts'
import { runPipeline } from './run-pipeline.ts'
import type { Attempt, PipelineDependencies } from './step.ts'

export type Executor = (dependencies: PipelineDependencies, attempt: Attempt) => Promise<void>

/** `delete` is complete when it is accepted, so nobody ever executes it. */
export const executors: Readonly<Record<Exclude<InputType, 'delete'>, Executor>> = {
  conversation: runPipeline,
  string: runPipeline,
  pre_extracted: runPipeline,
}
