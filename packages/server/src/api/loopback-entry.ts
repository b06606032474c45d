/**
 * Entry without a key, for clients that can send none: only on routes that say so, only into the project that the configuration
 * names, and only for programs of this machine. Behind a proxy everybody comes from this machine, and a page in a browser makes
 * requests from it too, so whatever a proxy or a browser adds to a request closes the entry.
 */
import type { FastifyRequest } from 'fastify'
import { problem } from '../kernel/problem.ts'
import type { KeyScope } from '../projects/project.ts'
import type { Storage } from '../storage/storage.ts'

export type LoopbackEntry = {
  readonly keyId: string
  readonly scopes: readonly KeyScope[]
  readonly projectId: string
}

const addedByOthers = [
  'origin',
  'forwarded',
  'via',
  'x-forwarded-for',
  'x-real-ip',
  'sec-fetch-site',
] as const

const isLoopback = (address: string | undefined): boolean =>
  address !== undefined && /^(127\.\d+\.\d+\.\d+|::1|::ffff:127\.\d+\.\d+\.\d+)$/.test(address)

const isLocalName = (host: string | undefined): boolean =>
  host !== undefined && /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?$/i.test(host)

/** Null: the request has to bring a key. Throws Problem `unavailable` when there is no project of the configured name. */
export const createLoopbackEntry =
  ({
    storage,
    loopbackProject,
  }: {
    storage: Pick<Storage, 'listProjects'>
    loopbackProject: string | null
  }) =>
  async ({ headers, socket, routeOptions }: FastifyRequest): Promise<LoopbackEntry | null> => {
    if (loopbackProject === null || routeOptions.config.isKeyless !== true) return null
    if (headers.authorization !== undefined || headers['x-api-key'] !== undefined) return null
    if (!isLoopback(socket.remoteAddress) || !isLocalName(headers.host)) return null
    if (addedByOthers.some((name) => headers[name] !== undefined)) return null
    const project = (await storage.listProjects()).find(({ name }) => name === loopbackProject)
    if (project === undefined)
      throw problem('unavailable', `There is no project "${loopbackProject}", which loopbackProject names.`)
    return { keyId: 'loopback', scopes: ['read', 'write'], projectId: project.projectId }
  }
