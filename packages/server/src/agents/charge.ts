/** What a step costs, by the rates of its project. */
import type { ModelUse } from '../models/model.ts'
import { addAmounts, tokenCost } from './amount.ts'
import type { Charge, CreditRates, ModelRate } from './credits.ts'

type Taken = {
  /** What models took; null where none was asked. */
  readonly use: ModelUse | null
  readonly actions: number
}

/** Null when nothing was taken: then there is nothing to write down. */
export const chargeFor = (rates: CreditRates, { use, actions }: Taken): Charge | null => {
  if (use === null && actions === 0) return null
  const forTokens = use === null ? '0' : tokenCost(use, rateOf(rates, use.model))
  return {
    amount: addAmounts(forTokens, ...Array<string>(actions).fill(rates.action)),
    tokens: use === null ? 0 : use.inputTokens + use.outputTokens,
    actions,
  }
}

const free: ModelRate = { input: '0', output: '0' }

// A model may have the name of a member that every object has.
const rateOf = ({ models }: CreditRates, model: string): ModelRate =>
  (Object.hasOwn(models, model) ? models[model] : undefined) ?? models['*'] ?? free
