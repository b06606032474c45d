/** The HTTP face: one Fastify app with every route of the list, the same rules for bodies, keys and errors everywhere. */

import swagger from '@fastify/swagger'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import Fastify, {
  type FastifyBaseLogger,
  type FastifyError,
  type FastifyRequest,
  type FastifyServerOptions,
  LogController,
  type onRequestHookHandler,
} from 'fastify'
import { createSendStream } from '../http/send-stream.ts'
import { parseBody } from '../kernel/json.ts'
import { NAME_LENGTH_MAX, REQUEST_TIMEOUT_MS } from '../kernel/limits.ts'
import { type Problem, problem } from '../kernel/problem.ts'
import { createAuthenticator, createKeyCheck } from './auth.ts'
import { jsonSchemaOf } from './form-body.ts'
import { createKeyCache } from './key-cache.ts'
import { observeRequests } from './observe-requests.ts'
import { openApiDocument } from './open-api.ts'
import { refuseUnreadable, renderNotFound, renderProblem, toProblem } from './problem-response.ts'
import type { Api, ApiDependencies, RouteDependencies, Wire } from './route.ts'
import { routes } from './routes/index.ts'
import { stripNulls } from './strip-nulls.ts'
import { closeUnusedConnections } from './unused-connections.ts'
import { createValidatorCompiler, validationProblem } from './validator.ts'

export const createApi = async (given: ApiDependencies, wires: readonly Wire[] = []): Promise<Api> => {
  const { limits, log } = given
  const keys = createKeyCache(given)
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
  app.addContentTypeParser(
    'application/x-ndjson',
    { parseAs: 'buffer' },
    async ({ routeOptions }: FastifyRequest, body: Buffer) => {
      if (routeOptions.config.takesRecords === true) return body
      throw problem('unsupported_media_type', 'The content type must be application/json.')
    },
  )
  app.setErrorHandler(render)
  app.setNotFoundHandler(renderNotFound)
  observeRequests(app, given.observer)
  closeUnusedConnections(app)
  app.addHook('onRequest', refuseEmptyParts)
  app.addHook('onRequest', createAuthenticator({ ...given, keys }))
  app.addHook('preValidation', (request, _reply, done) => {
    if (request.body !== undefined)
      request.body = stripNulls(jsonSchemaOf(request.routeOptions.schema?.body), request.body)
    done()
  })
  // Before the server waits for its open requests: waits answer, streams end.
  app.addHook('preClose', async () => dependencies.hub.stop())
  await app.register(swagger, openApiDocument)
  const isKeyGood = createKeyCheck({ ...given, keys })
  const dependencies = { ...given, keys, isKeyGood, sendStream: createSendStream(app) }
  for (const route of routes) await route(app, dependencies)
  for (const wire of wires) await app.register(mountWire(wire, dependencies))
  return app
}

/** A wire is a part of the app with rules of its own: how its bodies are read, and how its errors are written. */
const mountWire =
  ({ name, routes: own, renderError, prepare }: Wire, dependencies: RouteDependencies) =>
  async (scoped: Api): Promise<void> => {
    scoped.addHook('onRoute', (route) => {
      route.config = { ...route.config, wire: name }
      // The document describes the native API; what a wire is like, its own documentation says.
      route.schema = { ...route.schema, hide: true }
    })
    scoped.setErrorHandler((error: FastifyError | Problem, request, reply) =>
      renderError(toProblem(error, request, dependencies.log), request, reply),
    )
    await prepare?.(scoped)
    for (const route of own) route(scoped, dependencies)
  }

type Compilers = NonNullable<NonNullable<FastifyServerOptions['schemaController']>['compilersFactory']>

const compilersFactory = {
  // safety: the types of Fastify know its own compiler only; this one is called with the same route and answers the same way
  buildValidator: createValidatorCompiler as unknown as NonNullable<Compilers['buildValidator']>,
  // Answers are typed by their schemas; to write them by the schema is no faster than this, and slower to start.
  buildSerializer: () => () => JSON.stringify,
}

/** Nothing has an empty name or id, yet the router takes the end of `/v1/runs/` for one. */
const refuseEmptyParts: onRequestHookHandler = ({ params }, reply, done) => {
  // safety: the router's parameters are text
  if (Object.values(params as Record<string, string>).includes('')) reply.callNotFound()
  else done()
}
