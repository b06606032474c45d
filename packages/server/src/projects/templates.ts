/** Ready-made groups: topics and the pipeline that goes with them. */
import { dayMs } from '../kernel/clock.ts'
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

const dailyDigest: Topic = {
  name: 'DailyDigest',
  description: 'What the user has told lately, in a few lines: made once a day of what was newly remembered.',
  isBounded: true,
  scoping: { userScoped: true, scopeProperties: [] },
}

/** What was remembered goes into the digest a day after the first of it. */
const digestPipeline: Pipeline = {
  steps: [
    { name: 'extract', type: 'extract', next: 'transform', inputs: null },
    { name: 'transform', type: 'transform', next: 'commit', topics: [userKnowledge.name] },
    { name: 'commit', type: 'commit', next: 'gather' },
    {
      ...{ name: 'gather', type: 'buffer', next: 'aggregate' },
      trigger: { count: null, ageMs: dayMs, idleMs: null },
    },
    { name: 'aggregate', type: 'transform', next: 'commit-digest', topics: [dailyDigest.name] },
    { name: 'commit-digest', type: 'commit', next: null },
  ],
}

export type Template = { readonly topics: readonly Topic[]; readonly pipeline: Pipeline }

/** With the summary, every add must name its `conversation_id`. */
export const templates = {
  personalization: { topics: [userKnowledge], pipeline: defaultPipeline },
  'personalization-with-summary': {
    topics: [userKnowledge, conversationSummary],
    pipeline: defaultPipeline,
  },
  'daily-digest': { topics: [userKnowledge, dailyDigest], pipeline: digestPipeline },
} as const satisfies Record<string, Template>

export type TemplateName = keyof typeof templates
// safety: the keys of the object just above
export const templateNames = Object.keys(templates) as TemplateName[]
