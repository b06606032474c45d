import { RemanenceError } from './errors.ts'
import { toWire } from './wire-case.ts'

/**
 * A file and fields as the wire has them: a text as it is, a list by a field for each of its entries, anything else as JSON. The file is
 * read here, once, so that every repetition sends the same, and what cannot be read is told as that.
 */
export const toForm = async (file: Blob, fields: object): Promise<FormData> => {
  const form = new FormData()
  // safety: an object stays one
  for (const [name, value] of Object.entries(toWire(fields) as object))
    for (const one of [value].flat()) if (one !== undefined) form.append(name, toText(one))
  const name = file instanceof File ? file.name : 'blob'
  form.append('file', new File([await readBytes(file)], name, { type: file.type }))
  return form
}

const toText = (value: unknown): string => {
  if (typeof value === 'string') return value
  return value instanceof Date ? value.toISOString() : JSON.stringify(value)
}

const readBytes = async (file: Blob): Promise<Uint8Array<ArrayBuffer>> => {
  try {
    return new Uint8Array(await file.arrayBuffer())
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new RemanenceError(`the file cannot be read: ${reason}`, { cause })
  }
}
