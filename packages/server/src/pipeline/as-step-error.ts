import { StepError } from '../kernel/step-error.ts'

/** What nobody foresaw may pass by itself (a full disk, say), so it is tried again, within the same bound. */
export const asStepError = (error: unknown): StepError =>
  error instanceof StepError
    ? error
    : new StepError('internal_error', 'an unexpected error', { retryable: true, cause: error })
