import type { Delivery, DeliveryState, Remanence } from '@remanence/sdk'
import { type Command, Option } from 'commander'
import { type ClientOptions, connect } from '../connect.ts'
import { CommandFailure, type Io, printJson } from '../io.ts'
import { readCount } from '../option-values.ts'
import { facts } from '../terminal/facts.ts'
import { type Format, oneLine, painter } from '../terminal/paint.ts'
import { type Cell, table } from '../terminal/table.ts'
import { relativeTime } from '../terminal/time.ts'

/** Adds to `remanence webhooks` what is about deliveries. */
export const addDeliveryCommands = (webhooks: Command, io: Io): void => {
  const test = webhooks
    .command('test <webhook-id>')
    .description('Try a webhook: deliver an event of the type webhook.test, and say what became of it.')
    .action((id: string) => testWebhook(io, id, test.optsWithGlobals<ClientOptions>()))
  const list = webhooks
    .command('deliveries <webhook-id>')
    .description('List what a webhook was told, newest first.')
    .addOption(
      new Option('--state <STATE>', 'only deliveries in this state').choices([
        'pending',
        'delivered',
        'dead',
      ]),
    )
    .option('--limit <COUNT>', 'how many to list (default: 20)', readCount)
    .action((id: string) => listDeliveries(io, id, list.optsWithGlobals<ListFlags>()))
  const show = webhooks
    .command('delivery <webhook-id> <delivery-id>')
    .description('Show one delivery with what is sent.')
    .action((...ids: string[]) => showDelivery(io, ids, show.optsWithGlobals<ClientOptions>()))
  const replay = webhooks
    .command('replay <webhook-id> [delivery-id]')
    .description('Make a delivery again, or all dead ones.')
    .option('--dead', 'all dead deliveries of the webhook')
    .action((...ids: (string | undefined)[]) =>
      replayDeliveries(io, ids, replay.optsWithGlobals<ReplayFlags>()),
    )
}

type ListFlags = ClientOptions & { readonly state?: DeliveryState; readonly limit?: number }
type ReplayFlags = ClientOptions & { readonly dead?: true }

const POLL_MS = 100
/** Longer than any attempt takes, unless the server was told to wait longer. */
const WAIT_MS_MAX = 60_000

const testWebhook = async (io: Io, id: string, flags: ClientOptions): Promise<void> => {
  const client = connect(io, flags)
  const delivery = await untilEnded(client, await client.webhooks.test(id))
  if (flags.json) printJson(io, delivery)
  if (delivery.state !== 'delivered')
    throw new CommandFailure(`webhook ${id} was not reached: ${delivery.lastError ?? 'no answer yet'}`)
  if (!flags.json) io.out.write(`webhook ${id} answered ${delivery.lastStatus}\n`)
}

const untilEnded = async (client: Remanence, begun: Delivery): Promise<Delivery> => {
  let delivery = begun
  for (let waitedMs = 0; delivery.state === 'pending' && waitedMs < WAIT_MS_MAX; waitedMs += POLL_MS) {
    await new Promise((resolve) => setTimeout(resolve, POLL_MS))
    delivery = await client.webhooks.delivery(begun.webhookId, begun.deliveryId)
  }
  return delivery
}

const formats: Readonly<Record<DeliveryState, Format>> = { pending: 'cyan', delivered: 'green', dead: 'red' }

const listDeliveries = async (io: Io, id: string, flags: ListFlags): Promise<void> => {
  const { json, state, limit = 20 } = flags
  const deliveries: Delivery[] = []
  const list = connect(io, flags).webhooks.deliveries(id, { state, limit: Math.min(limit, 100) })
  for await (const delivery of list) if (deliveries.push(delivery) >= limit) break
  if (json) return printJson(io, { deliveries })
  if (deliveries.length === 0) return io.err.write('no deliveries\n')
  const rows = deliveries.map((delivery): readonly Cell[] => [
    delivery.deliveryId,
    [delivery.state, formats[delivery.state]],
    delivery.type,
    delivery.runId ?? '',
    relativeTime(delivery.createdAt, io.now()),
    String(delivery.attempts),
    delivery.nextAttemptAt === null ? '' : relativeTime(delivery.nextAttemptAt, io.now()),
    oneLine(delivery.lastError ?? String(delivery.lastStatus ?? '')),
  ])
  const head = ['DELIVERY', 'STATE', 'EVENT', 'RUN', 'MADE', 'ATTEMPTS', 'NEXT', 'LAST RESULT']
  io.out.write(table(head, rows, { paint: painter(io, io.out), columns: io.out.columns }))
}

const showDelivery = async (io: Io, ids: readonly string[], flags: ClientOptions): Promise<void> => {
  const [webhookId = '', deliveryId = ''] = ids
  const delivery = await connect(io, flags).webhooks.delivery(webhookId, deliveryId)
  if (flags.json) return printJson(io, delivery)
  const paint = painter(io, io.out)
  io.out.write(
    facts(paint, [
      ['delivery', delivery.deliveryId],
      ['state', paint(formats[delivery.state], delivery.state)],
      ['event', delivery.type],
      ['run', delivery.runId ?? ''],
      ['made', `${delivery.createdAt} (${relativeTime(delivery.createdAt, io.now())})`],
      ['attempts', String(delivery.attempts)],
      ['next attempt', delivery.nextAttemptAt ?? ''],
      ['last status', String(delivery.lastStatus ?? '')],
      ['last error', oneLine(delivery.lastError ?? '')],
      ['last answer', oneLine(delivery.lastResponse ?? '')],
      ['body', oneLine(delivery.body)],
    ]),
  )
}

const replayDeliveries = async (
  io: Io,
  ids: readonly (string | undefined)[],
  flags: ReplayFlags,
): Promise<void> => {
  const [webhookId = '', deliveryId] = ids
  if ((typeof deliveryId === 'string') === (flags.dead === true))
    throw new CommandFailure('name a delivery, or say --dead for all dead ones', 2)
  const { webhooks } = connect(io, flags)
  if (typeof deliveryId === 'string') {
    const delivery = await webhooks.replay(webhookId, deliveryId)
    if (flags.json) return printJson(io, delivery)
    return io.out.write(`delivery ${deliveryId} is made again\n`)
  }
  const replayed = await webhooks.replayDead(webhookId)
  if (flags.json) return printJson(io, { replayed })
  io.out.write(`${replayed} dead ${replayed === 1 ? 'delivery is' : 'deliveries are'} made again\n`)
}
