import { type Static, Type } from 'typebox'
import { toIso } from '../../kernel/clock.ts'
import type { User } from '../../projects/user.ts'

export const UserRepresentation = Type.Object({
  user_id: Type.String({ description: 'As it was first written.' }),
  created_at: Type.String({ description: 'When an add first named it.' }),
  active_at: Type.String({ description: 'When an add last named it.' }),
  memory_count: Type.Integer({ description: 'Memories of user-scoped topics, over all groups.' }),
  run_count: Type.Integer({ description: 'Runs that are kept.' }),
  open_run_count: Type.Integer({ description: 'Those of them that have not ended.' }),
})

export const toUserRepresentation = (user: User): Static<typeof UserRepresentation> => ({
  user_id: user.userId,
  created_at: toIso(user.createdAt),
  active_at: toIso(user.activeAt),
  memory_count: user.memoryCount,
  run_count: user.runCount,
  open_run_count: user.openRunCount,
})
