/**
 * Writes a zip file of unpacked entries. A library that is given this instead of the file somebody sent cannot see another file in it
 * than we have counted: two readers of one zip file may differ.
 */
import { crc32 } from 'node:zlib'

/** An entry as it stands in the file: what is packed by method 8 is deflated, by 0 as it is. */
export type PackedEntry = {
  readonly name: string
  readonly body: Uint8Array
  readonly method: 0 | 8
  /** Of what it unpacks to. */
  readonly checksum: number
  readonly sizeBytes: number
}

/** What is in the header of an entry, and again in the directory. */
const fieldsOf = ({ name, body, method, checksum, sizeBytes }: PackedEntry): Buffer => {
  const fields = Buffer.alloc(26)
  fields.writeUInt16LE(20, 0) // version that can unpack it
  fields.writeUInt16LE(0x0800, 2) // the name is UTF-8
  fields.writeUInt16LE(method, 4)
  fields.writeUInt16LE(0x0021, 8) // the first day there is, 1980-01-01
  fields.writeUInt32LE(checksum, 10)
  fields.writeUInt32LE(body.length, 14)
  fields.writeUInt32LE(sizeBytes, 18)
  fields.writeUInt16LE(Buffer.byteLength(name), 22)
  return fields
}

export const packZip = (entries: readonly PackedEntry[]): Buffer => {
  const files: Uint8Array[] = []
  const directory: Uint8Array[] = []
  let offset = 0
  for (const entry of entries) {
    const [name, fields] = [Buffer.from(entry.name), fieldsOf(entry)]
    const place = Buffer.alloc(14) // comment, disk, attributes: none
    place.writeUInt32LE(offset, 10)
    files.push(Buffer.from('PK\x03\x04'), fields, name, entry.body)
    directory.push(Buffer.from('PK\x01\x02\x14\0', 'latin1'), fields, place, name)
    offset += 30 + name.length + entry.body.length
  }
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06', 'latin1')
  end.writeUInt16LE(entries.length, 8)
  end.writeUInt16LE(entries.length, 10)
  end.writeUInt32LE(Buffer.concat(directory).length, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...files, ...directory, end])
}

export const storedZip = (entries: readonly { name: string; content: Uint8Array }[]): Buffer =>
  packZip(
    entries.map(({ name, content }) => ({
      name,
      body: content,
      method: 0,
      checksum: crc32(content),
      sizeBytes: content.length,
    })),
  )
