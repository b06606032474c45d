/** THE list of what is done with a run, by its input type. An executor brings the run to its end, or throws. */

import type { InputType } from '../runs/run.ts'
import { bulk } from './bulk.ts'
import { compact } from './compact.ts'
import { deleteMemories } from './delete-memories.ts'
import { erase } from './erase.ts'
import { importRecords } from './import.ts'
import { undo } from './maintenance/undo.ts'
import { rememberDocument } from './remember-document.ts'
import { runPipeline } from './run-pipeline.ts'
import type { Attempt, PipelineDependencies } from './step.ts'

export type Executor = (dependencies: PipelineDependencies, attempt: Attempt) => Promise<void>

/** An edit is complete when it is accepted, so nobody executes it. (So is a deletion by id; one by a filter is not.) */
export type Executors = Readonly<Partial<Record<InputType, Executor>>>

/** Runs of agents and tools are executed in a room of their own. */
export const executors: Executors = {
  conversation: runPipeline,
  string: runPipeline,
  pre_extracted: runPipeline,
  document: rememberDocument,
  bulk,
  compact,
  delete: deleteMemories,
  erase,
  import: importRecords,
  undo,
}
