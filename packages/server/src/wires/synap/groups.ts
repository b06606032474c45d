/** The groups that memories of this wire are in, one for each level of whose they are. A project gets them when they are first written to. */
import type { Access } from '../../projects/access.ts'
import { ensureGroup } from '../../projects/ensure-group.ts'
import type { Group } from '../../projects/group.ts'
import type { TemplateName } from '../../projects/templates.ts'

const templateOf = {
  synap: 'typed',
  'synap-customer': 'typed-shared',
  'synap-client': 'typed-common',
} as const satisfies Record<string, TemplateName>

export type GroupName = keyof typeof templateOf

export const isSynapGroup = (name: string): name is GroupName => Object.hasOwn(templateOf, name)

/** The group to write to, made if the project has none of that name yet. */
export const groupToWrite = (access: Access, name: GroupName): Promise<Group> =>
  ensureGroup(access, name, templateOf[name])

/** The group to read from; null when nobody has ever written to it. */
export const groupToRead = ({ storage }: Access, name: GroupName): Promise<Group | null> =>
  storage.getGroup(name)
