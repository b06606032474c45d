import { problem } from '../kernel/problem.ts'
import type { Page } from '../storage/storage.ts'
import type { Access } from './access.ts'
import { userKeyOf } from './scope.ts'
import type { User } from './user.ts'

/** Makes the user known to the project before anything was added for it. */
export const registerUser = ({ storage, clock }: Access, userId: string): Promise<void> =>
  storage.registerUser({ userKey: userKeyOf(userId), userId, now: clock.now() })

/** Throws Problem `unknown_user`. */
export const requireUser = async ({ storage }: Access, userId: string): Promise<void> => {
  if (!(await storage.hasUser(userKeyOf(userId)))) throw problem('unknown_user', `user "${userId}" not found`)
}

/** Users whose id begins with `prefix`, whatever its case, in alphabetical order of their ids in lower case. */
export const listUsers = (
  { storage }: Access,
  params: { readonly prefix: string; readonly limit: number; readonly cursor: string | null },
): Promise<Page<User>> => storage.pageUsers({ ...params, prefix: userKeyOf(params.prefix) })

/** Throws Problem `not_found`. */
export const getUser = async ({ storage }: Access, userId: string): Promise<User> => {
  const user = await storage.getUser(userKeyOf(userId))
  if (user === null) throw problem('not_found', `user ${userId} not found`)
  return user
}
