/** Things of the domain with members a test need not care about. */
import { randomUUID } from 'node:crypto'
import { defaultGroupName, type Topic } from '../projects/group.ts'
import { hashSecret, newSecret, prefixOf } from '../projects/keys.ts'
import { projectScopes } from '../projects/project.ts'
import { templates } from '../projects/templates.ts'
import type { Storage } from '../storage/storage.ts'

/** A topic that is neither bounded nor scoped. */
export const makeTopic = (name: string, members: Partial<Omit<Topic, 'name'>> = {}): Topic => ({
  name,
  description: `Facts about ${name}.`,
  isBounded: false,
  scoping: { userScoped: false, scopeProperties: [] },
  ...members,
})

/** A project besides the default one, with a group `default` and a key for everything. */
export const createProject = async (storage: Storage, name: string): Promise<{ key: string }> => {
  const projectId = randomUUID()
  const key = newSecret()
  const now = Date.now()
  await storage.createProject({ projectId, name, createdAt: now })
  const project = storage.project(projectId)
  await project.putGroup({
    groupId: randomUUID(),
    name: defaultGroupName,
    ...templates.personalization,
    now,
  })
  await project.createKey({
    projectId,
    keyId: randomUUID(),
    name: `key of ${name}`,
    prefix: prefixOf(key),
    scopes: projectScopes,
    createdAt: now,
    expiresAt: null,
    hash: hashSecret(key),
  })
  return { key }
}
