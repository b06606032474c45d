/** Endpoints: made, listed, changed, removed, and given new secrets. */
import { problem } from '../kernel/problem.ts'
import type { AddressRules } from '../outbound/addresses.ts'
import type { Access } from '../projects/access.ts'
import { userKeyOf } from '../projects/scope.ts'
import type { WebhookChanges } from '../storage/webhook-storage.ts'
import { newWebhook, refuseTarget } from './new-webhook.ts'
import { isWebhookSecret, newWebhookSecret } from './signature.ts'
import type { Webhook } from './webhook.ts'

/** What webhooks need besides the caller's access. */
export type WebhookDependencies = {
  readonly rules: AddressRules
  /** A delivery may be due. */
  readonly wakeDelivery: () => void
}

/** Rows removed in one transaction: everybody else waits for it. */
const CLEAR_COUNT = 1_000

/** Those of the project, or (with a run) the one that the run brought along. */
export const listWebhooks = async (
  { storage }: Access,
  runId: string | null,
): Promise<readonly Webhook[]> => {
  if (runId === null) return storage.webhooks.list()
  const webhook = await storage.webhooks.ofRun(runId)
  return webhook === null ? [] : [webhook]
}

/** Throws Problem `not_found`. */
export const getWebhook = async ({ storage }: Access, webhookId: string): Promise<Webhook> =>
  existing(await storage.webhooks.get(webhookId), webhookId)

export const existing = (webhook: Webhook | null, webhookId: string): Webhook => {
  if (webhook === null) throw problem('not_found', `There is no webhook ${webhookId}.`)
  return webhook
}

/** Throws Problem `target_refused`, `invalid_body` (the secret is none), `limit_reached`. */
export const createWebhook = async (
  access: Access,
  { rules }: Pick<WebhookDependencies, 'rules'>,
  given: {
    readonly url: string
    readonly description: string
    readonly events: readonly string[]
    readonly userId: string | null
    readonly tags: readonly string[]
    readonly secret: string | null
  },
): Promise<Webhook> => {
  const { storage, limits } = access
  refuseTarget(rules, given.url, 'body.url')
  if (given.secret !== null && !isWebhookSecret(given.secret)) throw badSecret()
  const { secret, userId, ...named } = given
  const webhook = newWebhook(access, {
    ...named,
    ...{ userId, userKey: userId === null ? null : userKeyOf(userId) },
    ...(secret !== null && { secret }),
  })
  const result = await storage.webhooks.create({ webhook, countMax: limits.webhookCountMax })
  if (result.kind === 'limit_reached')
    throw problem('limit_reached', `The project has ${limits.webhookCountMax} webhooks; it may have no more.`)
  return result.webhook
}

const badSecret = () =>
  problem('invalid_body', 'A secret is "whsec_" and the base64 of 24 to 64 bytes.', {
    errors: [{ message: 'is no webhook secret', location: 'body.secret' }],
  })

/** Throws Problem `not_found`, `target_refused`. */
export const updateWebhook = async (
  { storage, clock }: Access,
  { rules, wakeDelivery }: WebhookDependencies,
  { webhookId, ...changes }: WebhookChanges & { readonly webhookId: string },
): Promise<Webhook> => {
  if (changes.url !== undefined) refuseTarget(rules, changes.url, 'body.url')
  const params = {
    webhookId,
    changes: { disabledReason: 'Disabled by request.', ...changes },
    now: clock.now(),
  }
  const webhook = existing(await storage.webhooks.update(params), webhookId)
  wakeDelivery()
  return webhook
}

/** The answer holds the new secret. The one before signs too for `overlapMs`. Throws Problem `not_found`. */
export const rotateWebhook = async (
  { storage, clock }: Access,
  { webhookId, overlapMs }: { readonly webhookId: string; readonly overlapMs: number },
): Promise<Webhook> => {
  const now = clock.now()
  const params = { webhookId, secret: newWebhookSecret(), previousUntil: now + overlapMs, now }
  return existing(await storage.webhooks.rotate(params), webhookId)
}

/**
 * Removes the endpoint and its deliveries, piece by piece, the endpoint last: if that is interrupted it is still there, disabled, and
 * can be deleted again. Throws Problem `not_found`.
 */
export const deleteWebhook = async ({ storage, clock }: Access, webhookId: string): Promise<void> => {
  const changes = { enabled: false, disabledReason: 'It is being deleted.' }
  existing(await storage.webhooks.update({ webhookId, changes, now: clock.now() }), webhookId)
  const clear = async () => {
    while ((await storage.webhooks.clear({ webhookId, limit: CLEAR_COUNT })) === CLEAR_COUNT);
  }
  await clear()
  await storage.webhooks.remove(webhookId)
  // Somebody may have enabled it meanwhile.
  await clear()
}
