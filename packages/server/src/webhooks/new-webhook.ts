/** An endpoint as it is made, for a project or for one of its runs. */
import type { Clock } from '../kernel/clock.ts'
import type { Ids } from '../kernel/ids.ts'
import { problem } from '../kernel/problem.ts'
import type { AddressRules } from '../outbound/addresses.ts'
import { checkNewTarget, TargetError } from '../outbound/guarded-client.ts'
import { newWebhookSecret } from './signature.ts'
import { type Webhook, webhookEventPatterns } from './webhook.ts'

/** What is left out is as for a webhook of the project that is told of all users and tags, with a secret made here. */
export type NewWebhook = Pick<Webhook, 'url' | 'events'> &
  Partial<Pick<Webhook, 'runId' | 'description' | 'userId' | 'userKey' | 'tags' | 'secret'>>

export const newWebhook = (
  { ids, clock }: { readonly ids: Ids; readonly clock: Clock },
  given: NewWebhook,
): Webhook => {
  const now = clock.now()
  return {
    webhookId: ids.next(),
    ...{ runId: null, description: '', userId: null, userKey: null, tags: [] },
    secret: newWebhookSecret(),
    ...given,
    ...{ previousSecret: null, previousSecretUntil: null, disabledAt: null, disabledReason: null },
    ...{ createdAt: now, updatedAt: now },
  }
}

/** An endpoint that a run brings along. `locations` is where its members stand in the request. */
export type AskedWebhook = {
  readonly given: Pick<Webhook, 'url' | 'events'>
  readonly rules: AddressRules
  readonly locations: { readonly url: string; readonly events: string }
}

/** Throws Problem `invalid_body` (an unknown type of event), `target_refused`. */
export const refuseWrongWebhook = ({ given, rules, locations }: AskedWebhook): void => {
  const message = `must be one of ${webhookEventPatterns.join(', ')}`
  const errors = given.events.flatMap((pattern, index) =>
    webhookEventPatterns.includes(pattern) ? [] : [{ message, location: `${locations.events}[${index}]` }],
  )
  const [first] = errors
  if (first !== undefined)
    throw problem('invalid_body', `validation failed: ${first.location} ${first.message}`, { errors })
  refuseTarget(rules, given.url, locations.url)
}

/** Throws Problem `target_refused`. `location` is where the address stands in the request. */
export const refuseTarget = (rules: AddressRules, url: string, location: string): void => {
  try {
    checkNewTarget(rules, url)
  } catch (error) {
    if (!(error instanceof TargetError)) throw error
    const errors = [{ message: error.message, location }]
    throw problem('target_refused', `Nothing can be delivered there: ${error.message}.`, { errors })
  }
}
