/**
 * An agent run as a stream of server-sent events: what is recorded of it, each with the number of its event as `id`, so that who
 * comes back with the last one misses nothing; and between them, without a number, what the model says while it says it. A run
 * that has ended is told from its beginning, and the stream closes. Closing it cancels nothing.
 */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { OutputDelta } from '../../../agents/live-output.ts'
import { readAgentRun } from '../../../agents/read-agent-run.ts'
import type { Route, RouteDependencies } from '../../../api/route.ts'
import { openEventStream, readerOf } from '../../../http/event-stream.ts'
import { toIso } from '../../../kernel/clock.ts'
import type { EventType, RunEvent } from '../../../runs/run.ts'
import { RunParams } from '../schema.ts'
import { unseen } from '../unseen.ts'

/** What the wire calls the events it has; it has no others. */
const names: Readonly<Partial<Record<EventType, string>>> = {
  'run.started': 'run.started',
  'step.started': 'step.started',
  'step.completed': 'step.completed',
  'step.failed': 'step.failed',
  'run.completed': 'run.completed',
  'run.partial': 'run.failed',
  'run.failed': 'run.failed',
  'run.cancelled': 'run.cancelled',
}

const Place = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })

export const streamAgentRun: Route = (app, dependencies) => {
  app.route({
    method: 'GET',
    url: '/v1/agents/run/:runId/stream',
    config: { scope: 'read' },
    schema: {
      params: RunParams,
      querystring: Type.Object({ after: Type.Optional(Place) }),
      headers: Type.Object({ 'last-event-id': Type.Optional(Place) }),
    },
    handler: async (request, reply) => {
      const { access, params, query, headers } = request
      const runId = params.runId.toLowerCase()
      await readAgentRun(access, unseen, { agentId: null, runId })
      const after = headers['last-event-id'] ?? query.after ?? 0
      return followAgentRun(request, reply, { dependencies, runId, after })
    },
  })
}

/** Opens the stream; the answer is on its way from here on. */
export const followAgentRun = (
  request: FastifyRequest,
  reply: FastifyReply,
  { dependencies, runId, after }: { dependencies: RouteDependencies; runId: string; after: number },
): FastifyReply => {
  const stream = openEventStream(request, reply, dependencies)
  const reader = {
    ...readerOf(stream),
    key: 'all',
    put: (events: readonly RunEvent[]) => stream.write(events.map(frameOf).join('')),
  }
  const unfollow = dependencies.liveOutput.follow(runId, (delta) => stream.write(deltaFrame(delta)))
  stream.onClosed(unfollow)
  void dependencies.followers.followRun(request.access.storage, reader, { runId, after })
  return reply
}

/** A call to the model that is made again says what it says from offset 0 on. */
const deltaFrame = (delta: OutputDelta): string =>
  `event: output.delta\ndata: ${JSON.stringify({ type: 'output.delta', ...delta })}\n\n`

/** An event that the wire has no word for moves the place on, and is not told. */
const frameOf = ({ seq, type, at, runId, data }: RunEvent): string => {
  const name = names[type]
  if (name === undefined) return `id: ${seq}\n\n`
  const told = { type: name, runId, at: toIso(at), ...(type === 'step.started' ? beginningOf(data) : data) }
  return `id: ${seq}\nevent: ${name}\ndata: ${JSON.stringify(told)}\n\n`
}

/** A call to the model has the number of its iteration, an action that of its step in the details. */
const beginningOf = ({ name, number, ...data }: RunEvent['data']): RunEvent['data'] =>
  data.kind === 'model'
    ? { ...data, model: name, iterationNumber: number }
    : { ...data, toolName: name, stepNumber: number }
