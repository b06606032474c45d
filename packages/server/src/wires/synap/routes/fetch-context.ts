/** The four routes by which clients fetch what is known: of a conversation, a user, a customer, or of nobody in particular. */
import { type Static, Type } from 'typebox'
import type { Api, Route, RouteDependencies } from '../../../api/route.ts'
import { conversationIdOf } from '../../../conversations/conversation.ts'
import {
  CONTEXT_CONVERSATION_COUNT_MAX,
  CONTEXT_QUERY_COUNT_MAX,
  CONTEXT_RESULT_COUNT_MAX,
  QUERY_LENGTH_MAX,
} from '../../../kernel/limits.ts'
import { problem } from '../../../kernel/problem.ts'
import type { Access } from '../../../projects/access.ts'
import { toContext, toItemsByType } from '../context-items.ts'
import { isOwn, readConversationPart } from '../conversation-part.ts'
import { readSummaries } from '../conversation-summaries.ts'
import { type ContextQuery, findItems } from '../find-items.ts'
import { kindSpellings, readKinds } from '../kinds.ts'
import { conversationOf, scopeMembers } from '../members.ts'
import { readProfile } from '../profile.ts'
import { OptionalId } from '../schema.ts'
import { clientScope, type Relationship, readScopes, type ScopeIds } from '../scope.ts'

const LIMIT_DEFAULT = 10

/**
 * Seconds for which a client may serve the answer again, and the least that its library takes: 0 is 300 to it. It keeps answers by fewer ids
 * than it asks with, so what it keeps is told to others, and what is deleted or new is not noticed meanwhile.
 */
const TTL_SECONDS = 1
const CONVERSATION_COUNT_DEFAULT = 5

const word = <Words extends readonly string[]>(...words: Words) =>
  Type.Optional(Type.Unsafe<Words[number]>({ type: 'string', enum: words }))

const Body = Type.Object({
  conversation_id: OptionalId,
  ...scopeMembers,
  search_query: Type.Optional(
    Type.Union([
      Type.String({ maxLength: QUERY_LENGTH_MAX }),
      Type.Array(Type.String({ maxLength: QUERY_LENGTH_MAX }), { maxItems: CONTEXT_QUERY_COUNT_MAX }),
    ]),
  ),
  max_results: Type.Optional(Type.Integer({ minimum: 1, maximum: CONTEXT_RESULT_COUNT_MAX })),
  types: Type.Optional(
    Type.Array(Type.Unsafe<string>({ type: 'string', enum: kindSpellings }), {
      maxItems: kindSpellings.length,
    }),
  ),
  mode: word('fast', 'accurate'),
  precision_level: word('high', 'medium'),
  include_conversation_context: Type.Optional(Type.Boolean()),
  context_mode: word('in-conversation', 'conversation-summary'),
  include_profile: Type.Optional(Type.Boolean()),
  last_n_conversations: Type.Optional(Type.Integer({ minimum: 0, maximum: CONTEXT_CONVERSATION_COUNT_MAX })),
})
type Request = Static<typeof Body>

type Level = {
  readonly name: 'conversation' | 'user' | 'customer' | 'client'
  /** The id that the route is about. */
  readonly required: 'conversation_id' | 'user_id' | 'customer_id' | null
  /** The ids by which it looks; a route ignores those that are narrower than it. */
  readonly idsOf: (body: Request) => ScopeIds
}

const levels: readonly Level[] = [
  {
    ...{ name: 'conversation', required: 'conversation_id' },
    idsOf: ({ user_id, customer_id }) => ({ user_id, customer_id }),
  },
  {
    ...{ name: 'user', required: 'user_id' },
    idsOf: ({ user_id, customer_id }) => ({ user_id, customer_id }),
  },
  { name: 'customer', required: 'customer_id', idsOf: ({ customer_id }) => ({ customer_id }) },
  { name: 'client', required: null, idsOf: () => ({}) },
]

export const fetchContext: Route = (app, dependencies) => {
  for (const level of levels) addRoute(app, dependencies, level)
}

