import type { Remanence, Run, RunEvent } from '@remanence/sdk'
import { CommandFailure, type Io } from './io.ts'
import { eventDetails } from './terminal/describe-run.ts'
import { oneLine, painter } from './terminal/paint.ts'

/**
 * Follows a run to its end, showing on standard error how far it is: on a terminal a single line that is rewritten and
 * wiped at last, elsewhere a line per event.
 */
export const followRun = async (io: Io, client: Remanence, runId: string): Promise<Run> => {
  const paint = painter(io, io.err)
  try {
    for await (const event of client.runs.follow(runId)) {
      const text = progressText(event)
      if (io.err.isTerminal) io.err.write(wipe + paint('dim', text.slice(0, io.err.columns - 1)))
      else io.err.write(`${runId}  ${text}\n`)
    }
  } finally {
    if (io.err.isTerminal) io.err.write(wipe)
  }
  return client.runs.get(runId)
}

/** To the start of the line, and clear it. */
const wipe = '\r\x1b[K'

const progressText = (event: RunEvent): string => `${event.type}  ${eventDetails(event)}`.trimEnd()

/** Ends the command without success unless the run completed. */
export const requireCompleted = ({ runId, state, error }: Run): void => {
  if (state === 'completed') return
  throw new CommandFailure(`run ${runId} ended ${state}${error === null ? '' : `: ${oneLine(error)}`}`)
}
