import type { Readable } from 'node:stream'
import { Type } from 'typebox'
import { problems } from '../representations/schema.ts'
import type { Route } from '../route.ts'

export const backup: Route = (app, { storage, log, sendStream }) => {
  app.route({
    method: 'POST',
    url: '/v1/backup',
    config: { scope: 'operator' },
    schema: {
      tags: ['service'],
      summary: 'Make a backup of the whole store',
      description:
        'Answers with a consistent, checked copy of one moment: all projects, as one SQLite file. It takes as much room on the disk of the server while it is made.',
      security: [{ key: [] }],
      response: {
        200: {
          description: 'The copy. Its size is the Content-Length: what arrives shorter is not whole.',
          content: {
            'application/vnd.sqlite3': {
              schema: Type.Unsafe<Readable>({ type: 'string', format: 'binary' }),
            },
          },
        },
        ...problems(401, 403, 409, 503),
      },
    },
    handler: async (_request, reply) => {
      const copy = await storage.openCopy()
      const remove = () => {
        const failed = (error: unknown) => log.error({ err: error }, 'a copy could not be removed')
        copy[Symbol.asyncDispose]().then(undefined, failed)
      }
      reply
        .header('content-length', copy.sizeBytes)
        .header('content-disposition', 'attachment; filename="remanence.db"')
        .type('application/vnd.sqlite3')
      return sendStream(reply, copy.read(), remove)
    },
  })
}
