import { Type } from 'typebox'
import { putSecret as put } from '../../agents/manage-triggers.ts'
import { SECRET_LENGTH_MAX } from '../../kernel/limits.ts'
import { problems, RequestBody } from '../representations/schema.ts'
import { SecretPath, SecretRepresentation, toSecretRepresentation } from '../representations/trigger.ts'
import type { Route } from '../route.ts'

export const putSecret: Route = (app) => {
  app.route({
    method: 'PUT',
    url: '/v1/secrets/:secret_name',
    config: { scope: 'admin' },
    schema: {
      tags: ['agents'],
      summary: 'Set a secret for actions; nothing shows it again',
      security: [{ key: [] }],
      params: SecretPath,
      body: RequestBody({ value: Type.String({ minLength: 1, maxLength: SECRET_LENGTH_MAX }) }),
      response: { 200: SecretRepresentation, ...problems(401, 403, 409, 422) },
    },
    handler: async ({ access, params, body }) =>
      toSecretRepresentation(await put(access, { name: params.secret_name, value: body.value })),
  })
}
