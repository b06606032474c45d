import type { FastifyRequest } from 'fastify'
import type { Observer } from '../observe/observer.ts'
import { formatTraceparent, parseTraceparent } from '../runs/traceparent.ts'
import type { Api } from './route.ts'

/** Tells an observer of every request, by the template of its route, and finds the trace that the request belongs to. */
export const observeRequests = (app: Api, observer: Observer): void => {
  app.decorateRequest('observed')
  app.decorateRequest('traceparent', null)
  app.addHook('onRequest', (request, _reply, done) => {
    const { method, headers } = request
    const given = headers.traceparent === undefined ? null : readTraceparent(headers.traceparent)
    const { url } = request.routeOptions
    const route = url === undefined ? null : asksToWait(request) ? `${url}?wait` : url
    request.observed = observer.requestStarted({ method, route, traceparent: given })
    request.traceparent = given ?? request.observed.traceparent
    done()
  })
  app.addHook('onResponse', (request, reply, done) => {
    request.observed.ended(reply.statusCode, reply.elapsedTime / 1_000)
    done()
  })
}

/** How long such a request takes says nothing about the server: it counts apart. */
const asksToWait = ({ query, headers }: FastifyRequest): boolean =>
  (typeof query === 'object' && query !== null && 'wait' in query) ||
  (headers.prefer !== undefined && /wait/i.test(String(headers.prefer)))

/** A header that is none, or came more than once, counts as absent: a request is never refused for it. */
const readTraceparent = (header: string | string[]): string | null => {
  const parsed = typeof header === 'string' ? parseTraceparent(header) : null
  return parsed === null ? null : formatTraceparent(parsed)
}
