/** Names of the steps of a run that takes its inputs in portions: each portion goes through all steps of the pipeline by itself. */

/** @param portion counted from 0 */
export const portionStep = (name: string, portion: number): string => `${name} [${portion + 1}]`

export const isPortionStep = (name: string): boolean => / \[\d+\]$/.test(name)
