import { Command } from 'commander'
import packageJson from '../../package.json' with { type: 'json' }
import type { Io } from './io.ts'
import { reportFailure } from './report-failure.ts'
import { hasColours, painter } from './terminal/paint.ts'

type AddCommand = (program: Command, io: Io) => void

/** THE list of commands, in the order of the help. Each adds itself to the program, and is loaded when it is called by its name. */
const commands: Readonly<Record<string, () => Promise<AddCommand>>> = {
  serve: async () => (await import('./commands/serve.ts')).serveCommand,
  config: async () => (await import('./commands/config.ts')).configCommand,
  add: async () => (await import('./commands/add.ts')).addCommand,
  search: async () => (await import('./commands/search.ts')).searchCommand,
  history: async () => (await import('./commands/history.ts')).historyCommand,
  edit: async () => (await import('./commands/edit.ts')).editCommand,
  runs: async () => (await import('./commands/runs.ts')).runsCommand,
  watch: async () => (await import('./commands/watch.ts')).watchCommand,
  groups: async () => (await import('./commands/groups.ts')).groupsCommand,
  keys: async () => (await import('./commands/keys.ts')).keysCommand,
  delete: async () => (await import('./commands/delete.ts')).deleteCommand,
  erase: async () => (await import('./commands/erase.ts')).eraseCommand,
  export: async () => (await import('./commands/export.ts')).exportCommand,
  import: async () => (await import('./commands/import.ts')).importCommand,
  backup: async () => (await import('./commands/backup.ts')).backupCommand,
  restore: async () => (await import('./commands/restore.ts')).restoreCommand,
  webhooks: async () => (await import('./commands/webhooks.ts')).webhooksCommand,
  agents: async () => (await import('./commands/agents.ts')).agentsCommand,
  tools: async () => (await import('./commands/tools.ts')).toolsCommand,
  triggers: async () => (await import('./commands/triggers.ts')).triggersCommand,
  secrets: async () => (await import('./commands/secrets.ts')).secretsCommand,
  credits: async () => (await import('./commands/credits.ts')).creditsCommand,
  doctor: async () => (await import('./commands/doctor.ts')).doctorCommand,
  projects: async () => (await import('./commands/projects.ts')).projectsCommand,
  users: async () => (await import('./commands/users.ts')).usersCommand,
  usage: async () => (await import('./commands/usage.ts')).usageCommand,
}

/** Those that the arguments name; all of them when they name none, as for the help. */
const loadCommands = (args: readonly string[]): Promise<readonly AddCommand[]> => {
  const named = Object.keys(commands).filter((name) => args.includes(name))
  const wanted = named.length > 0 ? named : Object.keys(commands)
  return Promise.all(wanted.flatMap((name) => commands[name]?.() ?? []))
}

/** Runs the command line; resolves with the exit code: 0 done, 1 failed, 2 misused. */
export const runCli = async (args: readonly string[], io: Io): Promise<number> => {
  const program = createProgram(io)
  for (const addTo of await loadCommands(args)) addTo(program, io)
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
