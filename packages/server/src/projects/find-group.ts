import { type Problem, problem } from '../kernel/problem.ts'
import type { ProjectStorage } from '../storage/storage.ts'
import type { Access } from './access.ts'
import { defaultGroupName, type Group, type Topic } from './group.ts'

/** The group by its exact name, or the default one. Throws Problem `unknown_group`. */
export const findGroup = async (
  storage: Pick<ProjectStorage, 'getGroup'>,
  name: string | undefined,
): Promise<Group> => {
  const group = await storage.getGroup(name ?? defaultGroupName)
  if (group === null) throw problem('unknown_group', `group "${name ?? defaultGroupName}" not found`)
  return group
}

/** The topic of the group by its exact name. Throws Problem `unknown_topic`. */
export const findTopic = (group: Group, name: string): Topic => {
  const topic = group.topics.find((one) => one.name === name)
  if (topic === undefined)
    throw problem('unknown_topic', `topic "${name}" not found in group "${group.name}"`)
  return topic
}

/** The refusal of a call that names no user where a topic's memories belong to users. */
export const missingUser = (topic: string): Problem =>
  problem('missing_user', `user_id is required by topic ${topic}`)

export const listGroups = ({ storage }: Access): Promise<readonly Group[]> => storage.listGroups()
