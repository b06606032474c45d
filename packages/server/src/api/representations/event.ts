/** Events as they are answered, in a page and in a stream. */
import { type Static, Type } from 'typebox'
import { toIso } from '../../kernel/clock.ts'
import type { ProjectEvent } from '../../runs/event-filter.ts'
import { type EventType, eventTypes, type RunEvent } from '../../runs/run.ts'
import { Uuid } from './schema.ts'

export const EventTypeName = Type.Unsafe<EventType>({ type: 'string', enum: [...eventTypes] })

const members = {
  seq: Type.Integer({ description: 'Number within the run, from 1, without gaps.' }),
  type: Type.String(),
  at: Type.String(),
  run_id: Uuid,
  data: Type.Unsafe<Readonly<Record<string, unknown>>>({ type: 'object', additionalProperties: true }),
}

export const RunEventRepresentation = Type.Object(members)

export const ProjectEventRepresentation = Type.Object({
  ...members,
  project_seq: Type.Integer({ description: 'Number within the project, rising; the `id` in a stream.' }),
  user_id: Type.Optional(Type.String()),
})

export const toRunEvent = ({
  seq,
  type,
  at,
  runId,
  data,
}: RunEvent): Static<typeof RunEventRepresentation> => ({
  seq,
  type,
  at: toIso(at),
  run_id: runId,
  data,
})

export const toProjectEvent = (event: ProjectEvent): Static<typeof ProjectEventRepresentation> => ({
  ...toRunEvent(event),
  project_seq: event.projectSeq,
  ...(event.userId !== null && { user_id: event.userId }),
})

/** Events as text of a stream, each written once however many streams it goes to. */
export const createFrames = <Event extends RunEvent>(
  idOf: (event: Event) => number,
  represent: (event: Event) => object,
): ((event: Event) => string) => {
  const known = new WeakMap<Event, string>()
  return (event) => {
    const text =
      known.get(event) ??
      `id: ${idOf(event)}\nevent: ${event.type}\ndata: ${JSON.stringify(represent(event))}\n\n`
    known.set(event, text)
    return text
  }
}
