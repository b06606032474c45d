/**
 * Whose memories a call is about, by the ids it names:
 *
 *     ids                  b2c                        b2b
 *     user and customer    the user                   the user, as one of the customer's
 *     user                 the user                   refused
 *     customer             the user of that name      the customer
 *     none                 the client (the project)   the client
 *
 * Each level is a group of its own: memories of users, of customers, and of nobody in particular. In b2c every user is the customer too,
 * under one name whichever of the two a call gives.
 *
 * Who reads sees its own level and the wider ones, never a narrower one.
 */
import { problem } from '../../kernel/problem.ts'
import { type Properties, userKeyOf } from '../../projects/scope.ts'
import type { GroupName } from './groups.ts'

/** Whether users stand for themselves, or belong to customers. */
export const relationships = ['b2c', 'b2b'] as const
export type Relationship = (typeof relationships)[number]

/** As they come: null and empty say the same as absent. */
export type ScopeIds = {
  readonly user_id?: string | null | undefined
  readonly customer_id?: string | null | undefined
}

export type SynapScope = {
  readonly level: 'user' | 'customer' | 'client'
  readonly group: GroupName
  /** Null above the level of users. */
  readonly userId: string | null
  readonly properties: Properties
}

/** Where what is handed in belongs. Throws Problem `missing_property`. */
export const writeScope = (ids: ScopeIds, relationship: Relationship): SynapScope => {
  const [user, customer] = [ids.user_id || null, ids.customer_id || null]
  if (relationship === 'b2c') {
    const person = user ?? customer
    return person === null ? clientScope : userScope(person, personal(person))
  }
  if (customer === null) {
    if (user === null) return clientScope
    throw problem(
      'missing_property',
      'A user belongs to a customer here: customer_id is required with user_id.',
      {
        errors: [{ message: 'is required', location: 'body.customer_id' }],
      },
    )
  }
  return user === null ? customerScope(customer) : userScope(user, customer)
}

/**
 * What a call with these ids may see, the narrowest first. In b2c what single uploads put at a customer of another name than the user's is
 * seen by calls that name it. Throws Problem `missing_property`.
 */
export const readScopes = (ids: ScopeIds, relationship: Relationship): readonly SynapScope[] => {
  const own = writeScope(ids, relationship)
  const [user, customer] = [ids.user_id || null, ids.customer_id || null]
  if (customer === null || own.level === 'client') return own.level === 'client' ? [own] : [own, clientScope]
  const asCustomers = user === null ? [] : [userScope(user, customer)]
  return distinct([own, ...asCustomers, customerScope(customer), clientScope])
}

export const clientScope: SynapScope = {
  ...{ level: 'client', group: 'synap-client', userId: null, properties: {} },
}

const customerScope = (customer: string): SynapScope => ({
  ...{ level: 'customer', group: 'synap-customer', userId: null, properties: { customer_id: customer } },
})

const userScope = (userId: string, customer: string): SynapScope => ({
  ...{ level: 'user', group: 'synap', userId, properties: { customer_id: customer } },
})

/** Users are the same whatever their case; properties are not, so the one that stands for the user is written in one way. */
const personal = (userId: string): string => userKeyOf(userId)

const distinct = (scopes: readonly SynapScope[]): readonly SynapScope[] => [
  ...new Map(
    scopes.map((scope) => [JSON.stringify([scope.group, scope.userId, scope.properties]), scope]),
  ).values(),
]