const addRoute = (
  app: Api,
  { synapRelationship, usageMeter, clock, ids }: RouteDependencies,
  level: Level,
): void => {
  app.route({
    method: 'POST',
    url: `/v1/context/${level.name}/fetch`,
    config: { scope: 'read' },
    schema: { body: Body },
    handler: async ({ access, body }) => {
      refuseMissing(level, body)
      usageMeter.countSearch(access.storage.projectId)
      const startedAt = clock.now()
      if (body.context_mode === 'conversation-summary') {
        if (level.name !== 'user') throw onlyOfUsers()
        return summaryOf(access, body, synapRelationship)
      }
      const { address, conversation } = await placeOf(access, body, {
        level,
        relationship: synapRelationship,
      })
      const query = readQuery(body)
      const items = await findItems(access, address.scopes, query)
      return {
        context: toContext(items),
        items_by_type: toItemsByType(items),
        ttl_seconds: TTL_SECONDS,
        ...(body.include_conversation_context !== false &&
          conversation !== null && {
            conversation_context: await readConversationPart(access, conversation),
          }),
        bundle_id: ids.next(),
        total_tokens: Math.ceil(items.reduce((sum, { memory }) => sum + memory.content.length, 0) / 4),
        total_results: items.length,
        query_time_ms: Math.max(0, clock.now() - startedAt),
        metadata: { source: 'cloud', scope: level.name, mode: query.mode },
      }
    },
  })
}

const refuseMissing = ({ required }: Level, body: Request): void => {
  if (required === null || body[required]) return
  throw problem('invalid_body', `${required} is required.`, {
    errors: [{ message: 'is required', location: `body.${required}` }],
  })
}

const onlyOfUsers = () =>
  problem('invalid_body', 'A summary of conversations is told of users only.', {
    errors: [{ message: 'is for the route of users only', location: 'body.context_mode' }],
  })

const readQuery = (body: Request): ContextQuery => {
  const asked = typeof body.search_query === 'string' ? [body.search_query] : (body.search_query ?? [])
  return {
    queries: asked.filter((query) => query.trim() !== ''),
    kinds: readKinds(body.types),
    limit: body.max_results ?? LIMIT_DEFAULT,
    mode: body.mode ?? 'fast',
    precision: body.precision_level ?? 'high',
  }
}

/**
 * Where a request looks, and the conversation whose turns it may see: one of exactly the ids it names. A conversation that is asked for by
 * its id alone is seen as its own user sees it.
 */
const placeOf = async (
  access: Access,
  body: Request,
  { level, relationship }: { readonly level: Level; readonly relationship: Relationship },
) => {
  const ids = level.idsOf(body)
  const named = body.conversation_id ? conversationIdOf(body.conversation_id) : null
  const known = named === null ? null : await access.storage.conversations.get(named)
  if (level.name === 'conversation' && !ids.user_id && !ids.customer_id) {
    const own = { user_id: known?.userId, customer_id: known?.customer }
    const scopes = known === null ? [clientScope] : readScopes(own, relationship)
    return { address: { scopes }, conversation: known?.conversationId ?? null }
  }
  const owner = conversationOf(named ?? '', ids, relationship)
  const isSeen = known !== null && isOwn(known, owner)
  return {
    address: { scopes: readScopes(ids, relationship) },
    conversation: isSeen ? known.conversationId : null,
  }
}

const summaryOf = async (access: Access, body: Request, relationship: Relationship) => {
  const ids = { user_id: body.user_id, customer_id: body.customer_id }
  const owner = conversationOf('', ids, relationship)
  const isProfileWanted = body.include_profile ?? true
  const limit = body.last_n_conversations ?? CONVERSATION_COUNT_DEFAULT
  return {
    context: toContext([]),
    items_by_type: toItemsByType([]),
    ttl_seconds: TTL_SECONDS,
    profile: isProfileWanted ? await readProfile(access, readScopes(ids, relationship)) : null,
    conversations: await readSummaries(access, { ...owner, limit }),
  }
}
