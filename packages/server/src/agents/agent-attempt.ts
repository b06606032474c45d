/** What the steps of one attempt of an agent or tool run share: what was recorded before, what it costs, and what it has cost. */
import { monthStartOf } from '../kernel/clock.ts'
import { StepError } from '../kernel/step-error.ts'
import { StepFailure } from '../pipeline/run-step.ts'
import type { Attempt, PipelineDependencies } from '../pipeline/step.ts'
import { addAmounts } from './amount.ts'
import { createJsonChecks, type JsonChecks } from './check-json.ts'
import type { Charge, CreditAccount, CreditRates } from './credits.ts'
import { exhaustionOf } from './manage-credits.ts'

export type Spent = { readonly tokens: number; readonly credits: string }

export type AgentAttempt = Attempt & {
  /** What the step of that name came to, if the attempt may go on from it. */
  readonly recorded: <Output>(name: string) => Output | null
  /** As they were when the attempt began. */
  readonly rates: CreditRates
  /** Of all steps of the run, those that failed among them. */
  readonly spent: () => Spent
  readonly spend: (charge: Charge) => void
  readonly checks: JsonChecks
}

/**
 * Throws StepFailure `insufficient_credits` (final) when the run would begin while nothing is left: it may have waited, or be begun by
 * another run or anew.
 */
export const openAttempt = async (
  { clock }: PipelineDependencies,
  attempt: Attempt,
): Promise<AgentAttempt> => {
  const { run, storage } = attempt
  const [steps, account] = await Promise.all([
    run.attempt === 1 ? [] : storage.listSteps(run.runId),
    storage.agents.getCredits({ monthStartAt: monthStartOf(clock.now()) }),
  ])
  refuseExhausted(attempt, account)
  const outputs = new Map(
    steps
      .filter(({ status, isVoid }) => status === 'completed' && !isVoid)
      .map((step) => [step.name, step.output]),
  )
  let spent: Spent = { tokens: 0, credits: '0' }
  const spend = ({ tokens, amount }: Charge) => {
    spent = { tokens: spent.tokens + tokens, credits: addAmounts(spent.credits, amount) }
  }
  for (const { charge } of steps) if (charge !== undefined) spend(charge)
  return {
    ...attempt,
    // safety: a step's output is written by the step of that name only
    recorded: <Output>(name: string) => (outputs.get(name) ?? null) as Output | null,
    rates: account.rates,
    spent: () => spent,
    spend,
    checks: createJsonChecks(),
  }
}

const refuseExhausted = ({ run }: Attempt, account: CreditAccount): void => {
  const reason = run.attempt === run.attemptBase + 1 ? exhaustionOf(account) : null
  if (reason !== null) throw new StepFailure('apply', new StepError('insufficient_credits', reason), null)
}
