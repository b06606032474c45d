/** Moments in the life of a run that a test can wait for, or crash at. Nothing listens in production. */
export const signalPoints = [
  'after_accept',
  'after_claim',
  'mid_step',
  'before_record',
  'after_step',
  'before_commit',
  'after_commit',
  'in_buffer',
  'mid_flush',
  'after_delivery',
  'mid_migration',
  'mid_backup',
  'mid_erase',
  'mid_import',
] as const
export type SignalPoint = (typeof signalPoints)[number]

export type Signals = { readonly reached?: (point: SignalPoint) => void }
