/** What a first start creates: the project `default` with its group `default`, and a key to open it. */
import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Clock } from '../kernel/clock.ts'
import type { Ids } from '../kernel/ids.ts'
import type { Storage } from '../storage/storage.ts'
import { defaultGroupName } from './group.ts'
import { hashSecret, newSecret, prefixOf } from './keys.ts'
import { defaultProjectName, keyScopes, keyStateOf, type Project } from './project.ts'
import { type TemplateName, templates } from './templates.ts'

type Dependencies = { readonly storage: Storage; readonly clock: Clock; readonly ids: Ids }

/** The file of the data directory that holds the key for the command line, readable by its owner only. */
export const keyFileName = 'key'

/** Answers the key made by this start; null when one was given or made before. */
export const ensureDefaultProject = async (
  dependencies: Dependencies,
  config: { readonly dataDir: string; readonly apiKey: string | null; readonly template: TemplateName },
): Promise<string | null> => {
  const { storage } = dependencies
  const project = await ensureProject(dependencies, config.template)
  if (config.apiKey !== null) {
    const known = await storage.findKey(hashSecret(config.apiKey))
    if (known !== null && keyStateOf(known, dependencies.clock.now()) === 'expired')
      throw new Error('The key of REMANENCE_API_KEY has expired: set another one.')
    if (known === null) {
      await storeKey(dependencies, project.projectId, { name: 'REMANENCE_API_KEY', secret: config.apiKey })
    }
    writeKeyFile(config.dataDir, config.apiKey)
    return null
  }
  const keys = await storage.project(project.projectId).listKeys()
  if (keys.some((key) => keyStateOf(key, dependencies.clock.now()) === 'active')) return null
  const secret = newSecret()
  // The file first: a process that ends between the two leaves a file that opens nothing, not a key that nobody has.
  writeKeyFile(config.dataDir, secret)
  await storeKey(dependencies, project.projectId, { name: 'first key', secret })
  return secret
}

const ensureProject = async (
  { storage, ids, clock }: Dependencies,
  template: TemplateName,
): Promise<Project> => {
  const known = (await storage.listProjects()).find(({ name }) => name === defaultProjectName)
  const project = known ?? { projectId: ids.next(), name: defaultProjectName, createdAt: clock.now() }
  if (known === undefined) await storage.createProject(project)
  const scoped = storage.project(project.projectId)
  if ((await scoped.getGroup(defaultGroupName)) === null) {
    await scoped.putGroup({
      groupId: ids.next(),
      name: defaultGroupName,
      ...templates[template],
      now: clock.now(),
    })
  }
  return project
}

const storeKey = async (
  { storage, ids, clock }: Dependencies,
  projectId: string,
  { name, secret }: { name: string; secret: string },
): Promise<void> => {
  const key = {
    keyId: ids.next(),
    projectId,
    name,
    prefix: prefixOf(secret),
    scopes: keyScopes,
    createdAt: clock.now(),
    expiresAt: null,
  }
  const isNew = await storage.project(projectId).createKey({ ...key, hash: hashSecret(secret) })
  if (!isNew) throw new Error(`The key of ${name} was revoked: set another one.`)
}

const writeKeyFile = (dataDir: string, secret: string): void => {
  const file = join(dataDir, keyFileName)
  writeFileSync(file, `${secret}\n`, { mode: 0o600 })
  chmodSync(file, 0o600)
}
