import { StepError } from '../kernel/step-error.ts'
import { fakeExtractor } from './fake-extractor.ts'

/** A model whose answers to texts that begin with `wait` come when a test lets them, and that tells which calls were aborted. */
export const gatedModel = () => {
  const begun = new Map<string, PromiseWithResolvers<void>>()
  const opened = new Map<string, PromiseWithResolvers<void>>()
  const aborted: string[] = []
  const gate = (gates: Map<string, PromiseWithResolvers<void>>, text: string) => {
    const known = gates.get(text) ?? Promise.withResolvers<void>()
    gates.set(text, known)
    return known
  }
  const broken = new Set<string>()
  const extractor = fakeExtractor(async (text, { signal }) => {
    gate(begun, text).resolve()
    signal.addEventListener('abort', () => aborted.push(text))
    if (text.startsWith('wait')) await gate(opened, text).promise
    if (broken.has(text)) throw new StepError('invalid_output', 'the model answered nonsense')
    return [text]
  })
  return {
    extractor,
    broken,
    aborted,
    begun: (text: string) => gate(begun, text).promise,
    open: (text: string) => gate(opened, text).resolve(),
  }
}
