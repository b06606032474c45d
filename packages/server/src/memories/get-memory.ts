import { problem } from '../kernel/problem.ts'
import type { Access } from '../projects/access.ts'
import { findGroup, missingUser } from '../projects/find-group.ts'
import { type Scope, userKeyOf } from '../projects/scope.ts'
import type { Memory } from './memory.ts'

export type MemoryAddress = { readonly memoryId: string; readonly userId?: string; readonly group?: string }

/** With `asOf` it is the memory as it was then. */
export type DatedAddress = MemoryAddress & { readonly asOf?: number }

/**
 * One memory by its id, for who names its user (if it has one) and its group. Another user's memory is as unknown as one that
 * never was. Throws Problem `unknown_group`, `unknown_user`, `missing_user`, `not_found`.
 */
export const getMemory = (access: Access, address: DatedAddress): Promise<Memory> =>
  findAddressed(access, address, () => {
    const { memoryId, asOf } = address
    return asOf === undefined
      ? access.storage.getMemory(memoryId)
      : access.storage.getMemoryAt({ memoryId, at: asOf })
  })

/** What `find` finds, if it is of the group and the user that the address names. Throws what getMemory throws. */
export const findAddressed = async <Found extends { readonly scope: Scope }>(
  { storage }: Access,
  address: MemoryAddress,
  find: () => Promise<Found | null>,
): Promise<Found> => {
  const group = await findGroup(storage, address.group)
  const userKey = address.userId === undefined ? null : userKeyOf(address.userId)
  if (userKey !== null && !(await storage.hasUser(userKey))) {
    throw problem('unknown_user', `user "${address.userId}" not found`)
  }
  const found = await find()
  if (found === null || found.scope.groupId !== group.groupId) throw unknownMemory(address)
  if (found.scope.userKey === null) return found
  if (userKey === null) throw missingUser(found.scope.topic)
  if (found.scope.userKey !== userKey) throw unknownMemory(address)
  return found
}

export const unknownMemory = ({ memoryId }: Pick<MemoryAddress, 'memoryId'>) =>
  problem('not_found', `memory ${memoryId} not found`)
