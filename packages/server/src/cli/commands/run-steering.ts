import type { Remanence, Run } from '@remanence/sdk'
import type { Command } from 'commander'
import { type ClientOptions, connect } from '../connect.ts'
import { type Io, printJson } from '../io.ts'
import { stateFormat } from '../terminal/describe-run.ts'
import { oneLine, painter } from '../terminal/paint.ts'

type Flags = ClientOptions & { readonly reason?: string; readonly from?: string }

/** `remanence runs cancel`, `retry`, `replay` and `dismiss`: what can be asked of runs that were accepted. */
export const addSteeringCommands = (runs: Command, io: Io): void => {
  const each = (command: Command, ask: (client: Remanence, runId: string, flags: Flags) => Promise<Run>) =>
    command.argument('<run...>', 'ids of runs').action(async (runIds: readonly string[]) => {
      const flags = command.optsWithGlobals<Flags>()
      const client = connect(io, flags)
      for (const runId of runIds) show(io, await ask(client, runId, flags), flags)
    })
  each(
    runs
      .command('cancel')
      .description('Cancel runs: those that wait at once, those worked on at their next safe point.')
      .option('--reason <TEXT>', 'shown in their error'),
    (client, runId, { reason }) => client.runs.cancel(runId, { reason }),
  )
  each(
    runs
      .command('retry')
      .description('Try runs again that failed, failed in part or were cancelled.')
      .option('--from <STEP>', 'step to go on from (default: the first whose output is missing)'),
    (client, runId, { from: startingStep }) => client.runs.retry(runId, { startingStep }),
  )
  each(
    runs.command('replay').description('Make new runs with the same inputs, through the pipeline of today.'),
    (client, runId) => client.runs.replay(runId),
  )
  each(runs.command('dismiss').description('Mark failures as seen.'), (client, runId) =>
    client.runs.dismiss(runId),
  )
}

const show = (io: Io, run: Run, { json }: Flags): void => {
  if (json) printJson(io, run)
  else io.out.write(`${describe(io, run)}\n`)
}

const describe = (io: Io, run: Run): string => {
  const isCancelling = run.cancelRequestedAt !== null && run.completedAt === null
  const state = painter(io, io.out)(stateFormat(run.state), isCancelling ? 'cancelling' : run.state)
  const notes = [run.dismissedAt === null ? '' : 'dismissed', oneLine(run.error ?? '')]
  return [run.runId, state, ...notes.filter((note) => note !== '')].join('  ')
}
