/** Everything that happens to agents, tools, triggers, secrets and credits on the embedded engine, once. */
import {
  getCredits,
  grantCredits,
  listCreditTransactions,
  setCredits,
} from '../storage/sqlite/agents/credits.ts'
import { agentKind, definitionsOf, isGroupUsed, toolKind } from '../storage/sqlite/agents/definitions.ts'
import * as triggers from '../storage/sqlite/agents/triggers.ts'
import type { Connection } from '../storage/sqlite/connection.ts'
import { prune } from '../storage/sqlite/prune.ts'
import { makeAgent, makeTool, makeTrigger } from './agent-factories.ts'
import { projectId } from './sqlite-exercise.ts'
import { startAt } from './storage-factories.ts'

export const exerciseAgents = (db: Connection): void => {
  const agents = definitionsOf(db, projectId, agentKind)
  const tools = definitionsOf(db, projectId, toolKind)
  const put = { expectedVersion: 0, countMax: 9, now: startAt }
  agents.put({ value: makeAgent({ agentId: 'a' }), ...put })
  tools.put({ value: makeTool({ toolId: 't' }), ...put })
  for (const { get, list } of [agents, tools]) {
    get('a')
    for (const withArchived of [true, false]) list({ limit: 9, cursor: `${startAt}:a`, withArchived })
  }
  isGroupUsed(db, projectId, 'default')
  const trigger = makeTrigger({ triggerId: 'g' })
  triggers.createTrigger(db, projectId, { trigger, tokenHash: 'hash', countMax: 9 })
  triggers.listTriggers(db, projectId)
  triggers.touchTrigger(db, projectId, { triggerId: 'g', now: startAt })
  triggers.findTrigger(db, 'hash')
  triggers.removeTrigger(db, projectId, 'h')
  triggers.putSecret(db, projectId, { name: 'KEY', value: 'value', countMax: 9, now: startAt })
  triggers.listSecrets(db, projectId)
  triggers.readSecrets(db, projectId, ['KEY'])
  triggers.removeSecret(db, projectId, 'NONE')
  setCredits(db, projectId, { caps: { tokens: 1, actions: 1, credits: '1' } })
  grantCredits(db, projectId, { amount: '1', now: startAt })
  getCredits(db, projectId, { monthStartAt: startAt })
  for (const runId of [null, 'run'])
    for (const kind of [null, 'charge'] as const)
      listCreditTransactions(db, projectId, { runId, kind, limit: 9, cursor: '5' })
  prune(db, projectId, { kind: 'ledger', before: startAt + 60 * 24 * 3_600_000, limit: 9, cursor: null })
}
