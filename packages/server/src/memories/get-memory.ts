import { problem } from '../kernel/problem.ts'
import type { Access } from '../projects/access.ts'
import { findGroup, missingUser } from '../projects/find-group.ts'
import { userKeyOf } from '../projects/scope.ts'
import type { Memory } from './memory.ts'

export type MemoryAddress = { readonly memoryId: string; readonly userId?: string; readonly group?: string }

/**
 * One memory by its id, for who names its user (if it has one) and its group. Another user's memory is as unknown as one that
 * never was. Throws Problem `unknown_group`, `unknown_user`, `missing_user`, `not_found`.
 */
export const getMemory = async ({ storage }: Access, address: MemoryAddress): Promise<Memory> => {
  const group = await findGroup(storage, address.group)
  const userKey = address.userId === undefined ? null : userKeyOf(address.userId)
  if (userKey !== null && !(await storage.hasUser(userKey))) {
    throw problem('unknown_user', `user "${address.userId}" not found`)
  }
  const memory = await storage.getMemory(address.memoryId)
  if (memory === null || memory.scope.groupId !== group.groupId) throw unknownMemory(address)
  if (memory.scope.userKey === null) return memory
  if (userKey === null) throw missingUser(memory.scope.topic)
  if (memory.scope.userKey !== userKey) throw unknownMemory(address)
  return memory
}

const unknownMemory = ({ memoryId }: MemoryAddress) => problem('not_found', `memory ${memoryId} not found`)
