/** Ready-made groups: topics and the pipeline that goes with them. */
import type { Topic } from './group.ts'
import { defaultPipeline, type Pipeline } from './pipeline.ts'

const userKnowledge: Topic = {
  name: 'UserKnowledge',
  description:
    'Lasting facts about the user: who they are, people and places in their life, work, plans, habits, tastes and opinions, and what happened to them.',
  isBounded: false,
  scoping: { userScoped: true, scopeProperties: [] },
}

const conversationSummary: Topic = {
  name: 'ConversationSummary',
  description:
    'A running summary of one conversation: what it has been about so far, in two or three sentences.',
  isBounded: true,
  scoping: { userScoped: true, scopeProperties: ['conversation_id'] },
}

export type Template = { readonly topics: readonly Topic[]; readonly pipeline: Pipeline }

/** With the summary, every add must name its `conversation_id`. */
export const templates = {
  personalization: { topics: [userKnowledge], pipeline: defaultPipeline },
  'personalization-with-summary': {
    topics: [userKnowledge, conversationSummary],
    pipeline: defaultPipeline,
  },
} as const satisfies Record<string, Template>

export type TemplateName = keyof typeof templates
// safety: the keys of the object just above
export const templateNames = Object.keys(templates) as TemplateName[]
