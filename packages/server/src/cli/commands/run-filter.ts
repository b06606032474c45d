import type { Run, RunFilter, RunState } from '@remanence/sdk'
import { type Command, Option } from 'commander'
import type { Io } from '../io.ts'
import { readTime, type Time } from '../option-values.ts'

/** Options that say which runs are meant. */
export type RunFilterFlags = {
  readonly state?: RunState
  readonly user?: string
  readonly group?: string
  readonly inputType?: Run['inputType']
  readonly error?: string
  readonly tag?: string
  readonly dismissed?: boolean
  readonly since?: Time
  readonly until?: Time
  readonly endedSince?: Time
  readonly endedUntil?: Time
}

export const addFilterOptions = (command: Command): Command =>
  command
    .addOption(
      new Option('--state <STATE>', 'only runs in this state').choices([
        'queued',
        'running',
        'buffered',
        'completed',
        'partial',
        'failed',
        'cancelled',
      ]),
    )
    .option('--user <NAME>', 'only runs of this user')
    .option('--group <NAME>', 'only runs of this group')
    .option('--input-type <TYPE>', 'only runs of this input: string, conversation, pre_extracted, delete, …')
    .option('--tag <TAG>', 'only runs with this tag')
    .option('--dismissed', 'only runs that were dismissed')
    .option('--no-dismissed', 'only runs that were not dismissed')
    .option('--error <TEXT>', 'only runs that failed with this text in their error')
    .option(
      '--since <TIME>',
      'only runs accepted at this time (RFC 3339) or later, or this long ago: 90s, 15m, 2h, 7d',
      readTime,
    )
    .option('--until <TIME>', 'only runs accepted earlier than this time', readTime)
    .option('--ended-since <TIME>', 'only runs that ended at this time or later', readTime)
    .option('--ended-until <TIME>', 'only runs that ended earlier than this time', readTime)

/** The filter that the options spell; nothing in it when none is given. */
export const filterOf = (io: Io, flags: RunFilterFlags): RunFilter => ({
  state: flags.state,
  userId: flags.user,
  group: flags.group,
  inputType: flags.inputType,
  error: flags.error,
  tag: flags.tag,
  dismissed: flags.dismissed,
  createdAfter: flags.since?.(io.now()),
  createdBefore: flags.until?.(io.now()),
  completedAfter: flags.endedSince?.(io.now()),
  completedBefore: flags.endedUntil?.(io.now()),
})
