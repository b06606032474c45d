import { steerProject as steer } from '../../projects/steer-project.ts'
import type { QueueState } from '../../storage/storage.ts'
import { ProjectRepresentation, toProjectRepresentation } from '../representations/project.ts'
import { problems, RequestBody } from '../representations/schema.ts'
import type { Route } from '../route.ts'

type Steering = { readonly verb: string; readonly state: QueueState; readonly summary: string }

const steerings: readonly Steering[] = [
  { verb: 'pause', state: 'paused', summary: 'Accept runs, but start none' },
  { verb: 'drain', state: 'draining', summary: 'Work off what waits, but accept nothing' },
  { verb: 'resume', state: 'active', summary: 'Work and accept as usual' },
]

/** Three operations that differ in a word. */
export const steerProject: Route = (app, { limits }) => {
  for (const { verb, state, summary } of steerings) {
    app.route({
      method: 'POST',
      url: `/v1/project/${verb}`,
      config: { scope: 'admin' },
      schema: {
        tags: ['projects'],
        summary,
        description:
          'Runs in hand go on to their end. It stays so over restarts. Asking again changes nothing.',
        security: [{ key: [] }],
        body: RequestBody({}),
        response: { 200: ProjectRepresentation, ...problems(401, 403, 413, 415, 422) },
      },
      handler: async ({ access }) => toProjectRepresentation(await steer(access, state), limits),
    })
  }
}
