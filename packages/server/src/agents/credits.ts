/**
 * Credits: what agent and tool runs cost in a project, by its own rates. Amounts are decimals in text (`"0.85"`), never binary
 * fractions; they are rounded half-even to CREDIT_DIGIT_COUNT places.
 */

/** Of a model: credits per 1,000 tokens. */
export type ModelRate = { readonly input: string; readonly output: string }

export type CreditRates = {
  /** By the model's name; `*` is for all others. Without either its tokens cost nothing. */
  readonly models: Readonly<Record<string, ModelRate>>
  /** Of each action. */
  readonly action: string
}

/** Of one calendar month, UTC; null: no cap. */
export type CreditCaps = {
  readonly tokens: number | null
  readonly actions: number | null
  readonly credits: string | null
}

export type CreditAccount = {
  readonly rates: CreditRates
  readonly caps: CreditCaps
  /** What is left; null: nothing is counted down. It may fall below zero by what a run in hand still costs. */
  readonly balance: string | null
  /** Used in the current month. */
  readonly used: { readonly tokens: number; readonly actions: number; readonly credits: string }
}

/** What one step of a run costs. */
export type Charge = {
  readonly amount: string
  readonly tokens: number
  readonly actions: number
}

export const transactionKinds = ['charge', 'grant', 'carried'] as const

export type CreditTransaction = {
  /** Order within the project. */
  readonly seq: number
  /** `carried`: the first that is kept, when earlier ones are not; its amount is the balance that they left. */
  readonly kind: (typeof transactionKinds)[number]
  /** Of a charge. */
  readonly runId: string | null
  readonly step: string | null
  readonly model: string | null
  readonly tokens: number
  readonly actions: number
  /** What the balance moved by: negative for a charge. */
  readonly amount: string
  readonly balanceBefore: string | null
  readonly balanceAfter: string | null
  readonly at: number
}

/** Decimal places that amounts are kept to; two are shown where an API says so. */
export const CREDIT_DIGIT_COUNT = 6
