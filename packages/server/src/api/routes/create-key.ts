import { createKey as create } from '../../projects/keys.ts'
import {
  ExpiresAt,
  KeyScopes,
  MadeKeyRepresentation,
  readInstant,
  toKeyRepresentation,
} from '../representations/key.ts'
import { Name, problems, RequestBody } from '../representations/schema.ts'
import type { Route } from '../route.ts'

export const createKey: Route = (app, { clock }) => {
  app.route({
    method: 'POST',
    url: '/v1/keys',
    config: { scope: 'admin' },
    schema: {
      tags: ['keys'],
      summary: 'Create a key',
      description: 'Only a key with the scope `operator` may give that scope.',
      security: [{ key: [] }],
      body: RequestBody({
        name: Name('What it is for.'),
        scopes: KeyScopes,
        expires_at: ExpiresAt('It does not expire when absent.'),
      }),
      response: { 201: MadeKeyRepresentation, ...problems(400, 401, 403, 422) },
    },
    handler: async ({ access, body }, reply) => {
      const { name, scopes } = body
      const { key, secret } = await create(access, { name, scopes, expiresAt: readInstant(body.expires_at) })
      return reply.code(201).send({ ...toKeyRepresentation(key, clock.now()), key: secret })
    },
  })
}
