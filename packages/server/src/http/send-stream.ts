import type { ServerResponse } from 'node:http'
import { finished, type Readable } from 'node:stream'
import type { FastifyReply } from 'fastify'
import type { Api } from '../api/route.ts'

/** `ended` is called once, however the reading of the stream ends, be it that the caller has gone. */
export type SendStream = (reply: FastifyReply, stream: Readable, ended: () => void) => FastifyReply

/**
 * Sends answers that take their time. A server that stops ends those that are still on their way, for a slow reader must not keep
 * it from stopping; what arrives is then visibly short.
 */
export const createSendStream = (app: Api): SendStream => {
  const sending = new Set<ServerResponse>()
  app.addHook('preClose', (done) => {
    for (const response of sending) response.destroy()
    done()
  })
  return (reply, stream, ended) => {
    sending.add(reply.raw)
    finished(reply.raw, () => sending.delete(reply.raw))
    finished(stream, ended)
    return reply.send(stream)
  }
}
