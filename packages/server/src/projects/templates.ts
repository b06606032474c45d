/** Ready-made groups: topics and the pipeline that goes with them. */
import { dayMs } from '../kernel/clock.ts'
import type { Scoping, Topic } from './group.ts'
import { defaultPipeline, type Pipeline } from './pipeline.ts'

const ofUser: Scoping = { userScoped: true, scopeProperties: [] }

const userKnowledge: Topic = {
  name: 'UserKnowledge',
  description:
    'Lasting facts about the user: who they are, people and places in their life, work, plans, habits, tastes and opinions, and what happened to them.',
  isBounded: false,
  scoping: ofUser,
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
  scoping: ofUser,
}

const coreAndGeneral: readonly Topic[] = [
  {
    name: 'Core',
    description:
      'Who the user is: name, age, gender, home, profession, family status, and standing instructions to the assistant. Always handed to the agent.',
    isBounded: false,
    scoping: ofUser,
    kind: 'identity',
  },
  {
    name: 'General',
    description:
      'Everything else worth remembering: projects, skills, pets, tastes, events, other people, plans.',
    isBounded: false,
    scoping: ofUser,
    kind: 'fact',
  },
]

/** What is remembered sorted by its kind, in the scope that is wanted. */
const typed = (scoping: Scoping): readonly Topic[] => [
  {
    name: 'Facts',
    description: 'Facts that are of none of the other kinds: what is so.',
    isBounded: false,
    scoping,
    kind: 'fact',
  },
  {
    name: 'Preferences',
    description: 'Likes, dislikes, wishes and habits of choice.',
    isBounded: false,
    scoping,
    kind: 'preference',
  },
  {
    name: 'Episodes',
    description: 'What happened: events of the past, as they are told.',
    isBounded: false,
    scoping,
    kind: 'episode',
  },
  {
    name: 'Emotions',
    description: 'What somebody feels or felt, and about what.',
    isBounded: false,
    scoping,
    kind: 'emotion',
  },
  {
    name: 'TemporalEvents',
    description: 'What is bound to a date or an hour: appointments, deadlines, plans with a date.',
    isBounded: false,
    scoping,
    kind: 'temporal',
  },
]

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

/** With the summary, every add must name its `conversation_id`; with `typed` and `typed-shared`, its `customer_id`. */
export const templates = {
  personalization: { topics: [userKnowledge], pipeline: defaultPipeline },
  'personalization-with-summary': {
    topics: [userKnowledge, conversationSummary],
    pipeline: defaultPipeline,
  },
  'daily-digest': { topics: [userKnowledge, dailyDigest], pipeline: digestPipeline },
  'core-and-general': { topics: coreAndGeneral, pipeline: defaultPipeline },
  typed: {
    topics: typed({ userScoped: true, scopeProperties: ['customer_id'] }),
    pipeline: defaultPipeline,
  },
  'typed-shared': {
    topics: typed({ userScoped: false, scopeProperties: ['customer_id'] }),
    pipeline: defaultPipeline,
  },
  'typed-common': { topics: typed({ userScoped: false, scopeProperties: [] }), pipeline: defaultPipeline },
} as const satisfies Record<string, Template>

export type TemplateName = keyof typeof templates
// safety: the keys of the object just above
export const templateNames = Object.keys(templates) as TemplateName[]
