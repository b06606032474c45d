import type { Examined } from '@remanence/sdk'
import type { Command } from 'commander'
import { addClientOptions, type ClientOptions, connect } from '../connect.ts'
import { type DataDirOptions, findDataDir } from '../data-dir.ts'
import { CommandFailure, type Io, printJson } from '../io.ts'
import { painter } from '../terminal/paint.ts'
import { createProgress } from '../terminal/progress.ts'

/** `remanence doctor`: whether everything that must be true of a store is. */
export const doctorCommand = (program: Command, io: Io): void => {
  const command = program
    .command('doctor')
    .description(
      'Hold the whole store against everything that must be true of it, and say what is not. It only reads: the server may be running or stopped. Ends with 1 when something is wrong.',
    )
    .summary('check the whole store')
    .option(
      '--data-dir <PATH>',
      'data directory to check (default: that of the configuration, if there is a store)',
    )
  addClientOptions(command)
    .addHelpText('after', examples)
    .action(() => doctor(io, command.optsWithGlobals<DataDirOptions>()))
}

const doctor = async (io: Io, flags: DataDirOptions): Promise<void> => {
  const dataDir = findDataDir(io, flags)
  const checks = dataDir === null ? await askServer(io, flags) : await examineHere(io, dataDir)
  const wrong = checks.filter(({ wrongCount }) => wrongCount > 0)
  if (flags.json) printJson(io, { healthy: wrong.length === 0, checks })
  else io.out.write(report(io, checks))
  if (wrong.length > 0)
    throw new CommandFailure(`${wrong.length} of ${checks.length} checks found something wrong`)
}

const askServer = async (io: Io, flags: ClientOptions): Promise<readonly Examined[]> =>
  (await connect(io, flags).data.examine()).checks

const examineHere = async (io: Io, dataDir: string): Promise<readonly Examined[]> => {
  const { examineDataDir } = await import('../../offline.ts')
  const progress = createProgress(io)
  try {
    return examineDataDir(dataDir, ({ sentence }, { done, total }) => progress.show(sentence, done, total))
  } finally {
    progress.end()
  }
}

const report = (io: Io, checks: readonly Examined[]): string => {
  const paint = painter(io, io.out)
  return checks
    .map(({ check, sentence, wrongCount, examples }) => {
      if (wrongCount === 0) return `${paint('green', 'ok   ')} ${sentence}\n`
      const more = wrongCount > examples.length ? [`… and ${wrongCount - examples.length} more`] : []
      const lines = [...examples, ...more].map((line) => `        ${line}\n`)
      return `${paint('red', 'WRONG')} ${sentence} (${check})\n${lines.join('')}`
    })
    .join('')
}

const examples = `
Examples:
  remanence doctor
  remanence doctor --data-dir /var/lib/remanence
  remanence doctor --json | jq '.checks[] | select(.wrongCount > 0)'`
