import type { FastifyReply } from 'fastify'

/** Sends one JSON value with a newline behind it, as this API ends every body. As bytes, because text would get a charset added to its type. */
export const sendJson = (reply: FastifyReply, value: unknown, status = 200): FastifyReply =>
  reply
    .code(status)
    .header('content-type', 'application/json')
    .send(Buffer.from(`${JSON.stringify(value)}\n`))
