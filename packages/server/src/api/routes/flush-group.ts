import { Type } from 'typebox'
import { flushGroup as flush } from '../../runs/flush-buffers.ts'
import { Name, Properties, problems, RequestBody, UserId } from '../representations/schema.ts'
import type { Route } from '../route.ts'

export const flushGroup: Route = (app) => {
  app.route({
    method: 'POST',
    url: '/v1/groups/:name/flush',
    config: { scope: 'write' },
    schema: {
      tags: ['groups'],
      summary: 'Let buffers of a group go on',
      description:
        'Those that gather for this user and these values of properties, as far as named; without any, all buffers of the group.',
      security: [{ key: [] }],
      params: Type.Object({ name: Name('The name of the group.') }),
      body: RequestBody({ user_id: Type.Optional(UserId), properties: Type.Optional(Properties) }),
      response: {
        200: Type.Object({
          buffers: Type.Integer({ description: 'How many go on.' }),
          runs: Type.Integer({ description: 'Runs that wait in them.' }),
        }),
        ...problems(401, 403, 413, 415, 422),
      },
    },
    handler: ({ access, params, body }) =>
      flush(access, {
        group: params.name,
        properties: body.properties ?? {},
        ...(body.user_id !== undefined && { userId: body.user_id }),
      }),
  })
}
