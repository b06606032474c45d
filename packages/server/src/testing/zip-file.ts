/** Writes zip files, honest ones and others. */
import { crc32, deflateRawSync } from 'node:zlib'
import { type PackedEntry, packZip } from '../documents/stored-zip.ts'

export const packedEntry = (name: string, content: string | Uint8Array): PackedEntry => {
  const bytes = Buffer.from(content)
  return { name, body: deflateRawSync(bytes), method: 8, checksum: crc32(bytes), sizeBytes: bytes.length }
}

export const zipFile = (entries: Readonly<Record<string, string | Uint8Array>>): Buffer =>
  packZip(Object.entries(entries).map(([name, content]) => packedEntry(name, content)))
