import type { User } from '@remanence/sdk'
import type { Command } from 'commander'
import { addClientOptions, type ClientOptions, connect } from '../connect.ts'
import { type Io, printJson } from '../io.ts'
import { readCount } from '../option-values.ts'
import { facts } from '../terminal/facts.ts'
import { oneLine, painter } from '../terminal/paint.ts'
import { table } from '../terminal/table.ts'
import { relativeTime } from '../terminal/time.ts'

type UsersFlags = ClientOptions & { readonly prefix?: string; readonly limit?: number }

/** `remanence users`: whom the project knows. */
export const usersCommand = (program: Command, io: Io): void => {
  const command = program
    .command('users')
    .description('List the users of the project, in alphabetical order.')
    .summary('list users, or show one')
    .option('--prefix <TEXT>', 'only users whose name begins with it')
    .option('--limit <COUNT>', 'how many to list (default: 100)', readCount)
  addClientOptions(command)
    .addHelpText('after', examples)
    .action(() => listUsers(io, command.optsWithGlobals<UsersFlags>()))
  const show = command
    .command('show <user>')
    .description('Show one user.')
    .action((userId: string) => showUser(io, userId, show.optsWithGlobals<ClientOptions>()))
}

const listUsers = async (io: Io, flags: UsersFlags): Promise<void> => {
  const { json, prefix, limit = 100 } = flags
  const users: User[] = []
  const list = connect(io, flags).users.list({ prefix, limit: Math.min(limit, 100) })
  for await (const user of list) if (users.push(user) >= limit) break
  if (json) return printJson(io, { users })
  if (users.length === 0) return io.err.write('no users\n')
  const rows = users.map((user) => [
    oneLine(user.userId),
    String(user.memoryCount),
    String(user.runCount),
    String(user.openRunCount),
    relativeTime(user.createdAt, io.now()),
    relativeTime(user.activeAt, io.now()),
  ])
  const head = ['USER', 'MEMORIES', 'RUNS', 'OPEN', 'FIRST SEEN', 'LAST SEEN']
  io.out.write(table(head, rows, { paint: painter(io, io.out), columns: io.out.columns }))
}

const showUser = async (io: Io, userId: string, flags: ClientOptions): Promise<void> => {
  const user = await connect(io, flags).users.get(userId)
  if (flags.json) return printJson(io, user)
  io.out.write(
    facts(painter(io, io.out), [
      ['user', oneLine(user.userId)],
      ['first seen', `${user.createdAt} (${relativeTime(user.createdAt, io.now())})`],
      ['last seen', `${user.activeAt} (${relativeTime(user.activeAt, io.now())})`],
      ['memories', String(user.memoryCount)],
      ['runs', `${user.runCount}, ${user.openRunCount} of them open`],
    ]),
  )
}

const examples = `
Examples:
  remanence users --prefix ma
  remanence users show mara`
