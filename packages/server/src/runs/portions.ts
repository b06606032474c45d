/**
 * Names of the steps of a document: it is read first, and a long one takes its parts in portions, of which each goes through all steps of
 * the pipeline by itself.
 */

export const readStepName = 'read document'

/** @param portion counted from 0 */
export const portionStep = (name: string, portion: number): string => `${name} [${portion + 1}]`

const pattern = /^(.*) \[(\d+)\]$/s

export const isPortionStep = (name: string): boolean => pattern.test(name)

/** The step of the pipeline, and the number of the portion; null when it is the step of no portion. */
export const readPortionStep = (name: string): { readonly step: string; readonly portion: number } | null => {
  const [, step, number] = pattern.exec(name) ?? []
  return step === undefined ? null : { step, portion: Number(number) - 1 }
}
