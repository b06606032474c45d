import { MODEL_ANSWER_BYTES_MAX } from '../../kernel/limits.ts'
import { StepError } from '../../kernel/step-error.ts'

/**
 * A fetch for providers of models. It follows no redirect, because the key would go along to wherever that leads; it takes
 * nothing but a stream of events for an answer; and it reads no more than an answer may have.
 */
export const boundedFetch: typeof fetch = async (input, init) => {
  const response = await fetch(input, { ...init, redirect: 'manual' })
  if (response.status >= 300 && response.status < 400) {
    await response.body?.cancel()
    throw new StepError(
      'model_refused',
      `the model provider answered ${response.status}, and redirects are not followed: check modelUrl`,
    )
  }
  const contentType = response.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase()
  if (response.ok && contentType !== undefined && contentType !== 'text/event-stream') {
    await response.body?.cancel()
    throw new StepError(
      'model_answer_invalid',
      `the model provider answered ${contentType} instead of a stream of events`,
      { retryable: true },
    )
  }
  if (response.body === null) return response
  const { status, statusText, headers } = response
  return new Response(response.body.pipeThrough(bound()), { status, statusText, headers })
}

const bound = (): TransformStream<Uint8Array, Uint8Array> => {
  let sizeBytes = 0
  return new TransformStream({
    transform: (chunk, controller) => {
      sizeBytes += chunk.byteLength
      if (sizeBytes <= MODEL_ANSWER_BYTES_MAX) return controller.enqueue(chunk)
      controller.error(
        new StepError(
          'model_answer_invalid',
          `the answer of the model has more than ${MODEL_ANSWER_BYTES_MAX} bytes`,
        ),
      )
    },
  })
}
