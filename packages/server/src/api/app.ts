/** The HTTP face: one Fastify app with every route of the list, the same rules for bodies, keys and errors everywhere. */

import type { IncomingMessage, ServerResponse } from 'node:http'
import type { ValidatorFactory } from '@fastify/ajv-compiler'
import swagger from '@fastify/swagger'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import Fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  LogController,
  type onRequestHookHandler,
  type RawServerDefault,
} from 'fastify'
import type { Clock } from '../kernel/clock.ts'
import type { Ids } from '../kernel/ids.ts'
import { parseBody } from '../kernel/json.ts'
import { type Limits, NAME_LENGTH_MAX, REQUEST_TIMEOUT_MS } from '../kernel/limits.ts'
import type { Log } from '../kernel/log.ts'
import type { Access } from '../projects/access.ts'
import type { KeyScope } from '../projects/project.ts'
import type { Storage } from '../storage/storage.ts'
import { createAuthenticator } from './auth.ts'
import { createKeyCache, type KeyCache } from './key-cache.ts'
import { openApiDocument } from './open-api.ts'
import { refuseUnreadable, renderNotFound, renderProblem } from './problem-response.ts'
import { routes } from './routes/index.ts'
import { stripNulls } from './strip-nulls.ts'
import { createValidatorCompiler, validationProblem } from './validator.ts'

export type ApiDependencies = {
  readonly storage: Storage
  readonly clock: Clock
  readonly ids: Ids
  readonly limits: Limits
  readonly log: Log
  readonly wakeWorker: () => void
}

/** What a route may use besides the caller's access. */
export type RouteDependencies = ApiDependencies & { readonly keys: KeyCache }

export type Api = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>

declare module 'fastify' {
  interface FastifyRequest {
    /** Set on every route that names a scope. */
    access: Access
  }
  interface FastifyContextConfig {
    /** What the key must be allowed to do; null: any key; absent: no key needed. */
    scope?: KeyScope | null
  }
}

export const createApi = async (given: ApiDependencies): Promise<Api> => {
  const { limits, log } = given
  const dependencies = { ...given, keys: createKeyCache(given) }
  const render = renderProblem(log)
  const app: Api = Fastify({
    loggerInstance: log as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: limits.bodyBytesMax,
    // Twice, because a character of a name may be two code units.
    routerOptions: { maxParamLength: 2 * NAME_LENGTH_MAX },
    frameworkErrors: render,
    clientErrorHandler: refuseUnreadable,
    // One logger for all: requests are not logged one by one, so a child for each would be made for nothing.
    childLoggerFactory: (logger) => logger,
    forceCloseConnections: 'idle',
    schemaErrorFormatter: validationProblem,
    requestTimeout: REQUEST_TIMEOUT_MS,
    schemaController: { compilersFactory },
  }).withTypeProvider<TypeBoxTypeProvider>()
  app.removeAllContentTypeParsers()
  app.addContentTypeParser(
    'application/json',
    { parseAs: 'buffer' },
    async (_request: unknown, body: Buffer) => (body.length === 0 ? undefined : parseBody(body)),
  )
  app.setErrorHandler(render)
  app.setNotFoundHandler(renderNotFound)
  app.addHook('onRequest', refuseEmptyParts)
  app.addHook('onRequest', createAuthenticator(dependencies))
  app.addHook('preValidation', (request, _reply, done) => {
    if (request.body !== undefined) request.body = stripNulls(request.routeOptions.schema?.body, request.body)
    done()
  })
  await app.register(swagger, openApiDocument)
  for (const route of routes) route(app, dependencies)
  return app
}

const compilersFactory = {
  // safety: the types of Fastify know its own compiler only; this one is called with the same route and answers the same way
  buildValidator: createValidatorCompiler as unknown as ValidatorFactory,
  // Answers are typed by their schemas; to write them by the schema is no faster than this, and slower to start.
  buildSerializer: () => () => JSON.stringify,
}

/** Nothing has an empty name or id, yet the router takes the end of `/v1/runs/` for one. */
const refuseEmptyParts: onRequestHookHandler = ({ params }, reply, done) => {
  // safety: the router's parameters are text
  if (Object.values(params as Record<string, string>).includes('')) reply.callNotFound()
  else done()
}
