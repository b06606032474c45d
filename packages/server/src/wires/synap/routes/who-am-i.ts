import { createHash } from 'node:crypto'
import type { Route } from '../../../api/route.ts'

/** What a client calls itself by: ids that follow from the project, so they are the same for all its keys. */
export const whoAmI: Route = (app) => {
  app.route({
    method: 'GET',
    url: '/api/v1/auth/whoami',
    config: { scope: null },
    handler: async ({ access: { storage } }) => ({
      client_id: clientIdOf(storage.projectId),
      instance_id: `inst_${digits('instance', storage.projectId)}`,
    }),
  })
}

export const clientIdOf = (projectId: string): string => `cli_${digits('client', projectId)}`

const digits = (kind: string, projectId: string): string =>
  createHash('sha256').update(`synap ${kind} ${projectId}`).digest('hex').slice(0, 16)
