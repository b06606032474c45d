/** Pieces of schema that several routes of the wire share. Members that a client sends beyond them are ignored. */
import { Type } from 'typebox'
import { NAME_LENGTH_MAX, WAIT_SECONDS_MAX } from '../../kernel/limits.ts'

/** An id as a path or a body names it; one that nothing has is unknown, whatever it looks like. */
export const Id = Type.String({ minLength: 1, maxLength: NAME_LENGTH_MAX })

export const RunParams = Type.Object({ runId: Id })

/** Seconds a request may wait. More than the server waits is as much as it waits. */
export const Wait = Type.Integer({ minimum: 0, maximum: 3_600 })
export const waitMsOf = (seconds: number): number => Math.min(seconds, WAIT_SECONDS_MAX) * 1_000
