/** Addresses that start runs: made, shown once, listed, removed. And the secrets that actions use, which nothing shows. */
import { randomBytes } from 'node:crypto'
import { SECRET_COUNT_MAX, TRIGGER_COUNT_MAX } from '../kernel/limits.ts'
import { problem } from '../kernel/problem.ts'
import type { Access } from '../projects/access.ts'
import { hashSecret } from '../projects/keys.ts'
import { getAgent } from './manage-agents.ts'
import { getTool } from './manage-tools.ts'
import type { Trigger } from './trigger.ts'

/** 256 random bits. */
const newToken = (): string => `trg_${randomBytes(32).toString('base64url')}`

const PREFIX_LENGTH = 12

export const listTriggers = ({ storage }: Access): Promise<readonly Trigger[]> =>
  storage.agents.listTriggers()

/** Answers the token this once. Throws Problem `not_found` (what it is to run), `conflict` (that is archived), `limit_reached`. */
export const createTrigger = async (
  access: Access,
  given: Pick<Trigger, 'name' | 'target' | 'secret'>,
): Promise<{ readonly trigger: Trigger; readonly token: string }> => {
  const { storage, ids, clock } = access
  const { type, id } = given.target
  const { status } = type === 'agent' ? await getAgent(access, id) : await getTool(access, id)
  if (status === 'archived') throw problem('conflict', `The ${type} ${id} is archived: it runs no more.`)
  const token = newToken()
  const trigger: Trigger = {
    triggerId: ids.next(),
    ...given,
    prefix: token.slice(0, PREFIX_LENGTH),
    createdAt: clock.now(),
    lastUsedAt: null,
  }
  const params = { trigger, tokenHash: hashSecret(token), countMax: TRIGGER_COUNT_MAX }
  if (!(await storage.agents.createTrigger(params)))
    throw problem('limit_reached', `The project has ${TRIGGER_COUNT_MAX} triggers; it may have no more.`)
  return { trigger, token }
}

/** From then on its address answers that there is none. Throws Problem `not_found`. */
export const removeTrigger = async ({ storage }: Access, triggerId: string): Promise<void> => {
  if (!(await storage.agents.removeTrigger(triggerId)))
    throw problem('not_found', `There is no trigger ${triggerId}.`)
}

type SecretView = { readonly name: string; readonly updatedAt: number }

export const listSecrets = ({ storage }: Access): Promise<readonly SecretView[]> =>
  storage.agents.listSecrets()

/** The next action that uses it gets the new value. Throws Problem `limit_reached`. */
export const putSecret = async (
  { storage, clock }: Access,
  { name, value }: { readonly name: string; readonly value: string },
): Promise<SecretView> => {
  const now = clock.now()
  if (!(await storage.agents.putSecret({ name, value, countMax: SECRET_COUNT_MAX, now })))
    throw problem('limit_reached', `The project has ${SECRET_COUNT_MAX} secrets; it may have no more.`)
  return { name, updatedAt: now }
}

/** Actions that still use it fail. Throws Problem `not_found`. */
export const removeSecret = async ({ storage }: Access, name: string): Promise<void> => {
  if (!(await storage.agents.removeSecret(name))) throw problem('not_found', `There is no secret ${name}.`)
}
