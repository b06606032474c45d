import { Command } from 'commander'
import packageJson from '../../package.json' with { type: 'json' }
import { addCommand } from './commands/add.ts'
import { agentsCommand } from './commands/agents.ts'
import { backupCommand } from './commands/backup.ts'
import { configCommand } from './commands/config.ts'
import { creditsCommand } from './commands/credits.ts'
import { deleteCommand } from './commands/delete.ts'
import { doctorCommand } from './commands/doctor.ts'
import { editCommand } from './commands/edit.ts'
import { eraseCommand } from './commands/erase.ts'
import { exportCommand } from './commands/export.ts'
import { groupsCommand } from './commands/groups.ts'
import { historyCommand } from './commands/history.ts'
import { importCommand } from './commands/import.ts'
import { keysCommand } from './commands/keys.ts'
import { projectsCommand } from './commands/projects.ts'
import { restoreCommand } from './commands/restore.ts'
import { runsCommand } from './commands/runs.ts'
import { searchCommand } from './commands/search.ts'
import { secretsCommand } from './commands/secrets.ts'
import { serveCommand } from './commands/serve.ts'
import { toolsCommand } from './commands/tools.ts'
import { triggersCommand } from './commands/triggers.ts'
import { usageCommand } from './commands/usage.ts'
import { usersCommand } from './commands/users.ts'
import { watchCommand } from './commands/watch.ts'
import { webhooksCommand } from './commands/webhooks.ts'
import type { Io } from './io.ts'
import { reportFailure } from './report-failure.ts'
import { hasColours, painter } from './terminal/paint.ts'

/** THE list of commands, in the order of the help. Each adds itself to the program. */
const commands: readonly ((program: Command, io: Io) => void)[] = [
  serveCommand,
  configCommand,
  addCommand,
  searchCommand,
  historyCommand,
  editCommand,
  runsCommand,
  watchCommand,
  groupsCommand,
  keysCommand,
  deleteCommand,
  eraseCommand,
  exportCommand,
  importCommand,
  backupCommand,
  restoreCommand,
  webhooksCommand,
  agentsCommand,
  toolsCommand,
  triggersCommand,
  secretsCommand,
  creditsCommand,
  doctorCommand,
  projectsCommand,
  usersCommand,
  usageCommand,
]

/** Runs the command line; resolves with the exit code: 0 done, 1 failed, 2 misused. */
export const runCli = async (args: readonly string[], io: Io): Promise<number> => {
  const program = createProgram(io)
  for (const command of commands) command(program, io)
  try {
    await program.parseAsync(args, { from: 'user' })
    return 0
  } catch (error) {
    return reportFailure(io, error)
  }
}

const createProgram = (io: Io): Command => {
  const paint = painter(io, io.out)
  return new Command('remanence')
    .description('Memory for AI agents: hand in what was said, get back what is worth knowing.')
    .version(packageJson.version, '--version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print the help of a command')
    .option('--json', 'print JSON, one document a line, with members named as in the SDK')
    .option(
      '--config <FILE>',
      'file of settings (default: REMANENCE_CONFIG, else remanence.json if there is one)',
    )
    .configureHelp({ showGlobalOptions: true, styleTitle: (title) => paint('bold', title) })
    .configureOutput({
      writeOut: io.out.write,
      writeErr: io.err.write,
      outputError: (text, write) => write(text.replace(/^error: /, 'remanence: ')),
      getOutHelpWidth: () => Math.min(110, io.out.columns),
      getErrHelpWidth: () => Math.min(110, io.err.columns),
      getOutHasColors: () => hasColours(io, io.out),
      getErrHasColors: () => hasColours(io, io.err),
    })
    .exitOverride()
    .addHelpText('after', examples)
}

const examples = `
Examples:
  remanence serve                                        start the server
  remanence add "Mara keeps bees." --user mara           remember something
  remanence search "what does Mara keep?" --user mara    find it again
  remanence runs                                         see what was done`
