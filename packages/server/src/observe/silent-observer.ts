import type { ObservedRequest, Observer } from './observer.ts'

const nothing = () => {}
const unobserved: ObservedRequest = { traceparent: null, ended: nothing }

/** Nobody watches. */
export const silentObserver: Observer = {
  requestStarted: () => unobserved,
  runAccepted: nothing,
  attemptStarted: nothing,
  stepEnded: nothing,
  attemptEnded: nothing,
  runEnded: nothing,
  deliveryAttempted: nothing,
  batchWritten: nothing,
  clientReported: nothing,
}
