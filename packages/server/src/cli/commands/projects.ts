import type { Project, ProjectLimits } from '@remanence/sdk'
import type { Command } from 'commander'
import { addClientOptions, type ClientOptions, connect } from '../connect.ts'
import { type Io, printJson } from '../io.ts'
import { readCount, readDuration } from '../option-values.ts'
import { facts } from '../terminal/facts.ts'
import { oneLine, painter } from '../terminal/paint.ts'
import { table } from '../terminal/table.ts'
import { duration, relativeTime } from '../terminal/time.ts'

/** `remanence projects`: the projects of the server, and one's own. */
export const projectsCommand = (program: Command, io: Io): void => {
  const command = program
    .command('projects')
    .description(
      'List the projects of the server, or make and rename them. Needs a key with the scope operator.',
    )
    .summary('list, show, make and steer projects')
  addClientOptions(command)
    .addHelpText('after', examples)
    .action(() => listProjects(io, command.optsWithGlobals<ClientOptions>()))
  const show = command
    .command('show [project-id]')
    .description('Show a project; without an id that of the key, which needs the scope read only.')
    .action((id: string | undefined) => showProject(io, id, show.optsWithGlobals<ClientOptions>()))
  const create = command
    .command('create <name>')
    .description('Make a project with a first key, which is shown this once.')
    .option('--template <NAME>', 'topics of its default group (default: personalization)')
    .action((name: string) => createProject(io, name, create.optsWithGlobals<CreateFlags>()))
  for (const [verb, description] of steerings) {
    const steer = command
      .command(verb)
      .description(description)
      .action(() => steerProject(io, verb, steer.optsWithGlobals<ClientOptions>()))
  }
  const rename = command
    .command('rename <project-id> <name>')
    .description('Give a project another name.')
    .action((id: string, name: string) =>
      renameProject(io, { id, name }, rename.optsWithGlobals<ClientOptions>()),
    )
  const limit = command
    .command('limit <project-id>')
    .description('Give a project limits of its own. What is not named is as on the server.')
    .option('--queue-depth <COUNT>', 'runs that may wait or be worked on', readCount)
    .option('--run-retention <TIME>', 'how long ended runs are kept, as 90d; 0 for good', readDuration)
    .option('--event-retention <TIME>', 'how long events are kept', readDuration)
    .option('--version-retention <TIME>', 'how long replaced versions of memories are kept', readDuration)
    .option('--delivery-retention <TIME>', 'how long ended deliveries to webhooks are kept', readDuration)
    .option('--ledger-retention <TIME>', 'how long transactions of credits are kept', readDuration)
    .action((id: string) => limitProject(io, id, limit.optsWithGlobals<LimitFlags>()))
  const remove = command
    .command('delete <project-id>')
    .description('Remove a project with everything in it, for good.')
    .requiredOption('--confirm <NAME>', 'the name of the project')
    .action((id: string) => deleteProject(io, id, remove.optsWithGlobals<DeleteFlags>()))
}

type DeleteFlags = ClientOptions & { readonly confirm: string }
type LimitFlags = ClientOptions & Partial<ProjectLimits>

const steerings = [
  ['pause', 'Have the project of the key accept runs, but start none. Needs the scope admin.'],
  ['drain', 'Have it work off what waits, but accept nothing.'],
  ['resume', 'Have it work and accept as usual.'],
] as const

type CreateFlags = ClientOptions & { readonly template?: string }

const listProjects = async (io: Io, flags: ClientOptions): Promise<void> => {
  const projects = await Array.fromAsync(connect(io, flags).projects.list())
  if (flags.json) return printJson(io, { projects })
  const rows = projects.map(({ projectId, name, createdAt }) => [
    projectId,
    oneLine(name),
    relativeTime(createdAt, io.now()),
  ])
  const head = ['PROJECT ID', 'NAME', 'MADE']
  io.out.write(table(head, rows, { paint: painter(io, io.out), columns: io.out.columns }))
}

const showProject = async (io: Io, id: string | undefined, flags: ClientOptions): Promise<void> => {
  const { projects } = connect(io, flags)
  const project = await (id === undefined ? projects.own() : projects.get(id))
  if (flags.json) return printJson(io, project)
  io.out.write(
    facts(painter(io, io.out), [
      ['project', project.projectId],
      ['name', oneLine(project.name)],
      ['made', `${project.createdAt} (${relativeTime(project.createdAt, io.now())})`],
      ['state', project.state],
      ['open runs', `${project.depth} of ${project.limits.queueDepth}`],
      ['groups', countText(project, 'groups')],
      ['users', countText(project, 'users')],
      ['memories', countText(project, 'memories')],
      ['runs kept', keptText(project.limits.runRetention)],
      ['events kept', keptText(project.limits.eventRetention)],
      ['versions', keptText(project.limits.versionRetention)],
      ['deliveries', keptText(project.limits.deliveryRetention)],
      ['ledger', keptText(project.limits.ledgerRetention)],
    ]),
  )
}

const countText = ({ counts, countsExact }: Project, name: keyof Project['counts']): string =>
  `${countsExact ? '' : 'at least '}${counts[name]}`

const keptText = (seconds: number): string => (seconds === 0 ? '' : `kept for ${duration(seconds * 1_000)}`)

const createProject = async (io: Io, name: string, flags: CreateFlags): Promise<void> => {
  const created = await connect(io, flags).projects.create({ name, template: flags.template })
  if (flags.json) return printJson(io, created)
  io.out.write(`${created.key}\n`)
  io.err.write(`project ${created.projectId} is made; its key is shown this once\n`)
}

const steerProject = async (
  io: Io,
  verb: (typeof steerings)[number][0],
  flags: ClientOptions,
): Promise<void> => {
  const project = await connect(io, flags).projects[verb]()
  if (flags.json) return printJson(io, project)
  io.out.write(`project ${oneLine(project.name)} is ${project.state}, with ${project.depth} open runs\n`)
}

const renameProject = async (
  io: Io,
  { id, name }: { id: string; name: string },
  flags: ClientOptions,
): Promise<void> => {
  const project = await connect(io, flags).projects.rename(id, name)
  if (flags.json) return printJson(io, project)
  io.out.write(`project ${id} is now ${oneLine(project.name)}\n`)
}

const limitProject = async (io: Io, id: string, flags: LimitFlags): Promise<void> => {
  const { queueDepth, runRetention, eventRetention, versionRetention, deliveryRetention, ledgerRetention } =
    flags
  const limits = {
    queueDepth,
    runRetention,
    eventRetention,
    versionRetention,
    deliveryRetention,
    ledgerRetention,
  }
  const given = Object.fromEntries(Object.entries(limits).filter(([, value]) => value !== undefined))
  const project = await connect(io, flags).projects.limit(id, given)
  if (flags.json) return printJson(io, project)
  const names = Object.keys(project.ownLimits)
  io.out.write(
    `project ${id} has ${names.length === 0 ? 'the limits of the server' : `${names.join(', ')} of its own`}\n`,
  )
}

const deleteProject = async (io: Io, id: string, flags: DeleteFlags): Promise<void> => {
  const project = await connect(io, flags).projects.delete(id, flags.confirm)
  if (flags.json) return printJson(io, project)
  io.out.write(`project ${id} is closed, and everything in it is being removed\n`)
}

const examples = `
Examples:
  remanence projects
  remanence projects show
  remanence projects create tenant-7 > tenant-7.key
  remanence projects limit 0199c2f1-6d3a-7c41-9c55-2f0d3b6c8e10 --queue-depth 1000 --run-retention 90d`
