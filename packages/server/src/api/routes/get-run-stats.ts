import { type Static, Type } from 'typebox'
import { toIsoOrNull } from '../../kernel/clock.ts'
import { type RunState, runStates } from '../../runs/run.ts'
import { readRunStats, type StatWindow, statWindows, type WindowStats } from '../../runs/run-stats.ts'
import { NullableString, problems } from '../representations/schema.ts'
import type { Route } from '../route.ts'

// safety: the keys of an object of ours
const windowNames = Object.keys(statWindows) as StatWindow[]

const Query = Type.Object(
  {
    window: Type.Optional(
      Type.Unsafe<StatWindow>({
        type: 'string',
        enum: windowNames,
        description: 'Only this one of the windows, each of which ends now.',
      }),
    ),
  },
  { additionalProperties: false },
)

const SpreadRepresentation = Type.Object({ p50: Type.Number(), p95: Type.Number() })
const Times = (description: string) =>
  Type.Unsafe<Static<typeof SpreadRepresentation> | null>({
    ...SpreadRepresentation,
    type: ['object', 'null'],
    description,
  })

const WindowRepresentation = Type.Object({
  window: Type.String(),
  ended: Type.Integer({ description: 'Runs that ended in it.' }),
  sampled: Type.Boolean({ description: 'There were many: this is estimated from a sample.' }),
  runs_per_second: Type.Number(),
  waiting_ms: Times('From acceptance to the first attempt.'),
  processing_ms: Times('From the first attempt to the end.'),
  total_ms: Times('From acceptance to the end.'),
})

export const getRunStats: Route = (app) => {
  app.route({
    method: 'GET',
    url: '/v1/runs/stats',
    config: { scope: 'read' },
    schema: {
      tags: ['runs'],
      summary: 'Read how many runs are in which state, and how fast they go',
      security: [{ key: [] }],
      querystring: Query,
      response: {
        200: Type.Object({
          states: Type.Unsafe<Readonly<Record<RunState, number>>>({
            type: 'object',
            properties: Object.fromEntries(runStates.map((state) => [state, { type: 'integer' }])),
          }),
          oldest_waiting_at: NullableString('Acceptance of the oldest run that waits for its first attempt.'),
          oldest_waiting_ms: Type.Integer({ description: 'How long ago that was; 0 when none waits.' }),
          windows: Type.Array(WindowRepresentation),
        }),
        ...problems(401, 403, 422),
      },
    },
    handler: async ({ access, query }) => {
      const stats = await readRunStats(access, query.window === undefined ? windowNames : [query.window])
      const { oldestWaitingAt } = stats
      return {
        states: stats.counts,
        oldest_waiting_at: toIsoOrNull(oldestWaitingAt),
        oldest_waiting_ms: oldestWaitingAt === null ? 0 : Math.max(0, access.clock.now() - oldestWaitingAt),
        windows: stats.windows.map(toWindow),
      }
    },
  })
}

const toWindow = (stats: WindowStats): Static<typeof WindowRepresentation> => ({
  window: stats.window,
  ended: stats.endedCount,
  sampled: stats.isSampled,
  runs_per_second: stats.runsPerSecond,
  waiting_ms: stats.waitingMs,
  processing_ms: stats.processingMs,
  total_ms: stats.totalMs,
})
