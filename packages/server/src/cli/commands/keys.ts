import type { ApiKey, CreatedKey, KeyScope } from '@remanence/sdk'
import { type Command, Option } from 'commander'
import { addClientOptions, type ClientOptions, connect } from '../connect.ts'
import { CommandFailure, type Io, printJson } from '../io.ts'
import { readDuration, readFuture } from '../option-values.ts'
import { oneLine, painter } from '../terminal/paint.ts'
import { type Cell, table } from '../terminal/table.ts'
import { relativeTime } from '../terminal/time.ts'

/** `remanence keys`: the API keys of the project, to list, make, change, rotate and revoke. */
export const keysCommand = (program: Command, io: Io): void => {
  const command = program
    .command('keys')
    .description(
      'List the API keys of the project, or make, change, rotate and revoke them. Needs a key with the scope admin.',
    )
    .summary('list, make, rotate and revoke API keys')
  addClientOptions(command)
    .addHelpText('after', examples)
    .action(() => listKeys(io, command.optsWithGlobals<ClientOptions>()))
  const readExpiry = (text: string) => readFuture(text, io.now())
  const create = command
    .command('create <name>')
    .description('Make a key. It is shown this once.')
    .addOption(
      new Option('--scopes <SCOPES...>', 'what it may do')
        .choices(['read', 'write', 'admin', 'operator'])
        .default(['read', 'write']),
    )
    .option('--expires <WHEN>', 'when it ends: 90d, 12h, 30min, or an RFC 3339 instant', readExpiry)
    .action((name: string) => createKey(io, name, create.optsWithGlobals<CreateFlags>()))
  const change = command
    .command('change <key-id>')
    .description('Rename a key, or let it end at another time.')
    .option('--name <NAME>', 'its new name')
    .option('--expires <WHEN>', 'its new end', readExpiry)
    .action((keyId: string) => changeKey(io, keyId, change.optsWithGlobals<ChangeFlags>()))
  const rotate = command
    .command('rotate <key-id>')
    .description('Make a key of the same name and scopes in place of another. It is shown this once.')
    .option(
      '--grace <TIME>',
      'how long the old key goes on working: 1h, 30min (default: not at all)',
      readDuration,
    )
    .option('--expires <WHEN>', 'end of the new key (default: it lives as long as the old one)', readExpiry)
    .action((keyId: string) => rotateKey(io, keyId, rotate.optsWithGlobals<RotateFlags>()))
  const revoke = command
    .command('revoke <key-id>')
    .description('Revoke a key, from now on and for good.')
    .action((keyId: string) => revokeKey(io, keyId, revoke.optsWithGlobals<ClientOptions>()))
}

type CreateFlags = ClientOptions & { readonly scopes: readonly KeyScope[]; readonly expires?: string }
type ChangeFlags = ClientOptions & { readonly name?: string; readonly expires?: string }
type RotateFlags = ClientOptions & { readonly grace?: number; readonly expires?: string }

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
    stateOf(key, io.now()),
  ])
  const head = ['KEY ID', 'NAME', 'KEY', 'SCOPES', 'MADE', 'LAST USED', 'STATE']
  io.out.write(table(head, rows, { paint: painter(io, io.out), columns: io.out.columns }))
}

/** `active`, `active, ends in 3 d`, `expired 2 h ago`, `revoked 5 min ago` */
const stateOf = ({ state, expiresAt, revokedAt }: ApiKey, now: number): Cell => {
  if (state === 'revoked') return [`revoked ${relativeTime(revokedAt ?? '', now)}`, 'red']
  if (expiresAt === null) return state
  return state === 'expired'
    ? [`expired ${relativeTime(expiresAt, now)}`, 'red']
    : [`active, ends ${relativeTime(expiresAt, now)}`, 'yellow']
}

const createKey = async (io: Io, name: string, flags: CreateFlags): Promise<void> => {
  const created = await connect(io, flags).keys.create({
    name,
    scopes: flags.scopes,
    expiresAt: flags.expires,
  })
  showOnce(io, created, flags)
}

const rotateKey = async (io: Io, keyId: string, flags: RotateFlags): Promise<void> => {
  const { grace, expires } = flags
  const created = await connect(io, flags).keys.rotate(keyId, { graceSeconds: grace, expiresAt: expires })
  showOnce(io, created, flags)
}

/** The secret alone on standard output, so that it can be put where it belongs. */
const showOnce = (io: Io, created: CreatedKey, flags: ClientOptions): void => {
  if (flags.json) {
    printJson(io, created)
    return
  }
  io.out.write(`${created.key}\n`)
  const end = created.expiresAt ? ` and ends ${relativeTime(created.expiresAt, io.now())}` : ''
  io.err.write(`key ${created.keyId} may ${created.scopes.join(', ')}${end}; it is shown this once\n`)
}

const changeKey = async (io: Io, keyId: string, flags: ChangeFlags): Promise<void> => {
  const { name, expires } = flags
  if (name === undefined && expires === undefined)
    throw new CommandFailure('say what changes: --name or --expires', 2)
  const key = await connect(io, flags).keys.change(keyId, { name, expiresAt: expires })
  if (flags.json) return printJson(io, key)
  const [state] = [stateOf(key, io.now())].flat()
  io.out.write(`key ${keyId} is now ${oneLine(key.name)}, ${state}\n`)
}

const revokeKey = async (io: Io, keyId: string, flags: ClientOptions): Promise<void> => {
  await connect(io, flags).keys.revoke(keyId)
  if (flags.json) return printJson(io, { keyId, revoked: true })
  io.out.write(`key ${keyId} is revoked\n`)
}

const examples = `
Examples:
  remanence keys
  remanence keys create dashboard --scopes read --expires 90d
  remanence keys rotate 0199c2f1-6d3a-7c41-9c55-2f0d3b6c8e10 --grace 1h
  remanence keys revoke 0199c2f1-6d3a-7c41-9c55-2f0d3b6c8e10`
