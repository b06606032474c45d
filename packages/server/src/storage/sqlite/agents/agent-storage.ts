/** The agents' part of the engine: what is read, what is written, and what must be synced before it is answered. */
import type { AgentStorage, Definitions, TriggerLookup } from '../../agent-storage.ts'
import type { Connection } from '../connection.ts'
import type { GroupCommit } from '../group-commit.ts'
import * as credits from './credits.ts'
import { agentKind, definitionsOf, type Kind, toolKind } from './definitions.ts'
import * as triggers from './triggers.ts'

type Parts = { readonly db: Connection; readonly commit: GroupCommit }

export const agentStorage = ({ db, commit }: Parts, projectId: string): AgentStorage => {
  const definitions = <Kept extends Parameters<Kind<Kept>['toKept']>[1]>(
    kind: Kind<Kept>,
  ): Definitions<Kept> => {
    const { get, list, put } = definitionsOf(db, projectId, kind)
    return {
      get: async (id) => get(id),
      list: async (params) => list(params),
      put: (params) => commit.write('durable', () => put(params)),
    }
  }
  return {
    agents: definitions(agentKind),
    tools: definitions(toolKind),
    listTriggers: async () => triggers.listTriggers(db, projectId),
    createTrigger: (params) => commit.write('durable', () => triggers.createTrigger(db, projectId, params)),
    removeTrigger: (triggerId) =>
      commit.write('durable', () => triggers.removeTrigger(db, projectId, triggerId)),
    touchTrigger: (params) => commit.write('relaxed', () => triggers.touchTrigger(db, projectId, params)),
    listSecrets: async () => triggers.listSecrets(db, projectId),
    putSecret: (params) => commit.write('durable', () => triggers.putSecret(db, projectId, params)),
    removeSecret: (name) => commit.write('durable', () => triggers.removeSecret(db, projectId, name)),
    readSecrets: async (names) => triggers.readSecrets(db, projectId, names),
    getCredits: async (params) => credits.getCredits(db, projectId, params),
    setCredits: (params) => commit.write('durable', () => credits.setCredits(db, projectId, params)),
    grantCredits: (params) => commit.write('durable', () => credits.grantCredits(db, projectId, params)),
    listCreditTransactions: async (params) => credits.listCreditTransactions(db, projectId, params),
  }
}

export const triggerLookup = ({ db }: Pick<Parts, 'db'>): TriggerLookup => ({
  findTrigger: async (tokenHash) => triggers.findTrigger(db, tokenHash),
})
