import type { Access } from './access.ts'
import type { Group } from './group.ts'
import { type TemplateName, templates } from './templates.ts'

/** The group of that name, as it is; made of the template when there is none. However many ask at once, it is made once. */
export const ensureGroup = async (
  { storage, ids, clock }: Access,
  name: string,
  template: TemplateName,
): Promise<Group> => {
  const known = await storage.getGroup(name)
  if (known !== null) return known
  const made = await storage.putGroup({
    ...{ groupId: ids.next(), name, ...templates[template] },
    ...{ expectedVersion: 0, now: clock.now() },
  })
  if (made.kind === 'put') return made.group
  const meanwhile = await storage.getGroup(name)
  if (meanwhile === null) throw new Error(`the group "${name}" comes and goes`)
  return meanwhile
}
