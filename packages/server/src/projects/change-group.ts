/** A group changed in a part, or deleted. */
import { TOPIC_COUNT_MAX } from '../kernel/limits.ts'
import { type Problem, problem } from '../kernel/problem.ts'
import type { Access } from './access.ts'
import { defaultGroupName, type Group, type Topic } from './group.ts'
import { decides, pathOf, pipelineInputs } from './pipeline.ts'
import { topicInUse } from './put-group.ts'

/** Times that a change is tried anew because another one came between. */
const CHANGE_COUNT_MAX = 10

/** Throws Problem `not_found`. */
export const getGroup = async ({ storage }: Access, name: string): Promise<Group> => {
  const group = await storage.getGroup(name)
  if (group === null) throw unknownGroup(name)
  return group
}

/** Adds a topic at the end, or replaces the one of that name. Throws Problem `not_found`, `conflict`, `invalid_request`. */
export const putTopic = (access: Access, groupName: string, topic: Topic): Promise<Group> =>
  changeTopics(access, groupName, ({ topics, pipeline }) => {
    const isKnown = topics.some(({ name }) => name === topic.name)
    if (isKnown) return topics.map((one) => (one.name === topic.name ? topic : one))
    if (topics.length >= TOPIC_COUNT_MAX)
      throw problem('invalid_request', `A group has at most ${TOPIC_COUNT_MAX} topics.`)
    const paths = pipelineInputs.map((input) => pathOf(pipeline, input))
    const isDecided = paths.every((path) =>
      path.some((step) => step.type === 'transform' && decides(step, topic.name)),
    )
    if (!isDecided)
      throw problem(
        'conflict',
        `The pipeline of the group names its topics and would never decide about "${topic.name}": put the group with both.`,
      )
    return [...topics, topic]
  })

/** Throws Problem `not_found`, `conflict`. */
export const removeTopic = async (access: Access, groupName: string, topicName: string): Promise<void> => {
  await changeTopics(access, groupName, ({ topics, pipeline }) => {
    if (!topics.some(({ name }) => name === topicName))
      throw problem('not_found', `topic "${topicName}" not found in group "${groupName}"`)
    if (topics.length === 1) throw problem('conflict', 'A group keeps at least one topic.')
    const step = pipeline.steps.find((one) => one.type === 'transform' && one.topics?.includes(topicName))
    if (step !== undefined)
      throw problem(
        'conflict',
        `The step "${step.name}" of the pipeline names the topic "${topicName}": put the group with a pipeline that does not.`,
      )
    return topics.filter(({ name }) => name !== topicName)
  })
}

const changeTopics = async (
  access: Access,
  name: string,
  change: (group: Group) => readonly Topic[],
): Promise<Group> => {
  const { storage, clock } = access
  for (let count = 0; count < CHANGE_COUNT_MAX; count++) {
    const group = await getGroup(access, name)
    const { groupId, pipeline, version: expectedVersion } = group
    const changed = { groupId, name, topics: change(group), pipeline, expectedVersion }
    const result = await storage.putGroup({ ...changed, now: clock.now() })
    if (result.kind === 'topic_in_use') throw topicInUse(result.topic)
    if (result.kind === 'put') return result.group
  }
  throw problem('conflict', `The group "${name}" is being changed by others: try again.`)
}

/** Throws Problem `not_found`, and `conflict` for the default group and for one that holds memories, has open runs or is used by agents or tools. */
export const deleteGroup = async ({ storage }: Access, name: string): Promise<void> => {
  if (name === defaultGroupName)
    throw problem('conflict', `The group "${defaultGroupName}" cannot be deleted.`)
  switch (await storage.deleteGroup(name)) {
    case 'unknown':
      throw unknownGroup(name)
    case 'has_memories':
      throw problem('conflict', `The group "${name}" holds memories: delete them first.`)
    case 'has_open_runs':
      throw problem('conflict', `The group "${name}" has runs that have not ended.`)
    case 'has_agents':
      throw problem('conflict', `Agents or tools use the group "${name}": archive them first.`)
    case 'deleted':
      return
  }
}

const unknownGroup = (name: string): Problem => problem('not_found', `group "${name}" not found`)
