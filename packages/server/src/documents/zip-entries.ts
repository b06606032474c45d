/**
 * Unpacks a zip file without trusting it: entries are counted, their bytes are counted while they unpack, whatever the headers say, and
 * what grows too much is left. Nothing is unpacked but what is wanted.
 */
import type { DocumentBounds } from './document.ts'
import { broken, UnreadableDocument } from './unreadable-document.ts'

type ZipBounds = Pick<DocumentBounds, 'zipEntryCountMax' | 'zipBytesMax' | 'zipRatioMax'>

export type ZipEntry = { readonly name: string; readonly content: Buffer }

/** An entry that unpacks to less may have any ratio: a page of blanks is no attack. */
const RATIO_BYTES_MIN = 1_048_576

const openZip = async (bytes: Uint8Array) => {
  const { fromBufferPromise } = await import('yauzl')
  return fromBufferPromise(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength))
}

/** The names of the entries, as many as may be; none when the file is broken. */
export const zipEntryNames = async (bytes: Uint8Array, bounds: ZipBounds): Promise<readonly string[]> => {
  const names: string[] = []
  try {
    for await (const { fileName } of (await openZip(bytes)).eachEntry()) {
      names.push(fileName)
      if (names.length >= bounds.zipEntryCountMax) break
    }
  } catch {
    // A broken zip file is told by whoever reads it; here it only has no names.
    return []
  }
  return names
}

/** The entries that are wanted, unpacked. Throws an UnreadableDocument for a file that is broken, encrypted, or beyond its bounds. */
export const unzip = async (
  bytes: Uint8Array,
  wants: (name: string) => boolean,
  bounds: ZipBounds,
): Promise<readonly ZipEntry[]> => {
  const zip = await openZip(bytes).catch((error: unknown) => {
    throw asBroken(error)
  })
  const entries = new Map<string, ZipEntry>()
  let [count, left] = [0, bounds.zipBytesMax]
  try {
    for await (const entry of zip.eachEntry()) {
      count += 1
      if (count > bounds.zipEntryCountMax) throw tooLarge(`more than ${bounds.zipEntryCountMax} entries`)
      const { fileName: name, compressedSize } = entry
      if (!wants(name)) continue
      // Two readers may take different ones of the same name.
      if (entries.has(name)) throw asBroken(`${name} is in it twice`)
      if (entry.isEncrypted()) throw new UnreadableDocument('unreadable_document', 'it is encrypted')
      const stream = await zip.openReadStreamPromise(entry)
      const content = await unpacked(stream, { compressedSize, left, bounds })
      left -= content.length
      entries.set(name, { name, content })
    }
  } catch (error) {
    throw asBroken(error)
  }
  return [...entries.values()]
}

const unpacked = async (
  stream: AsyncIterable<Buffer>,
  { compressedSize, left, bounds }: { compressedSize: number; left: number; bounds: ZipBounds },
): Promise<Buffer> => {
  const chunks: Buffer[] = []
  let length = 0
  // Leaving the loop by an error destroys the stream, and what it would still unpack is never made.
  for await (const chunk of stream) {
    length += chunk.length
    if (length > left) throw tooLarge(`more than ${bounds.zipBytesMax} bytes when unpacked`)
    if (length > RATIO_BYTES_MIN && length > compressedSize * bounds.zipRatioMax)
      throw tooLarge(`an entry that unpacks to more than ${bounds.zipRatioMax} times its size`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks, length)
}

const tooLarge = (what: string): UnreadableDocument =>
  new UnreadableDocument('document_too_large', `the zip file has ${what}`)

const asBroken = (error: unknown): UnreadableDocument => broken('the zip file is broken', error)
