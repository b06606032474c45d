/** What a route is, and what it may use. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type {
  FastifyBaseLogger,
  FastifyInstance,
  FastifyReply,
  FastifyRequest,
  RawServerDefault,
} from 'fastify'
import type { LiveOutput } from '../agents/live-output.ts'
import type { DefinitionDependencies } from '../agents/manage-agents.ts'
import type { SendStream } from '../http/send-stream.ts'
import type { Clock } from '../kernel/clock.ts'
import type { Ids } from '../kernel/ids.ts'
import type { Limits } from '../kernel/limits.ts'
import type { Log } from '../kernel/log.ts'
import type { Problem } from '../kernel/problem.ts'
import type { ObservedRequest, Observer } from '../observe/observer.ts'
import type { Access } from '../projects/access.ts'
import type { KeyScope } from '../projects/project.ts'
import type { UsageMeter } from '../projects/usage-meter.ts'
import type { Followers } from '../runs/follow-events.ts'
import type { Hub } from '../runs/hub.ts'
import type { Storage } from '../storage/storage.ts'
import type { WebhookDependencies } from '../webhooks/manage-webhooks.ts'
import type { KeyCache } from './key-cache.ts'

export type ApiDependencies = {
  readonly storage: Storage
  readonly clock: Clock
  readonly ids: Ids
  readonly limits: Limits
  readonly log: Log
  readonly wakeWorker: () => void
  readonly webhooks: WebhookDependencies
  /** What agents and tools are held against. */
  readonly definitions: DefinitionDependencies
  readonly usageMeter: UsageMeter
  /** A project is to be removed. */
  readonly wakeRemoval: () => void
  readonly observer: Observer
  readonly hub: Hub
  /** What models of agents are saying at this moment. */
  readonly liveOutput: Pick<LiveOutput, 'follow'>
  readonly followers: Followers
  /** Null when metrics are off. */
  readonly renderMetrics: (() => Promise<string>) | null
  readonly abortRun: (runId: string) => void
  /** Project of requests from this machine that need no key, on wires whose clients send none; null: there is none. */
  readonly loopbackProject: string | null
  /** Whether users of the wire of Synap stand for themselves or belong to customers. */
  readonly synapRelationship: 'b2c' | 'b2b'
}

/** What a route may use besides the caller's access. */
export type RouteDependencies = ApiDependencies & {
  readonly keys: KeyCache
  /** Whether the key of the request still opens what it opened. */
  readonly isKeyGood: (request: FastifyRequest) => Promise<boolean>
  readonly sendStream: SendStream
}

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
    /** Set on every request. */
    observed: ObservedRequest
    /** The caller's, else that of the request's own span if it is traced: what a run that the request makes hangs under. */
    traceparent: string | null
  }
  interface FastifyContextConfig {
    /** What the key must be allowed to do; null: any key; absent: no key needed. */
    scope?: KeyScope | null
    /** The body is JSON Lines. */
    takesRecords?: boolean
    /** The API it is a route of, when it is not the native one. */
    wire?: string
    /** What signs the body signs its bytes, so they are handed on as they came. */
    isSigned?: boolean
    /** Clients of the route send no key: from this machine it may do without, if the configuration says so. */
    isKeyless?: boolean
  }
}

/** Adds itself to the app. What is to be waited for before the next one is added, it answers. */
export type Route = (app: Api, dependencies: RouteDependencies) => unknown

/**
 * Another API on top of the same operations, at its own paths: it translates, and decides nothing. Its routes are parts of the one
 * app, with the same keys and bounds; how bodies are read and errors written is its own.
 */
export type Wire = {
  /** What runs that came through it say. */
  readonly name: string
  readonly routes: readonly Route[]
  /** Answers what went wrong in the wire's own shape. */
  readonly renderError: (known: Problem, request: FastifyRequest, reply: FastifyReply) => FastifyReply
  /** Readers of bodies other than JSON, and the like, before the routes are added. */
  readonly prepare?: (app: Api) => void | Promise<void>
}
