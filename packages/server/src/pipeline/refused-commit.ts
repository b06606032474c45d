/** Why a step fails whose commit was refused. */
import { StepError } from '../kernel/step-error.ts'

/** Nobody would find what it makes. */
export const goneTopic = (topic: string): StepError =>
  new StepError('unknown_topic', `topic "${topic}" was removed from the group, or scoped differently`)

export const keptChanging = (): StepError =>
  new StepError('conflict', 'the memories kept changing', { retryable: true })
