import type { Remanence, Run, RunFilter } from '@remanence/sdk'
import type { Command } from 'commander'
import { type ClientOptions, connect } from '../connect.ts'
import { requireCompleted } from '../follow-run.ts'
import { type Io, printJson } from '../io.ts'
import { stateFormat } from '../terminal/describe-run.ts'
import { oneLine, painter } from '../terminal/paint.ts'
import { addFilterOptions, filterOf, type RunFilterFlags } from './run-filter.ts'

type Flags = ClientOptions & RunFilterFlags & { readonly reason?: string; readonly from?: string }

type Steering = {
  readonly one: (client: Remanence, runId: string, flags: Flags) => Promise<Run>
  /** For every run that the filter admits, where that can be asked for. */
  readonly many?: (client: Remanence, filter: RunFilter, flags: Flags) => Promise<Run>
}

/** `remanence runs cancel`, `retry`, `replay`, `flush` and `dismiss`: what can be asked of runs that were accepted. */
export const addSteeringCommands = (runs: Command, io: Io): void => {
  declare(
    runs
      .command('cancel')
      .description('Cancel runs: those that wait at once, those worked on at their next safe point.')
      .option('--reason <TEXT>', 'shown in their error'),
    io,
    {
      one: (client, runId, { reason }) => client.runs.cancel(runId, { reason }),
      many: (client, filter, { reason }) => client.runs.cancelAll(filter, { reason }),
    },
  )
  declare(
    runs
      .command('retry')
      .description('Try runs again that failed, failed in part or were cancelled.')
      .option('--from <STEP>', 'step to go on from (default: the first whose output is missing)'),
    io,
    {
      one: (client, runId, { from: startingStep }) => client.runs.retry(runId, { startingStep }),
      many: (client, filter) => client.runs.retryAll(filter),
    },
  )
  declare(
    runs.command('replay').description('Make new runs with the same inputs, through the pipeline of today.'),
    io,
    {
      one: (client, runId) => client.runs.replay(runId),
      many: (client, filter) => client.runs.replayAll(filter),
    },
  )
  declare(
    runs.command('flush').description('Let the buffers that runs wait in go on, with all the runs in them.'),
    io,
    { one: (client, runId) => client.runs.flush(runId) },
  )
  declare(runs.command('dismiss').description('Mark failures as seen.'), io, {
    one: (client, runId) => client.runs.dismiss(runId),
  })
}

const declare = (command: Command, io: Io, { one, many }: Steering): void => {
  command.argument(many === undefined ? '<run...>' : '[run...]', 'ids of runs')
  if (many !== undefined) addFilterOptions(command.optionsGroup('Instead of ids, all runs that are meant:'))
  command.action(async (runIds: readonly string[]) => {
    // Not those of the command above: they are about the list.
    const flags = { ...command.optsWithGlobals<Flags>(), ...command.opts<Flags>() }
    const client = connect(io, flags)
    if (runIds.length > 0) for (const runId of runIds) show(io, await one(client, runId, flags), flags)
    else if (many !== undefined)
      await showMany(io, client, { run: await many(client, filterOf(io, flags), flags), flags })
  })
}

const showMany = async (
  io: Io,
  client: Remanence,
  { run, flags }: { run: Run; flags: Flags },
): Promise<void> => {
  const end = await client.runs.wait(run.runId, { timeoutMs: Number.POSITIVE_INFINITY })
  if (flags.json) return printJson(io, end)
  const counts = Object.entries(end.result ?? {}).filter(([name]) => name !== 'action')
  io.out.write(`${counts.map(([name, count]) => `${name} ${count}`).join(', ')}\n`)
  requireCompleted(end)
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
