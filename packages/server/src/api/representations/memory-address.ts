import { type Static, Type } from 'typebox'
import type { MemoryAddress } from '../../memories/get-memory.ts'
import { GroupName, UserId, Uuid } from './schema.ts'

export const MemoryAddressPath = Type.Object({ id: Uuid })

export const MemoryAddressQuery = Type.Object(
  { user_id: Type.Optional(UserId), group: Type.Optional(GroupName) },
  { additionalProperties: false },
)

export const readAddress = (
  path: Static<typeof MemoryAddressPath>,
  query: Static<typeof MemoryAddressQuery>,
): MemoryAddress => ({
  memoryId: path.id.toLowerCase(),
  ...(query.user_id !== undefined && { userId: query.user_id }),
  ...(query.group !== undefined && { group: query.group }),
})
