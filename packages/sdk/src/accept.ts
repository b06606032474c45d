import { RemanenceError } from './errors.ts'
import { type RequestOptions, send, type Transport } from './transport.ts'
import type { AcceptedRun, Run } from './types.ts'
import { toWire } from './wire-case.ts'

export type AcceptOptions = RequestOptions & {
  /** The same key gives the same run, however often it is sent. Default: a fresh one for this call. */
  readonly idempotencyKey?: string | undefined
  /** Seconds, at most 60, to wait for the end of the run: if it ends by then it comes with the answer. */
  readonly wait?: number | undefined
}

/**
 * Has a run made. The call carries one idempotency key through all its repetitions, so it makes one. `asIs` are members of the body
 * whose names belong to the caller. A form goes as it is.
 */
export const accept = async (
  transport: Transport,
  request: { readonly path: string } & (
    | { readonly body: object; readonly asIs?: object }
    | { readonly form: FormData }
  ),
  options: AcceptOptions,
): Promise<AcceptedRun> => {
  const { idempotencyKey = crypto.randomUUID(), wait = 0 } = options
  if (!/^[\x21-\x7e]+$/.test(idempotencyKey)) {
    throw new RemanenceError('idempotencyKey must be visible ASCII characters without blanks')
  }
  const { body, headers } = await send(transport, {
    method: 'POST',
    path: request.path,
    ...('form' in request
      ? { form: request.form }
      : // safety: an object stays one
        { text: JSON.stringify({ ...(toWire(request.body) as object), ...request.asIs }) }),
    headers: {
      ...('body' in request && { 'content-type': 'application/json' }),
      'idempotency-key': idempotencyKey,
      ...(wait > 0 && { prefer: `wait=${Math.ceil(wait)}` }),
    },
    repeatable: true,
    options: { ...options, timeoutMs: wait * 1_000 + (options.timeoutMs ?? transport.timeoutMs) },
  })
  // safety: the shape is the server's contract
  const { webhook, ...answer } = body as (Run | Pick<Run, 'runId' | 'status'>) & Pick<AcceptedRun, 'webhook'>
  const { runId, status } = answer
  const replayed = headers.get('idempotency-replayed') === 'true'
  return {
    ...{ runId, status, replayed },
    ...('state' in answer && { run: answer }),
    ...(webhook !== undefined && { webhook }),
  }
}
