/** THE list of what must hold in any store at any moment. */

import { accountChecks } from './account-checks.ts'
import { bufferChecks } from './buffer-checks.ts'
import type { Check } from './check.ts'
import { creditChecks } from './credit-checks.ts'
import { fileChecks } from './file-checks.ts'
import { indexChecks } from './index-checks.ts'
import { memoryChecks } from './memory-checks.ts'
import { runChecks } from './run-checks.ts'
import { webhookChecks } from './webhook-checks.ts'

export const checks: readonly Check[] = [
  ...fileChecks,
  ...runChecks,
  ...bufferChecks,
  ...memoryChecks,
  ...indexChecks,
  ...webhookChecks,
  ...accountChecks,
  ...creditChecks,
]
