import type { KeyScope } from '@remanence/sdk'
import { type Command, Option } from 'commander'
import { addClientOptions, type ClientOptions, connect } from '../connect.ts'
import { type Io, printJson } from '../io.ts'
import { oneLine, painter } from '../terminal/paint.ts'
import { type Cell, table } from '../terminal/table.ts'
import { relativeTime } from '../terminal/time.ts'

/** `remanence keys`: the API keys of the project, to list, make and revoke. */
export const keysCommand = (program: Command, io: Io): void => {
  const command = program
    .command('keys')
    .description(
      'List the API keys of the project, or make and revoke them. Needs a key with the scope admin.',
    )
    .summary('list, make and revoke API keys')
  addClientOptions(command)
    .addHelpText('after', examples)
    .action(() => listKeys(io, command.optsWithGlobals<ClientOptions>()))
  const create = command
    .command('create <name>')
    .description('Make a key. It is shown this once.')
    .addOption(
      new Option('--scopes <SCOPES...>', 'what it may do')
        .choices(['read', 'write', 'admin'])
        .default(['read', 'write']),
    )
    .action((name: string) => createKey(io, name, create.optsWithGlobals<CreateFlags>()))
  const revoke = command
    .command('revoke <key-id>')
    .description('Revoke a key, from now on and for good.')
    .action((keyId: string) => revokeKey(io, keyId, revoke.optsWithGlobals<ClientOptions>()))
}

type CreateFlags = ClientOptions & { readonly scopes: readonly KeyScope[] }

const listKeys = async (io: Io, flags: ClientOptions): Promise<void> => {
  const keys = await connect(io, flags).keys.list()
  if (flags.json) return printJson(io, { keys })
  const rows = keys.map((key): readonly Cell[] => [
    key.keyId,
    oneLine(key.name),
    `${key.prefix}…`,
    key.scopes.join(' '),
    relativeTime(key.createdAt, io.now()),
    key.lastUsedAt === null ? 'never' : relativeTime(key.lastUsedAt, io.now()),
    key.revokedAt === null ? '' : [relativeTime(key.revokedAt, io.now()), 'red'],
  ])
  const head = ['KEY ID', 'NAME', 'KEY', 'SCOPES', 'MADE', 'LAST USED', 'REVOKED']
  io.out.write(table(head, rows, { paint: painter(io, io.out), columns: io.out.columns }))
}

const createKey = async (io: Io, name: string, flags: CreateFlags): Promise<void> => {
  const created = await connect(io, flags).keys.create({ name, scopes: flags.scopes })
  if (flags.json) return printJson(io, created)
  io.out.write(`${created.key}\n`)
  io.err.write(`key ${created.keyId} may ${created.scopes.join(', ')}; it is shown this once\n`)
}

const revokeKey = async (io: Io, keyId: string, flags: ClientOptions): Promise<void> => {
  await connect(io, flags).keys.revoke(keyId)
  if (flags.json) return printJson(io, { keyId, revoked: true })
  io.out.write(`key ${keyId} is revoked\n`)
}

const examples = `
Examples:
  remanence keys
  remanence keys create dashboard --scopes read
  remanence keys revoke 0199c2f1-6d3a-7c41-9c55-2f0d3b6c8e10`
