import type { FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'
import type { Route } from '../../../api/route.ts'
import { type MessageRequest, recordMessages as record } from '../../../conversations/record-messages.ts'
import { BATCH_COUNT_MAX } from '../../../kernel/limits.ts'
import { Problem } from '../../../kernel/problem.ts'
import { callOf } from '../call.ts'
import { MessageBody, readMessage, refusalOf, toRecorded } from './record-message.ts'

type Item = Static<typeof MessageBody>
type Refused = { readonly error: string }

/** Records many messages. Each is answered by itself: one that is wrong holds up no other. */
export const recordMessages: Route = (app, { synapRelationship }) => {
  app.route({
    method: 'POST',
    url: '/v1/conversations/messages/batch',
    config: { scope: 'write' },
    schema: {
      body: Type.Object({
        messages: Type.Array(Type.Unknown(), { minItems: 1, maxItems: BATCH_COUNT_MAX }),
      }),
    },
    handler: async (request) => {
      const { access, body, headers } = request
      const items = body.messages.map((item) => checkItem(request, item))
      const call = callOf(headers)
      const owners = ownersOf(items.filter(isItem))
      const read = items.map((item, index) => {
        if (!isItem(item)) return item
        const owned = { ...owners.get(item.conversation_id), ...withoutEmpty(item) }
        return orRefused(() => readMessage(owned, synapRelationship, call && `${call} ${index}`))
      })
      const good = read.filter((one): one is MessageRequest => !('error' in one))
      const recorded = await record(access, good)
      const results = read.map((one) => {
        const answer = 'error' in one ? undefined : recorded[good.indexOf(one)]
        if ('error' in one) return { ...one, status: 'failed' }
        return answer?.kind === 'recorded'
          ? { ...toRecorded(one, answer), status: 'succeeded' }
          : { error: refusalOf(answer).message, status: 'failed' }
      })
      const failed = results.filter((result) => 'error' in result).length
      return { total: results.length, succeeded: results.length - failed, failed, results }
    },
  })
}

const isItem = (item: Item | Refused): item is Item => !('error' in item)

const checkItem = (request: FastifyRequest, given: unknown): Item | Refused => {
  const item = withoutNulls(given)
  const validate = request.compileValidationSchema(MessageBody, 'body')
  // safety: the validators of this app answer true, or what is wrong
  const verdict = validate(item) as unknown as true | { readonly error: readonly Issue[] }
  // safety: it matches the schema
  if (verdict === true) return item as Item
  const [issue] = verdict.error
  return { error: `${(issue?.instancePath ?? '').slice(1).replaceAll('/', '.')} ${issue?.message}`.trim() }
}

type Issue = { readonly instancePath?: string; readonly message?: string }

const withoutNulls = (given: unknown): unknown =>
  given !== null && typeof given === 'object' && !Array.isArray(given)
    ? Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null))
    : given

type Owner = Pick<Item, 'user_id' | 'customer_id'>

const withoutEmpty = (item: Item): Item => {
  const { user_id, customer_id, ...rest } = item
  return { ...rest, ...(user_id && { user_id }), ...(customer_id && { customer_id }) }
}

/** A message that names nobody is of whom the others of its conversation name. */
const ownersOf = (items: readonly Item[]): ReadonlyMap<string, Owner> => {
  const owners = new Map<string, Owner>()
  for (const item of items) {
    const { user_id, customer_id } = withoutEmpty(item)
    const named = { ...(user_id && { user_id }), ...(customer_id && { customer_id }) }
    owners.set(item.conversation_id, { ...named, ...owners.get(item.conversation_id) })
  }
  return owners
}

const orRefused = (read: () => MessageRequest): MessageRequest | Refused => {
  try {
    return read()
  } catch (error) {
    if (error instanceof Problem) return { error: error.message }
    throw error
  }
}
