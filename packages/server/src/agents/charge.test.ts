import { expect, test } from 'vitest'
import { chargeFor } from './charge.ts'
import type { CreditRates } from './credits.ts'

const rates: CreditRates = {
  models: { small: { input: '0.15', output: '0.6' }, '*': { input: '1', output: '2' } },
  action: '0.05',
}
const use = { model: 'small', inputTokens: 1_900, outputTokens: 550, cost: 0 }

test('tokens cost by the rates of their model, and of any other by those of all others', () => {
  expect(chargeFor(rates, { use, actions: 0 })).toEqual({ amount: '0.615', tokens: 2_450, actions: 0 })
  expect(chargeFor(rates, { use: { ...use, model: 'large' }, actions: 0 })?.amount).toBe('3')
  // A member of every object is no rate of a model.
  expect(chargeFor(rates, { use: { ...use, model: 'constructor' }, actions: 0 })?.amount).toBe('3')
})

test('an action costs its rate, and what a model took for it', () => {
  expect(chargeFor(rates, { use: null, actions: 1 })).toEqual({ amount: '0.05', tokens: 0, actions: 1 })
  expect(chargeFor(rates, { use, actions: 1 })?.amount).toBe('0.665')
})

test('without rates it is counted and costs nothing, and where nothing was taken there is no charge', () => {
  const none: CreditRates = { models: {}, action: '0' }
  expect(chargeFor(none, { use, actions: 1 })).toEqual({ amount: '0', tokens: 2_450, actions: 1 })
  expect(chargeFor(rates, { use: null, actions: 0 })).toBeNull()
})

test('amounts are exact, and halves at the last place go to the even neighbour', () => {
  const tiny = { models: { '*': { input: '0.0005', output: '0' } }, action: '0' }
  const amounts = [1, 3, 5].map(
    (inputTokens) => chargeFor(tiny, { use: { ...use, inputTokens, outputTokens: 0 }, actions: 0 })?.amount,
  )
  expect(amounts).toEqual(['0', '0.000002', '0.000002'])
})
