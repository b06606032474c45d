import type { FastifyReply } from 'fastify'
import { sendJson } from './send-json.ts'

/** An id in a path without the blanks and quotes that clients leave around it; null when nothing is left. */
export const readId = (text: string): string | null => text.replace(/^["' ]+|["' ]+$/g, '') || null

export const badRequest = (reply: FastifyReply): FastifyReply =>
  sendJson(reply, { Error: 'Bad Request' }, 400)
