import type { CreditCaps, CreditRates, Credits } from '@remanence/sdk'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { addClientOptions, type ClientOptions, connect } from '../connect.ts'
import { CommandFailure, type Io, printJson } from '../io.ts'
import { readCount } from '../option-values.ts'
import { facts } from '../terminal/facts.ts'
import { oneLine, painter } from '../terminal/paint.ts'
import { type Cell, table } from '../terminal/table.ts'
import { relativeTime } from '../terminal/time.ts'

/** `remanence credits`: what agents and tools may cost, and have cost. */
export const creditsCommand = (program: Command, io: Io): void => {
  const command = program
    .command('credits')
    .description('Show the balance, the rates, the caps, and what was used in this month.')
    .summary('what agents may cost and have cost')
  addClientOptions(command)
    .addHelpText('after', examples)
    .action(() => showCredits(io, command.optsWithGlobals<ClientOptions>()))
  const set = command
    .command('set')
    .description('Set rates and caps; what is not named stays as it is. Needs a key with the scope admin.')
    .option('--rate <MODEL=IN/OUT>', 'for 1,000 tokens; * is for all other models; may be repeated', readRate)
    .option('--action-rate <AMOUNT>', 'for each action')
    .option('--cap-credits <AMOUNT>', 'of a month; none takes the cap away')
    .option('--cap-tokens <NUMBER>', 'of a month, or none', readCap)
    .option('--cap-actions <NUMBER>', 'of a month, or none', readCap)
    .action(() => setCredits(io, set.optsWithGlobals<SetFlags>()))
  const grant = command
    .command('grant <amount>')
    .description('Add to the balance; unlimited ends counting it down. Needs a key with the scope admin.')
    .action((amount: string) => grantCredits(io, amount, grant.optsWithGlobals<ClientOptions>()))
  const list = command
    .command('transactions')
    .description('List charges and grants, newest first.')
    .option('--run <RUN-ID>', 'only what this run was charged')
    .addOption(new Option('--kind <KIND>', 'only these').choices(['charge', 'grant', 'carried']))
    .option('--limit <NUMBER>', 'how many (default: 20)', readCount)
    .action(() => listTransactions(io, list.optsWithGlobals<ListFlags>()))
}

type Rates = CreditRates['models']
/** `none` takes it away. */
type Cap<Amount> = Amount | 'none'
type SetFlags = ClientOptions & {
  readonly rate?: Rates
  readonly actionRate?: string
  readonly capCredits?: Cap<string>
  readonly capTokens?: Cap<number>
  readonly capActions?: Cap<number>
}
type ListFlags = ClientOptions & {
  readonly run?: string
  readonly kind?: 'charge' | 'grant' | 'carried'
  readonly limit?: number
}

/** Reads `*=0.1/0.3`, several times over. */
const readRate = (text: string, previous: Rates = {}): Rates => {
  const [, model, input, output] = /^(.+)=([\d.]+)\/([\d.]+)$/.exec(text) ?? []
  if (model === undefined || input === undefined || output === undefined)
    throw new InvalidArgumentError('It must have the form model=input/output, such as *=0.1/0.3.')
  return { ...previous, [model]: { input, output } }
}

const readCap = (text: string): Cap<number> => (text === 'none' ? text : readCount(text))

/** The cap as it is then. */
const capOf = <Amount>(given: Cap<Amount> | undefined, before: Amount | null): Amount | null =>
  given === undefined ? before : given === 'none' ? null : given

const showCredits = async (io: Io, flags: ClientOptions): Promise<void> => {
  const credits = await connect(io, flags).credits.get()
  if (flags.json) return printJson(io, credits)
  printCredits(io, credits)
}

const printCredits = (io: Io, { balance, rates, caps, used }: Credits): void => {
  const of = (amount: number | string, cap: number | string | null) =>
    `${amount}${cap === null ? '' : ` of ${cap}`}`
  const lines = [
    ['balance', balance ?? 'not counted'],
    ['used', `${of(used.credits, caps.credits)} credits this month`],
    ['tokens', of(used.tokens, caps.tokens)],
    ['actions', of(used.actions, caps.actions)],
    ['action rate', rates.action],
    ...Object.entries(rates.models).map(
      ([model, { input, output }]) => ['rate', `${oneLine(model)}: ${input} in, ${output} out`] as const,
    ),
  ] as const
  io.out.write(facts(painter(io, io.out), lines))
}

const setCredits = async (io: Io, flags: SetFlags): Promise<void> => {
  const { rate, actionRate, capCredits, capTokens, capActions } = flags
  const hasRates = rate !== undefined || actionRate !== undefined
  const hasCaps = [capCredits, capTokens, capActions].some((cap) => cap !== undefined)
  if (!hasRates && !hasCaps) throw new CommandFailure('say what is set: a rate or a cap', 2)
  const { credits } = connect(io, flags)
  const before = await credits.get()
  const rates: CreditRates = {
    models: { ...before.rates.models, ...rate },
    action: actionRate ?? before.rates.action,
  }
  const caps: CreditCaps = {
    credits: capOf(capCredits, before.caps.credits),
    tokens: capOf(capTokens, before.caps.tokens),
    actions: capOf(capActions, before.caps.actions),
  }
  const after = await credits.set({ ...(hasRates && { rates }), ...(hasCaps && { caps }) })
  if (flags.json) return printJson(io, after)
  printCredits(io, after)
}

const grantCredits = async (io: Io, amount: string, flags: ClientOptions): Promise<void> => {
  const after = await connect(io, flags).credits.grant(amount === 'unlimited' ? null : amount)
  if (flags.json) return printJson(io, after)
  io.out.write(
    after.balance === null ? 'the balance is counted no more\n' : `the balance is ${after.balance}\n`,
  )
}

const LIST_COUNT_DEFAULT = 20

const listTransactions = async (io: Io, flags: ListFlags): Promise<void> => {
  const { run: runId, kind, limit = LIST_COUNT_DEFAULT } = flags
  const pages = connect(io, flags).credits.transactions({ runId, kind, limit: Math.min(limit, 100) })
  const transactions = []
  for await (const one of pages) if (transactions.push(one) === limit) break
  if (flags.json) return printJson(io, { transactions })
  if (transactions.length === 0) return io.err.write('no transactions\n')
  const rows = transactions.map((one): readonly Cell[] => [
    String(one.seq),
    [one.amount, one.amount.startsWith('-') ? 'red' : 'green'],
    one.balanceAfter ?? '',
    one.runId ?? one.kind,
    oneLine([one.step, one.model].filter((text) => text !== null).join(' ')),
    String(one.tokens),
    relativeTime(one.at, io.now()),
  ])
  const head = ['NO', 'AMOUNT', 'BALANCE', 'RUN', 'STEP', 'TOKENS', 'WHEN']
  io.out.write(table(head, rows, { paint: painter(io, io.out), columns: io.out.columns }))
}

const examples = `
Examples:
  remanence credits set --rate '*=0.1/0.3' --action-rate 0.05 --cap-credits 100
  remanence credits grant 25
  remanence credits transactions --kind charge`
