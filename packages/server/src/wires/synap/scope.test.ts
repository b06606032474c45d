import { expect, test } from 'vitest'
import { Problem } from '../../kernel/problem.ts'
import { type Relationship, readScopes, type ScopeIds, writeScope } from './scope.ts'

const both = { user_id: 'Ada', customer_id: 'Acme' }
const user = { user_id: 'Ada', customer_id: null }
const customer = { user_id: '', customer_id: 'Acme' }
const none = { customer_id: '' }

const shown = ({ level, userId, properties }: ReturnType<typeof writeScope>) =>
  [level, userId, properties.customer_id].filter((part) => part != null).join(' ')
const write = (ids: ScopeIds, relationship: Relationship) => shown(writeScope(ids, relationship))
const read = (ids: ScopeIds, relationship: Relationship) => readScopes(ids, relationship).map(shown)
const refusal = (attempt: () => unknown) => {
  try {
    return attempt()
  } catch (error) {
    return error instanceof Problem ? error.code : error
  }
}

test('what is handed in goes where the ids say', () => {
  expect([both, user, customer, none].map((ids) => write(ids, 'b2c'))).toEqual([
    'user Ada ada',
    'user Ada ada',
    'user Acme acme',
    'client',
  ])
  expect([both, customer, none].map((ids) => write(ids, 'b2b'))).toEqual([
    'user Ada Acme',
    'customer Acme',
    'client',
  ])
  expect(refusal(() => write(user, 'b2b'))).toBe('missing_property')
})

test('who reads sees the own level and the wider ones', () => {
  expect(read(both, 'b2b')).toEqual(['user Ada Acme', 'customer Acme', 'client'])
  expect(read(customer, 'b2b')).toEqual(['customer Acme', 'client'])
  expect(read(none, 'b2b')).toEqual(['client'])
  expect(refusal(() => read(user, 'b2b'))).toBe('missing_property')
  expect(read(user, 'b2c')).toEqual(['user Ada ada', 'client'])
  expect(read(none, 'b2c')).toEqual(['client'])
})

test('in b2c the customer changes nothing about whose memory it is, and what is put at a customer is seen by who names it', () => {
  expect(read(both, 'b2c')).toEqual(['user Ada ada', 'user Ada Acme', 'customer Acme', 'client'])
  expect(read({ user_id: 'ada', customer_id: 'ada' }, 'b2c')).toEqual([
    'user ada ada',
    'customer ada',
    'client',
  ])
})
