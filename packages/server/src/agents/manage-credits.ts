/** What a project's agents may cost, and what they have cost. */
import { monthStartOf } from '../kernel/clock.ts'
import { problem } from '../kernel/problem.ts'
import type { Access } from '../projects/access.ts'
import type { Page } from '../storage/storage.ts'
import { isLess, normalAmount } from './amount.ts'
import type { CreditAccount, CreditCaps, CreditRates, CreditTransaction } from './credits.ts'

type Reading = Pick<Access, 'storage' | 'clock'>

/** With what was used in the current month, UTC. */
export const getCredits = ({ storage, clock }: Reading): Promise<CreditAccount> =>
  storage.agents.getCredits({ monthStartAt: monthStartOf(clock.now()) })

/** Rates hold for what is charged from now on. */
export const setCredits = async (
  access: Access,
  { rates, caps }: { readonly rates?: CreditRates | undefined; readonly caps?: CreditCaps | undefined },
): Promise<CreditAccount> => {
  await access.storage.agents.setCredits({
    ...(rates !== undefined && { rates: normalRates(rates) }),
    ...(caps !== undefined && {
      caps: { ...caps, credits: caps.credits === null ? null : normalAmount(caps.credits) },
    }),
  })
  return getCredits(access)
}

const normalRates = ({ models, action }: CreditRates): CreditRates => ({
  models: Object.fromEntries(
    Object.entries(models).map(([name, { input, output }]) => [
      name,
      { input: normalAmount(input), output: normalAmount(output) },
    ]),
  ),
  action: normalAmount(action),
})

/** Adds to the balance (a negative amount takes from it), or with null ends counting it. */
export const grantCredits = async (access: Access, amount: string | null): Promise<CreditAccount> => {
  const { storage, clock } = access
  await storage.agents.grantCredits({
    amount: amount === null ? null : normalAmount(amount),
    now: clock.now(),
  })
  return getCredits(access)
}

/** Newest first. */
export const listCreditTransactions = (
  { storage }: Access,
  params: {
    readonly runId: string | null
    readonly kind: CreditTransaction['kind'] | null
    readonly limit: number
    readonly cursor: string | null
  },
): Promise<Page<CreditTransaction>> => storage.agents.listCreditTransactions(params)

/**
 * A run is begun only while there is something left of everything that is counted; one that has begun may overdraw it by what its step
 * in hand costs. Throws Problem `insufficient_credits`.
 */
export const refuseExhausted = async (access: Reading): Promise<void> => {
  const reason = exhaustionOf(await getCredits(access))
  if (reason !== null) throw problem('insufficient_credits', reason)
}

/** Why no more may be spent, as a sentence; null while more may. */
export const exhaustionOf = ({ caps, balance, used }: CreditAccount): string | null => {
  if (balance !== null && !isLess('0', balance)) return `The balance of the project is ${balance} credits.`
  if (caps.credits !== null && !isLess(used.credits, caps.credits))
    return `The project has used ${used.credits} of its ${caps.credits} credits of this month.`
  if (caps.tokens !== null && used.tokens >= caps.tokens)
    return `The project has used ${used.tokens} of its ${caps.tokens} tokens of this month.`
  if (caps.actions !== null && used.actions >= caps.actions)
    return `The project has used ${used.actions} of its ${caps.actions} actions of this month.`
  return null
}
