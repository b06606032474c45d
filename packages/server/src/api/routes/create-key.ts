import { Type } from 'typebox'
import { createKey as create } from '../../projects/keys.ts'
import { KeyScopes, keyMembers, toKeyRepresentation } from '../representations/key.ts'
import { Name, problems, RequestBody } from '../representations/schema.ts'
import type { Route } from '../route.ts'

export const createKey: Route = (app) => {
  app.route({
    method: 'POST',
    url: '/v1/keys',
    config: { scope: 'admin' },
    schema: {
      tags: ['keys'],
      summary: 'Create a key',
      security: [{ key: [] }],
      body: RequestBody({ name: Name('What it is for.'), scopes: KeyScopes }),
      response: {
        201: Type.Object({
          ...keyMembers,
          key: Type.String({ description: 'The key itself: it is shown this once.' }),
        }),
        ...problems(401, 403, 422),
      },
    },
    handler: async ({ access, body }, reply) => {
      const { key, secret } = await create(access, { name: body.name, scopes: body.scopes })
      return reply.code(201).send({ ...toKeyRepresentation(key), key: secret })
    },
  })
}
