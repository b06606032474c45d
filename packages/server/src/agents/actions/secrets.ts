/** The secrets that a template names, read where they are used and nowhere else. */
import type { Attempt } from '../../pipeline/step.ts'
import { createSecretMask, type SecretMask } from '../secret-mask.ts'
import { placesOf } from '../template.ts'

export type UsedSecrets = {
  readonly values: Readonly<Record<string, string>>
  readonly mask: SecretMask
}

/** Those that are not set are missing. Throws TemplateError. */
export const readUsedSecrets = async (
  { storage }: Pick<Attempt, 'storage'>,
  template: unknown,
): Promise<UsedSecrets> => {
  const names = placesOf(template).flatMap((path) => /^secrets\.([^.]+)$/.exec(path)?.[1] ?? [])
  const found = names.length === 0 ? new Map<string, string>() : await storage.agents.readSecrets(names)
  return { values: Object.fromEntries(found), mask: createSecretMask(found.values()) }
}
