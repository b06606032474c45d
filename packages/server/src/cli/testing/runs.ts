import type { PeerAnswer, ReceivedRequest } from '../../../../sdk/src/testing/peer.ts'

/** The answer to an add. */
export const accepted: PeerAnswer = { body: { run_id: 'r1', status: 'running' } }

const counts = {
  inputs: 1,
  failed_inputs: 0,
  candidates: 1,
  created: 1,
  updated: 0,
  deleted: 0,
  unchanged: 0,
}
/** A run as the wire has it, 12 ms after its acceptance. */
export const ended = (state: string, error: string | null = null) => ({
  run_id: 'r1',
  state,
  error,
  event_seq: 2,
  outcome: state === 'completed' ? 'committed' : null,
  counts,
  input_type: 'string',
  user_id: 'mara',
  dismissed_at: null,
  cancel_requested_at: null,
  committed_operations: { created: [{ memory_id: 'm1', committed_at: '' }], updated: [], deleted: [] },
  created_at: '2026-11-01T08:00:00.000Z',
  completed_at: '2026-11-01T08:00:00.012Z',
})

/** Accepts every add, and has its run end in the given state at once. */
export const peerWithRun =
  (state: string, error: string | null = null) =>
  ({ url }: ReceivedRequest): PeerAnswer => {
    if (url.includes('/events')) {
      const events = ['run.accepted', `run.${state}`].map((type, index) => ({
        seq: index + 1,
        type,
        at: `2026-11-01T08:00:00.00${index}Z`,
        data: index === 0 ? {} : { step: 'extract', attempt: 2 },
      }))
      const frames = events.map((event) => `id: ${event.seq}\ndata: ${JSON.stringify(event)}\n\n`)
      return { body: frames.join(''), headers: { 'content-type': 'text/event-stream' } }
    }
    if (url.startsWith('/v1/runs/')) return { body: ended(state, error) }
    return url.startsWith('/v1/memories/') ? { body: { content: 'Mara keeps\u001b[2J bees.' } } : accepted
  }
