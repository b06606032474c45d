/** Groups: their topics and their pipelines. */
/** When what waits in a buffer goes on: by the first of these that comes true. */
export type Trigger = {
  /** Runs in it. */
  readonly count?: number
  /** Since the first of them came. */
  readonly ageSeconds?: number
  /** Since the last of them came. */
  readonly idleSeconds?: number
}

export type PipelineStep = {
  readonly name: string
  readonly type: 'extract' | 'transform' | 'buffer' | 'commit'
  /** The step that follows; when absent the next one of the list, unless that is an extract step. */
  readonly next?: string
  /** Of a transform step: the topics it decides about; all when absent. */
  readonly topics?: readonly string[]
  /** Of an extract step, where there are several: what enters here. */
  readonly inputs?: readonly ('conversation' | 'string' | 'pre_extracted')[]
  /** Of a buffer step. */
  readonly trigger?: Trigger
}

export type Pipeline = { readonly steps: readonly PipelineStep[] }

/** Whose memory a topic keeps: per user or project-wide, and per value of each scope property. */
export type Scoping = { readonly userScoped: boolean; readonly scopeProperties: readonly string[] }

/** What a topic keeps; `fact` is all that no other topic of the group takes. */
export type TopicKind = 'identity' | 'preference' | 'episode' | 'emotion' | 'temporal' | 'fact'

export type Topic = {
  readonly topicName: string
  readonly description: string
  /** At most one memory in a scope, rewritten in place. */
  readonly isBounded: boolean
  readonly scoping: Scoping
  /** Absent: statements find the topic by the words of its name and description. */
  readonly kind?: TopicKind
}

export type Group = {
  readonly groupId: string
  readonly name: string
  /** What an add must supply: the union over the topics. */
  readonly scoping: Scoping
  readonly topics: readonly Topic[]
  readonly pipeline: Pipeline
  /** Counted by its changes. A run keeps the version it was accepted with. */
  readonly version: number
}

/** The new content of a group: its topics and its pipeline (the default one when absent), or the name of a template that has them. */
export type GroupDefinition =
  | { readonly topics: readonly Topic[]; readonly pipeline?: Pipeline }
  | { readonly template: string }
