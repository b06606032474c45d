import type { Route } from '../../../api/route.ts'
import { requireUser } from '../../../projects/users.ts'
import { allMemories, findGroup, type MemoryType } from '../memories.ts'
import { badRequest, readId } from '../read-id.ts'
import { sendJson } from '../send-json.ts'

/** All memories of a user, or all core memories; of each type the oldest first. */
export const listMemories: Route = (app) => {
  const list = (path: string, { types, failed }: { types: readonly MemoryType[]; failed: string }) => {
    const config = { scope: 'read', isKeyless: true, gomemory: { failed } } as const
    app.route({ method: 'GET', url: path, config, handler: async (_request, reply) => badRequest(reply) })
    app.route<{ Params: { id: string } }>({
      method: 'GET',
      url: `${path}:id`,
      config,
      handler: async ({ access, params }, reply) => {
        const userId = readId(params.id)
        if (userId === null) return badRequest(reply)
        const group = await findGroup(access)
        await requireUser(access, userId)
        const lists = await Promise.all(types.map((type) => allMemories(access, group, { type, userId })))
        return sendJson(reply, lists.flat())
      },
    })
  }
  list('/get_all/', { types: ['core', 'general'], failed: 'Failed to get all user memories' })
  list('/get_core/', { types: ['core'], failed: 'Oops something went wrong! Please try again later!' })
}
