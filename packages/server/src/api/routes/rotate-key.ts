import { Type } from 'typebox'
import { KEY_GRACE_SECONDS_MAX } from '../../kernel/limits.ts'
import { rotateKey as rotate } from '../../projects/keys.ts'
import { ExpiresAt, MadeKeyRepresentation, readInstant, toKeyRepresentation } from '../representations/key.ts'
import { problems, RequestBody, Uuid } from '../representations/schema.ts'
import type { Route } from '../route.ts'

export const rotateKey: Route = (app, { clock, keys }) => {
  app.route({
    method: 'POST',
    url: '/v1/keys/:key_id/rotate',
    config: { scope: 'admin' },
    schema: {
      tags: ['keys'],
      summary: 'Replace a key by a new one',
      description:
        'The new key has the name and the scopes of the old one, which goes on working for the time of grace and then expires.',
      security: [{ key: [] }],
      params: Type.Object({ key_id: Uuid }),
      body: RequestBody({
        grace_seconds: Type.Optional(
          Type.Integer({
            minimum: 0,
            maximum: KEY_GRACE_SECONDS_MAX,
            default: 0,
            description: 'How long the old key goes on working.',
          }),
        ),
        expires_at: ExpiresAt('When absent, the new key lives as long as the old one was given at first.'),
      }),
      response: { 201: MadeKeyRepresentation, ...problems(400, 401, 403, 404, 422) },
    },
    handler: async ({ access, params, body }, reply) => {
      const { key, secret } = await rotate(access, {
        keyId: params.key_id.toLowerCase(),
        graceMs: (body.grace_seconds ?? 0) * 1_000,
        expiresAt: readInstant(body.expires_at),
      })
      keys.forget()
      return reply.code(201).send({ ...toKeyRepresentation(key, clock.now()), key: secret })
    },
  })
}
