import type { Observer } from './observer.ts'

/** Tells both, the first one first. The request stands in the trace where one of them says it does. */
export const combineObservers = (first: Observer, second: Observer): Observer => ({
  requestStarted: (start) => {
    const one = first.requestStarted(start)
    const other = second.requestStarted(start)
    return {
      traceparent: one.traceparent ?? other.traceparent,
      ended: (status, seconds) => {
        one.ended(status, seconds)
        other.ended(status, seconds)
      },
    }
  },
  runAccepted: (run) => {
    first.runAccepted(run)
    second.runAccepted(run)
  },
  attemptStarted: (claimed) => {
    first.attemptStarted(claimed)
    second.attemptStarted(claimed)
  },
  stepEnded: (claim, step) => {
    first.stepEnded(claim, step)
    second.stepEnded(claim, step)
  },
  attemptEnded: (claim, end) => {
    first.attemptEnded(claim, end)
    second.attemptEnded(claim, end)
  },
  runEnded: (run) => {
    first.runEnded(run)
    second.runEnded(run)
  },
  deliveryAttempted: (state) => {
    first.deliveryAttempted(state)
    second.deliveryAttempted(state)
  },
  batchWritten: (batch) => {
    first.batchWritten(batch)
    second.batchWritten(batch)
  },
  clientReported: (report) => {
    first.clientReported(report)
    second.clientReported(report)
  },
})
