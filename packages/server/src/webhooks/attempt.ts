/** One attempt of a delivery, and what it means. */
import type { Clock } from '../kernel/clock.ts'
import {
  type Limits,
  WEBHOOK_ATTEMPT_COUNT_MAX,
  WEBHOOK_REDIRECT_COUNT_MAX,
  WEBHOOK_RESPONSE_BYTES_MAX,
} from '../kernel/limits.ts'
import { type GuardedAnswer, type GuardedClient, TargetError } from '../outbound/guarded-client.ts'
import { retryAfterMs } from '../outbound/retry-after.ts'
import { deliveryWaitMs } from './backoff.ts'
import { signatureHeaders } from './signature.ts'
import type { ClaimedDelivery, DeliveryResult } from './webhook.ts'

export type AttemptDependencies = {
  readonly client: GuardedClient
  readonly clock: Clock
  readonly limits: Pick<Limits, 'webhookTimeoutMs'>
  readonly random: () => number
}

/** Rejects only with the reason of the signal. */
export const attemptDelivery = async (
  dependencies: AttemptDependencies,
  delivery: ClaimedDelivery,
  signal: AbortSignal,
): Promise<DeliveryResult> => {
  const { client, clock, limits } = dependencies
  const message = { id: delivery.deliveryId, at: clock.now(), body: delivery.body }
  try {
    const answer = await client.fetch({
      url: delivery.url,
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'content-length': String(Buffer.byteLength(delivery.body)),
        'user-agent': 'Remanence-Webhooks/1',
        ...signatureHeaders(message, delivery.secrets),
      },
      body: delivery.body,
      timeoutMs: limits.webhookTimeoutMs,
      redirectCountMax: WEBHOOK_REDIRECT_COUNT_MAX,
      responseBytesMax: WEBHOOK_RESPONSE_BYTES_MAX,
      signal,
    })
    return resultOf(dependencies, delivery, answer)
  } catch (error) {
    if (!(error instanceof TargetError)) throw error
    const failure = { status: null, error: error.message, response: null, askedMs: 0 }
    return afterFailure(dependencies, delivery, failure)
  }
}

const GONE = 410

const resultOf = (
  dependencies: AttemptDependencies,
  delivery: ClaimedDelivery,
  { status, headers, body }: GuardedAnswer,
): DeliveryResult => {
  const told = { status, response: body, retryAt: null, disableReason: null }
  if (status >= 200 && status < 300) return { ...told, state: 'delivered', error: null }
  if (status === GONE)
    return {
      ...told,
      state: 'dead',
      error: 'the endpoint answered 410',
      disableReason: 'The endpoint answered 410 Gone.',
    }
  const askedMs = retryAfterMs(headers['retry-after'], dependencies.clock.now())
  const error = status >= 300 && status < 400 ? redirectError(status) : `the endpoint answered ${status}`
  return afterFailure(dependencies, delivery, { status, error, response: body, askedMs })
}

const redirectError = (status: number): string =>
  status === 307 || status === 308
    ? `more than ${WEBHOOK_REDIRECT_COUNT_MAX} redirects, or one that leads nowhere`
    : `the endpoint answered ${status}, and only redirects by 307 and 308 are followed`

const afterFailure = (
  { clock, random }: AttemptDependencies,
  delivery: ClaimedDelivery,
  failure: Pick<DeliveryResult, 'status' | 'error' | 'response'> & { readonly askedMs: number },
): DeliveryResult => {
  const { askedMs, ...told } = failure
  const now = clock.now()
  const attempts = delivery.attempts + 1
  const isLast = attempts >= WEBHOOK_ATTEMPT_COUNT_MAX || now >= delivery.retryUntil
  return {
    ...told,
    state: isLast ? 'dead' : 'pending',
    retryAt: isLast ? null : now + deliveryWaitMs(attempts, askedMs, random()),
    disableReason: null,
  }
}
