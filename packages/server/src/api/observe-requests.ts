import type { Observer } from '../observe/observer.ts'
import type { Api } from './route.ts'

/** Tells an observer of every request, by the template of its route. */
export const observeRequests = (app: Api, observer: Observer): void => {
  app.decorateRequest('observed')
  app.addHook('onRequest', (request, _reply, done) => {
    const { url } = request.routeOptions
    request.observed = observer.requestStarted({
      method: request.method,
      route: url ?? null,
      traceparent: headerText(request.headers.traceparent),
    })
    done()
  })
  app.addHook('onResponse', (request, reply, done) => {
    request.observed.ended({ status: reply.statusCode, seconds: reply.elapsedTime / 1_000 })
    done()
  })
}

/** A header sent twice is none of the kind that may be sent once. */
const headerText = (header: string | string[] | undefined): string | undefined =>
  typeof header === 'string' ? header : undefined
