/** W3C Trace Context: which trace a request belongs to, as it stands in the header `traceparent`. */

const FORM = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/

export type TraceContext = { readonly traceId: string; readonly spanId: string; readonly flags: number }

/** The parts of a `traceparent`; null when it is none, which by the specification counts as absent. */
export const parseTraceparent = (text: string): TraceContext | null => {
  const [, version = '', traceId = '', spanId = '', flags = '', rest] = FORM.exec(text) ?? []
  // A later version may add members at the end; the first one has none.
  if (version === '' || version === 'ff' || (version === '00' && rest !== undefined)) return null
  if (/^0+$/.test(traceId) || /^0+$/.test(spanId)) return null
  return { traceId, spanId, flags: Number.parseInt(flags, 16) }
}

/** In the first version of the specification, whatever the version it came in. */
export const formatTraceparent = ({ traceId, spanId, flags }: TraceContext): string =>
  `00-${traceId}-${spanId}-${flags.toString(16).padStart(2, '0')}`
