import { Type } from 'typebox'
import { changeKey as change } from '../../projects/keys.ts'
import { ExpiresAt, keyMembers, readInstant, toKeyRepresentation } from '../representations/key.ts'
import { Name, problems, RequestBody, Uuid } from '../representations/schema.ts'
import type { Route } from '../route.ts'

export const changeKey: Route = (app, { clock, keys }) => {
  app.route({
    method: 'PATCH',
    url: '/v1/keys/:key_id',
    config: { scope: 'admin' },
    schema: {
      tags: ['keys'],
      summary: 'Rename a key, or let it expire',
      security: [{ key: [] }],
      params: Type.Object({ key_id: Uuid }),
      body: RequestBody({
        name: Type.Optional(Name('What it is for.')),
        expires_at: ExpiresAt('As before when absent.'),
      }),
      response: { 200: Type.Object(keyMembers), ...problems(400, 401, 403, 404, 422) },
    },
    handler: async ({ access, params, body }) => {
      const key = await change(access, {
        keyId: params.key_id.toLowerCase(),
        name: body.name ?? null,
        expiresAt: readInstant(body.expires_at),
      })
      keys.forget()
      return toKeyRepresentation(key, clock.now())
    },
  })
}
