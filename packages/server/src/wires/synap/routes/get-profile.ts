import { Type } from 'typebox'
import type { Route } from '../../../api/route.ts'
import { problem } from '../../../kernel/problem.ts'
import { ConversationId } from '../members.ts'
import { readProfile } from '../profile.ts'
import { OptionalId } from '../schema.ts'
import { readScopes } from '../scope.ts'

export const getProfile: Route = (app, { synapRelationship }) => {
  app.route({
    method: 'GET',
    url: '/v1/users/:user_id/profile',
    config: { scope: 'read' },
    schema: {
      params: Type.Object({ user_id: ConversationId }),
      querystring: Type.Object({ customer_id: OptionalId }),
    },
    handler: async ({ access, params, query }) => {
      const ids = { user_id: params.user_id, customer_id: query.customer_id }
      const profile = await readProfile(access, readScopes(ids, synapRelationship))
      if (profile === null) throw problem('not_found', `user ${params.user_id} has no profile`)
      return { profile }
    },
  })
}
