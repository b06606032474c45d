/** Arithmetic of credits: decimals in text, exact, and rounded half-even to CREDIT_DIGIT_COUNT places. */
import Big from 'big.js'
import { CREDIT_DIGIT_COUNT } from './credits.ts'

/** Half-even, by the number big.js has for it. */
const HALF_EVEN = 2

const toText = (value: Big): string => {
  const rounded = value.round(CREDIT_DIGIT_COUNT, HALF_EVEN)
  return rounded.eq(0) ? '0' : rounded.toFixed()
}

export const addAmounts = (...amounts: readonly string[]): string =>
  toText(amounts.reduce((sum, amount) => sum.plus(amount), new Big(0)))

export const negateAmount = (amount: string): string => toText(new Big(0).minus(amount))

export const isLess = (amount: string, than: string): boolean => new Big(amount).lt(than)

/** An amount as it is kept: without an exponent or superfluous zeros. */
export const normalAmount = (amount: string): string => toText(new Big(amount))

/** What so many tokens cost at these rates, which are for 1,000 of them. */
export const tokenCost = (
  { inputTokens, outputTokens }: { readonly inputTokens: number; readonly outputTokens: number },
  rate: { readonly input: string; readonly output: string },
): string =>
  toText(new Big(rate.input).times(inputTokens).plus(new Big(rate.output).times(outputTokens)).div(THOUSAND))

const THOUSAND = 1_000
