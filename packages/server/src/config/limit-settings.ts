import { defaultLimits, type Limits } from '../kernel/limits.ts'
import { defineSetting, type Setting } from './setting.ts'

type Bounds = { readonly description: string; readonly minimum: number; readonly maximum: number }

const daysMs = 24 * 3_600_000

/** A hundred years at most. */
const retention = { minimum: 0, maximum: 36_500 * daysMs }

/** How far each limit may be moved, and what it bounds. */
const bounds: { readonly [name in keyof Limits]: Bounds } = {
  bodyBytesMax: { description: 'bytes of one request body', minimum: 1_024, maximum: 268_435_456 },
  queueDepthMax: {
    description: 'waiting and running runs of one project',
    minimum: 1,
    maximum: 1_000_000_000,
  },
  runConcurrencyMax: { description: 'runs processed at the same time', minimum: 1, maximum: 1_024 },
  runFailureCountMax: {
    description: 'failed attempts until a run fails for good',
    minimum: 1,
    maximum: 1_000,
  },
  runInterruptionCountMax: {
    description: 'interruptions (crash, lost lease) until a run fails for good',
    minimum: 1,
    maximum: 1_000,
  },
  runTimeoutMs: {
    description: 'a run from its first attempt to its end, unless it asks for another time',
    minimum: 10,
    maximum: 365 * daysMs,
  },
  stepTimeoutMs: {
    description: 'one attempt of one step; in extraction, each input',
    minimum: 10,
    maximum: daysMs,
  },
  leaseMs: {
    description: 'a claim not renewed for this long goes to another worker',
    minimum: 100,
    maximum: daysMs,
  },
  retryBaseMs: {
    description: 'first wait before a retry; it doubles with each failure',
    minimum: 1,
    maximum: daysMs,
  },
  retryMaxMs: { description: 'longest wait before a retry', minimum: 1, maximum: daysMs },
  oldestWaitingMsMax: {
    description: '/ready fails when a run has waited longer',
    minimum: 1_000,
    maximum: 365 * daysMs,
  },
  drainMs: { description: 'how long a stopping server waits for runs in hand', minimum: 1, maximum: daysMs },
  streamCountMax: { description: 'streams and waits open at once', minimum: 1, maximum: 1_000_000 },
  streamBufferBytesMax: {
    description: 'bytes that wait for the reader of one stream until it is cut off',
    minimum: 1_024,
    maximum: 268_435_456,
  },
  idempotencyRetentionMs: {
    description: 'how long an idempotency key is remembered',
    minimum: 1_000,
    maximum: 365 * daysMs,
  },
  runRetentionMs: { description: 'how long ended runs are kept; 0: for good', ...retention },
  eventRetentionMs: { description: 'how long events are kept; 0: for good', ...retention },
  versionRetentionMs: {
    description: 'how long replaced versions of memories are kept; 0: for good',
    ...retention,
  },
  deliveryRetentionMs: {
    description: 'how long ended webhook deliveries are kept; 0: for good',
    ...retention,
  },
  ledgerRetentionMs: {
    description: 'how long transactions of credits are kept, whole months of them; 0: for good',
    ...retention,
  },
  webhookCountMax: { description: 'webhook endpoints of one project', minimum: 1, maximum: 1_000 },
  webhookConcurrencyMax: {
    description: 'webhook deliveries attempted at the same time',
    minimum: 4,
    maximum: 10_000,
  },
  triggerRateMax: { description: 'uses of one inbound webhook in a minute', minimum: 1, maximum: 1_000_000 },
  webhookTimeoutMs: {
    description: 'one attempt of a webhook delivery',
    minimum: 10,
    maximum: 600_000,
  },
  modelTimeoutMs: { description: 'one call to a language model', minimum: 10, maximum: 3_600_000 },
  fileBytesMax: {
    description: 'bytes of a file that is read as a document',
    minimum: 1_024,
    maximum: 268_435_456,
  },
  fileTimeoutMs: { description: 'reading a file', minimum: 10, maximum: 3_600_000 },
}

const placeholderOf = (name: string): string =>
  name.includes('Ms') ? 'MS' : name.includes('Bytes') ? 'BYTES' : 'COUNT'

export const limitSettings: readonly Setting[] = Object.entries(bounds).map(
  ([name, { description, minimum, maximum }]) =>
    defineSetting(name, {
      placeholder: placeholderOf(name),
      description,
      schema: { type: 'integer', minimum, maximum },
      default: defaultLimits[name as keyof Limits], // safety: the keys of `bounds` are those of Limits
      isLimit: true,
    }),
)
