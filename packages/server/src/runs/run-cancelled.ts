/** Somebody wants the run to end: what works on it stops at its next safe point. */
export class RunCancelled extends Error {
  override readonly name = 'RunCancelled'
}
