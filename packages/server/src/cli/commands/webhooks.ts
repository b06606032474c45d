import type { UpdateWebhookOptions, Webhook, WebhookEventPattern } from '@remanence/sdk'
import type { Command } from 'commander'
import { addClientOptions, type ClientOptions, connect } from '../connect.ts'
import { type Io, printJson } from '../io.ts'
import { readDuration } from '../option-values.ts'
import { oneLine, painter } from '../terminal/paint.ts'
import { type Cell, table } from '../terminal/table.ts'
import { relativeTime } from '../terminal/time.ts'
import { addDeliveryCommands } from './webhook-deliveries.ts'

/** `remanence webhooks`: endpoints that are told of events, and what they were told. */
export const webhooksCommand = (program: Command, io: Io): void => {
  const command = program
    .command('webhooks')
    .description(
      'List the webhooks of the project, or make, change and try them. Needs a key with the scope admin.',
    )
    .summary('list, make and try webhooks, and see their deliveries')
    .option('--run <RUN>', 'that which a run brought along')
  addClientOptions(command)
    .addHelpText('after', examples)
    .action(() => listWebhooks(io, command.optsWithGlobals<ListFlags>()))
  const create = command
    .command('create <url>')
    .description('Make a webhook. Its secret is shown this once.')
    .option('--events <TYPES...>', 'run.failed, run.*, memory.created, … (default: all)')
    .option('--description <TEXT>', 'what it is for')
    .option('--user <NAME>', 'only events of runs of this user')
    .option('--tags <TAGS...>', 'only events of runs with one of these tags')
    .action((url: string) => createWebhook(io, url, create.optsWithGlobals<CreateFlags>()))
  const update = command
    .command('update <webhook-id>')
    .description('Change a webhook; what is not named stays as it is.')
    .option('--to <URL>', 'where it is now')
    .option('--events <TYPES...>', 'what it is told of now')
    .option('--description <TEXT>', 'what it is for')
    .option('--user <NAME>', 'only events of runs of this user')
    .option('--all-users', 'events of runs of all users again')
    .option('--tags <TAGS...>', 'only events of runs with one of these tags')
    .option('--all-tags', 'events of runs with whatever tags again')
    .action((id: string) => updateWebhook(io, id, update.optsWithGlobals<UpdateFlags>()))
  for (const [name, enabled, description] of [
    ['enable', true, 'Deliver again, also what waits.'],
    ['disable', false, 'Deliver nothing until it is enabled again.'],
  ] as const) {
    const change = command
      .command(`${name} <webhook-id>`)
      .description(description)
      .action((id: string) => enableWebhook(io, { id, enabled }, change.optsWithGlobals<ClientOptions>()))
  }
  const rotate = command
    .command('rotate <webhook-id>')
    .description(
      'Give a webhook a new secret, which is shown this once. The one so far signs too for a while.',
    )
    .option('--overlap <TIME>', 'how long, such as 2h or 7d (default: 1d)', readDuration)
    .action((id: string) => rotateWebhook(io, id, rotate.optsWithGlobals<RotateFlags>()))
  const remove = command
    .command('delete <webhook-id>')
    .description('Delete a webhook with its deliveries.')
    .action((id: string) => deleteWebhook(io, id, remove.optsWithGlobals<ClientOptions>()))
  addDeliveryCommands(command, io)
}

type ListFlags = ClientOptions & { readonly run?: string }
type CreateFlags = ClientOptions & {
  readonly events?: readonly WebhookEventPattern[]
  readonly description?: string
  readonly user?: string
  readonly tags?: readonly string[]
}
type UpdateFlags = CreateFlags & { readonly allUsers?: true; readonly allTags?: true; readonly to?: string }
type RotateFlags = ClientOptions & { readonly overlap?: number }

const listWebhooks = async (io: Io, flags: ListFlags): Promise<void> => {
  const webhooks = await connect(io, flags).webhooks.list({ runId: flags.run })
  if (flags.json) return printJson(io, { webhooks })
  if (webhooks.length === 0) return io.err.write('no webhooks\n')
  const rows = webhooks.map((webhook): readonly Cell[] => [
    webhook.webhookId,
    webhook.enabled ? ['enabled', 'green'] : ['disabled', 'red'],
    webhook.events.join(' '),
    oneLine(webhook.userId ?? ''),
    relativeTime(webhook.createdAt, io.now()),
    oneLine([webhook.url, webhook.description, webhook.disabledReason].filter((text) => text).join('; ')),
  ])
  const head = ['WEBHOOK ID', 'STATE', 'EVENTS', 'USER', 'MADE', 'URL']
  io.out.write(table(head, rows, { paint: painter(io, io.out), columns: io.out.columns }))
}

const createWebhook = async (io: Io, url: string, flags: CreateFlags): Promise<void> => {
  const { events, description, user, tags } = flags
  const options = { url, events, description, userId: user, tags }
  const created = await connect(io, flags).webhooks.create(options)
  if (flags.json) return printJson(io, created)
  io.out.write(`${created.secret}\n`)
  io.err.write(`webhook ${created.webhookId} is made; its secret is shown this once\n`)
}

const updateWebhook = async (io: Io, id: string, flags: UpdateFlags): Promise<void> => {
  const { to: url, events, description, user, allUsers } = flags
  const tags = flags.allTags ? [] : flags.tags
  const changes: UpdateWebhookOptions = { url, events, description, userId: user, allUsers, tags }
  const webhook = await connect(io, flags).webhooks.update(id, changes)
  if (flags.json) return printJson(io, webhook)
  io.out.write(`webhook ${id} is changed\n`)
}

const enableWebhook = async (
  io: Io,
  { id, enabled }: { id: string; enabled: boolean },
  flags: ClientOptions,
): Promise<void> => {
  const webhook: Webhook = await connect(io, flags).webhooks.update(id, { enabled })
  if (flags.json) return printJson(io, webhook)
  io.out.write(`webhook ${id} is ${webhook.enabled ? 'enabled' : 'disabled'}\n`)
}

const rotateWebhook = async (io: Io, id: string, flags: RotateFlags): Promise<void> => {
  const rotated = await connect(io, flags).webhooks.rotate(id, { overlapSeconds: flags.overlap })
  if (flags.json) return printJson(io, rotated)
  io.out.write(`${rotated.secret}\n`)
  const until = rotated.previousSecretExpiresAt
  io.err.write(`the secret is shown this once; the one before signs too until ${until}\n`)
}

const deleteWebhook = async (io: Io, id: string, flags: ClientOptions): Promise<void> => {
  await connect(io, flags).webhooks.delete(id)
  if (flags.json) return printJson(io, { webhookId: id, deleted: true })
  io.out.write(`webhook ${id} is deleted\n`)
}

const examples = `
Examples:
  remanence webhooks
  remanence webhooks create https://a.example/hook --events run.failed run.partial
  remanence webhooks test 0199c2f1-6d3a-7c41-9c55-2f0d3b6c8e10
  remanence webhooks deliveries 0199c2f1-6d3a-7c41-9c55-2f0d3b6c8e10 --state dead
  remanence webhooks replay 0199c2f1-6d3a-7c41-9c55-2f0d3b6c8e10 --dead`
