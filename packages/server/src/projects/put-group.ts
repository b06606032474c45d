import { problem } from '../kernel/problem.ts'
import type { Access } from './access.ts'
import type { Group, Topic } from './group.ts'

/**
 * Creates a group, or replaces its topics. A topic that holds memories keeps its scoping and stays in its group, because
 * they could not be found any more. Throws Problem `invalid_request`, `conflict`.
 */
export const putGroup = async (
  { storage, ids, clock }: Access,
  params: { readonly name: string; readonly topics: readonly Topic[] },
): Promise<Group> => {
  const twice = params.topics.find(
    (topic, index) => params.topics.findIndex(({ name }) => name === topic.name) !== index,
  )
  if (twice !== undefined) throw problem('invalid_request', `The topic "${twice.name}" is named twice.`)
  const result = await storage.putGroup({ groupId: ids.next(), ...params, now: clock.now() })
  if (result.kind === 'topic_in_use') {
    throw problem(
      'conflict',
      `The topic "${result.topic}" holds memories: it can be neither removed nor scoped differently.`,
    )
  }
  return result.group
}
