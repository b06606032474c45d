import { expect, test } from 'vitest'
import { addAmounts, isLess, negateAmount, normalAmount, tokenCost } from './amount.ts'

test('sums are exact where binary fractions are not', () => {
  expect(addAmounts('0.1', '0.2')).toBe('0.3')
  expect(addAmounts()).toBe('0')
  expect(addAmounts('99999999999999999999.999999', '0.000001')).toBe('100000000000000000000')
})

test('an amount has one form: no exponent, no superfluous zeros, no negative nothing', () => {
  expect(['1.50', '1e-5', '-0', '1E3', '0.0000004'].map(normalAmount)).toEqual([
    ...['1.5', '0.00001', '0', '1000', '0'],
  ])
  expect(negateAmount('0')).toBe('0')
  expect(negateAmount('-2.5')).toBe('2.5')
})

test('halves go to the even neighbour', () => {
  expect(['0.0000005', '0.0000015', '0.0000025', '-0.0000015'].map(normalAmount)).toEqual([
    ...['0', '0.000002', '0.000002', '-0.000002'],
  ])
})

test('tokens cost by the thousand, input and output at their own rates', () => {
  const rate = { input: '0.15', output: '0.6' }
  expect(tokenCost({ inputTokens: 1_900, outputTokens: 550 }, rate)).toBe('0.615')
  expect(tokenCost({ inputTokens: 1, outputTokens: 0 }, { input: '0.0005', output: '9' })).toBe('0')
})

test('amounts are compared as numbers, not as texts', () => {
  expect([isLess('9', '10'), isLess('10', '9'), isLess('1.0', '1')]).toEqual([true, false, false])
})
