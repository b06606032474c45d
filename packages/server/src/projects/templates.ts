import type { Topic } from './group.ts'

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

/** Ready-made sets of topics for a group. With the summary, every add must name its `conversation_id`. */
export const templates = {
  personalization: [userKnowledge],
  'personalization-with-summary': [userKnowledge, conversationSummary],
} as const satisfies Record<string, readonly Topic[]>

export type TemplateName = keyof typeof templates
// safety: the keys of the object just above
export const templateNames = Object.keys(templates) as TemplateName[]
