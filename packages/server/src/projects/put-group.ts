import { type Problem, problem } from '../kernel/problem.ts'
import type { Access } from './access.ts'
import { readPipeline, type StepDraft } from './check-pipeline.ts'
import type { Group, Topic } from './group.ts'
import { defaultPipeline } from './pipeline.ts'
import { type TemplateName, templates } from './templates.ts'

/**
 * Creates a group, or replaces its topics and its pipeline, which is the default one when absent. A topic that holds memories keeps its
 * scoping and stays in its group, because they could not be found any more. Throws Problem `invalid_request`, `invalid_body`, `conflict`.
 */
export const putGroup = async (
  access: Access,
  params: {
    readonly name: string
    readonly topics: readonly Topic[]
    readonly steps: readonly StepDraft[] | null
  },
): Promise<Group> => {
  const twice = params.topics.find(
    (topic, index) => params.topics.findIndex(({ name }) => name === topic.name) !== index,
  )
  if (twice !== undefined) throw problem('invalid_request', `The topic "${twice.name}" is named twice.`)
  const { name, topics, steps } = params
  const pipeline = steps === null ? defaultPipeline : readPipeline(steps, topics)
  return store(access, { name, topics, pipeline })
}

/** Makes the group what the template says. Throws Problem `conflict`. */
export const putTemplate = (access: Access, name: string, template: TemplateName): Promise<Group> =>
  store(access, { name, ...templates[template] })

const store = async (
  { storage, ids, clock }: Access,
  group: Pick<Group, 'name' | 'topics' | 'pipeline'>,
): Promise<Group> => {
  const result = await storage.putGroup({ groupId: ids.next(), ...group, now: clock.now() })
  if (result.kind === 'topic_in_use') throw topicInUse(result.topic)
  if (result.kind === 'moved') throw new Error('a group was put without a version and yet refused for it')
  return result.group
}

export const topicInUse = (topic: string): Problem =>
  problem(
    'conflict',
    `The topic "${topic}" holds memories: it can be neither removed nor scoped differently.`,
  )
