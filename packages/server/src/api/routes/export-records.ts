import { Readable } from 'node:stream'
import { Type } from 'typebox'
import { EXPORT_COUNT_MAX, EXPORT_PAGE_COUNT_MAX, EXPORT_STALL_MS } from '../../kernel/limits.ts'
import { problem } from '../../kernel/problem.ts'
import type { Export, TransferRecord } from '../../storage/transfer.ts'
import { problems } from '../representations/schema.ts'
import { exportHeader } from '../representations/transfer.ts'
import type { Route } from '../route.ts'

const Query = Type.Object(
  {
    after: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 1_024,
        description: 'The `cursor` of the last line that arrived: only what comes after it.',
      }),
    ),
  },
  { additionalProperties: false },
)

export const exportRecords: Route = (app, { sendStream, clock }) => {
  let openCount = 0
  app.route({
    method: 'GET',
    url: '/v1/export',
    config: { scope: 'admin' },
    schema: {
      tags: ['transfer'],
      summary: 'Export the project',
      description:
        'JSON Lines, of the moment the request came: groups, users, agents and tools, runs with all that is kept of them, memories with their history, conversations with their messages and compactions. Keys and webhooks are not in it. Each line has a `cursor` to go on after.',
      security: [{ key: [] }],
      querystring: Query,
      response: {
        200: {
          description: 'One record a line, after a first line that names the format.',
          content: { 'application/x-ndjson': { schema: Type.Unsafe<Readable>({ type: 'string' }) } },
        },
        ...problems(401, 403, 422, 503),
      },
    },
    handler: async ({ access, query }, reply) => {
      if (openCount >= EXPORT_COUNT_MAX)
        throw problem('unavailable', `${EXPORT_COUNT_MAX} exports are being read already.`, {
          retryAfterSeconds: 10,
        })
      const source = access.storage.transfer.openExport()
      const first = source.read({ after: query.after ?? null, limit: EXPORT_PAGE_COUNT_MAX })
      if (first === null) {
        source[Symbol.dispose]()
        throw problem('invalid_body', 'There is no record of that cursor any more: begin anew.', {
          errors: [{ message: 'is no cursor of this export', location: 'query.after' }],
        })
      }
      openCount++
      let takenAt = clock.now()
      const stream = Readable.from(
        linesOf(source, first, () => {
          takenAt = clock.now()
        }),
      )
      const watch = setInterval(() => {
        if (clock.now() - takenAt > EXPORT_STALL_MS) stream.destroy(new Error('nobody takes the export'))
      }, EXPORT_STALL_MS / 4)
      reply.type('application/x-ndjson')
      return sendStream(reply, stream, () => {
        clearInterval(watch)
        openCount--
        source[Symbol.dispose]()
      })
    },
  })
}

/** A text of some lines at a time. */
async function* linesOf(
  source: Export,
  first: readonly TransferRecord[],
  taken: () => void,
): AsyncGenerator<string, void> {
  yield `${JSON.stringify(exportHeader)}\n`
  for (let page = first; page.length > 0; ) {
    taken()
    yield page.map((record) => `${JSON.stringify(record)}\n`).join('')
    page = source.read({ after: page.at(-1)?.cursor ?? null, limit: EXPORT_PAGE_COUNT_MAX }) ?? []
  }
}
