import type { Command } from 'commander'
import { addClientOptions, type ClientOptions, connect } from '../connect.ts'
import { CommandFailure, type Io, printJson } from '../io.ts'
import { painter } from '../terminal/paint.ts'
import { table } from '../terminal/table.ts'
import { relativeTime } from '../terminal/time.ts'

/** `remanence secrets`: what actions use and nothing shows. */
export const secretsCommand = (program: Command, io: Io): void => {
  const command = program
    .command('secrets')
    .description('List the names of the secrets that actions use. Needs a key with the scope admin.')
    .summary('set and remove secrets of actions')
  addClientOptions(command)
    .addHelpText('after', examples)
    .action(() => listSecrets(io, command.optsWithGlobals<ClientOptions>()))
  const list = command
    .command('list')
    .description('List the names of secrets.')
    .action(() => listSecrets(io, list.optsWithGlobals<ClientOptions>()))
  const set = command
    .command('set <name>')
    .description('Set a secret to what standard input says, so that it is in no history of commands.')
    .action((name: string) => setSecret(io, name, set.optsWithGlobals<ClientOptions>()))
  const remove = command
    .command('remove <name>')
    .description('Remove a secret.')
    .action((name: string) => removeSecret(io, name, remove.optsWithGlobals<ClientOptions>()))
}

const listSecrets = async (io: Io, flags: ClientOptions): Promise<void> => {
  const secrets = await connect(io, flags).secrets.list()
  if (flags.json) return printJson(io, { secrets })
  if (secrets.length === 0) return io.err.write('no secrets\n')
  const rows = secrets.map(({ name, updatedAt }) => [name, relativeTime(updatedAt, io.now())])
  io.out.write(table(['SECRET', 'SET'], rows, { paint: painter(io, io.out), columns: io.out.columns }))
}

const setSecret = async (io: Io, name: string, flags: ClientOptions): Promise<void> => {
  if (io.err.isTerminal) io.err.write('type the secret, and end it with Ctrl-D on a line of its own\n')
  const value = (await io.readInput()).replace(/\r?\n$/, '')
  if (value === '') throw new CommandFailure('standard input holds no secret', 2)
  const secret = await connect(io, flags).secrets.set(name, value)
  if (flags.json) return printJson(io, secret)
  io.out.write(`secret ${name} is set\n`)
}

const removeSecret = async (io: Io, name: string, flags: ClientOptions): Promise<void> => {
  await connect(io, flags).secrets.delete(name)
  if (flags.json) return printJson(io, { name, deleted: true })
  io.out.write(`secret ${name} is removed\n`)
}

const examples = `
Examples:
  remanence secrets set WEATHER_KEY < key.txt
  remanence secrets remove WEATHER_KEY`
