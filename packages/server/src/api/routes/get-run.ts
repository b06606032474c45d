import { Type } from 'typebox'
import { etagOf, namesTag, tagAnswer } from '../../http/etag.ts'
import { goneSignal } from '../../http/preferred-wait.ts'
import { WAIT_SECONDS_MAX } from '../../kernel/limits.ts'
import { getRun as get } from '../../runs/read-runs.ts'
import type { RunView } from '../../runs/run.ts'
import { waitForRun } from '../../runs/wait-for-run.ts'
import { RunRepresentation, toRunRepresentation } from '../representations/run.ts'
import { problems, Uuid } from '../representations/schema.ts'
import type { Route } from '../route.ts'

const Query = Type.Object(
  {
    wait: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: WAIT_SECONDS_MAX,
        description: 'Seconds to wait for the end of the run; then it is answered as it stands.',
      }),
    ),
    since: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: Number.MAX_SAFE_INTEGER,
        description: 'With `wait`: answer also at any event after the one of this number.',
      }),
    ),
  },
  { additionalProperties: false },
)

const Headers = Type.Object({
  'if-none-match': Type.Optional(
    Type.String({
      description: 'An `ETag` of this run: 304 while it has not changed; with `wait`, answer at any change.',
    }),
  ),
})

export const getRun: Route = (app, { storage, hub }) => {
  app.route({
    method: 'GET',
    url: '/v1/runs/:run_id',
    config: { scope: 'read' },
    schema: {
      tags: ['runs'],
      summary: 'Read a run, or wait for it',
      description:
        'With `wait` the answer comes when the run has ended, at the latest after so many seconds. The `ETag` changes whenever the answer does.',
      security: [{ key: [] }],
      params: Type.Object({ run_id: Uuid }),
      querystring: Query,
      headers: Headers,
      response: {
        200: RunRepresentation,
        304: Type.Null({ description: 'The run has not changed.' }),
        ...problems(401, 403, 404, 422, 503),
      },
    },
    onSend: tagAnswer,
    handler: async ({ access, params, query, headers }, reply) => {
      const runId = params.run_id.toLowerCase()
      const { wait = 0, since } = query
      const waited =
        wait === 0
          ? null
          : await waitForRun(access, hub, {
              runId,
              waitMs: wait * 1_000,
              signal: goneSignal(reply),
              ...newsOf(since, headers['if-none-match']),
            })
      return toRunRepresentation(waited ?? (await get(access, storage.findRunProject, runId)))
    },
  })
}

/** Besides its end: a newer event than the caller knows, or another answer than it has. */
const newsOf = (
  since: number | undefined,
  ifNoneMatch: string | undefined,
): { isNews?: (view: RunView) => boolean } => {
  if (since === undefined && ifNoneMatch === undefined) return {}
  const isNewer = (view: RunView) => since !== undefined && view.eventSeq > since
  const isOther = (view: RunView) =>
    ifNoneMatch !== undefined && !namesTag(ifNoneMatch, etagOf(JSON.stringify(toRunRepresentation(view))))
  return { isNews: (view) => isNewer(view) || isOther(view) }
}
