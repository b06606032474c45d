/** Files that nobody meant: every one is read or refused, in time, and who asked lives on. */
import { expect, test } from 'vitest'
import { fileSource, usualBounds } from '../testing/document-scene.ts'
import { docxFile, paragraph, table } from '../testing/docx-file.ts'
import { pdfFile } from '../testing/pdf-file.ts'
import { seededRandom } from '../testing/seeded-random.ts'
import type { FileSource } from './document.ts'
import { createDocumentReader } from './document-reader.ts'
import { readSource } from './read-source.ts'
import { UnreadableDocument } from './unreadable-document.ts'

const whole: Readonly<Record<string, Buffer>> = {
  'a.txt': Buffer.from('Mara keeps bees.\n\nIn Graz.'),
  'a.md': Buffer.from('# Bees\n\n- one\n- two\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```\ncode\n```\n'),
  'a.html': Buffer.from('<!DOCTYPE html><h1>Bees</h1><table><tr><th>a<th>b<tr><td>1<td>2</table><p>Mara</p>'),
  'a.json': Buffer.from('{"people": [{"name": "Mara", "pets": ["bees"]}, {"name": "Ben"}]}'),
  'a.csv': Buffer.from('name;city\n"Mara";Graz\nBen;"Linz"\n'),
  'a.pdf': pdfFile([['Mara keeps bees.'], ['In Graz.']]),
  'a.docx': docxFile(
    paragraph('Bees', 'Heading1') +
      paragraph('Mara') +
      table([
        ['a', 'b'],
        ['1', '2'],
      ]),
  ),
  'a.eml': Buffer.from(
    'From: a@x.org\r\nTo: b@x.org\r\nSubject: x\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nMara\r\n--b\r\nContent-Type: text/csv\r\nContent-Disposition: attachment; filename=a.csv\r\n\r\na,b\r\n1,2\r\n--b--\r\n',
  ),
}

/** The file with some of its bytes changed, a piece taken out, doubled or put elsewhere, or nothing but noise. */
const spoiled = (bytes: Buffer, random: () => number): Buffer => {
  const at = (length: number) => Math.floor(random() * length)
  const copy = Buffer.from(bytes)
  const [from, to] = [at(bytes.length), at(bytes.length)].sort((a, b) => a - b) as [number, number] // safety: two are sorted
  switch (at(5)) {
    case 0:
      for (let count = 1 + at(20); count > 0; count -= 1) copy[at(copy.length)] = at(256)
      return copy
    case 1:
      return copy.subarray(0, from)
    case 2:
      return Buffer.concat([copy.subarray(0, from), copy.subarray(to)])
    case 3:
      return Buffer.concat([copy.subarray(0, to), copy.subarray(from)])
    default:
      return Buffer.from(Array.from({ length: at(2_000) }, () => at(256)))
  }
}

const outcomeOf = async (reading: Promise<unknown>): Promise<'read' | 'refused'> => {
  try {
    await reading
    return 'read'
  } catch (error) {
    if (error instanceof UnreadableDocument) return 'refused'
    throw error
  }
}

const spoiledFile = (filename: string, random: () => number): FileSource =>
  fileSource(spoiled(whole[filename] ?? Buffer.alloc(0), random), { filename })

const isRead = new Set(['read', 'refused'])

// The library of PDFs drops promises that fail, which ends a process that is not prepared for it: see read-process.ts.
test.each(Object.keys(whole).filter((name) => name !== 'a.pdf'))(
  '%s, spoiled in many ways',
  async (filename) => {
    const random = seededRandom(filename.length * 1_000 + filename.charCodeAt(2))
    const outcomes = new Set<string>()
    const startedAt = performance.now()
    for (let round = 0; round < 150; round += 1) {
      outcomes.add(await outcomeOf(readSource(spoiledFile(filename, random), usualBounds)))
    }
    expect(performance.now() - startedAt).toBeLessThan(25_000)
    expect(outcomes).toEqual(isRead)
  },
)

test('and in processes of their own', async () => {
  const random = seededRandom(11)
  const reader = createDocumentReader({ ...usualBounds, timeoutMs: 10_000 })
  const files = [...Object.keys(whole), ...Array<string>(25).fill('a.pdf')]
  const reads = files.map((filename) => outcomeOf(reader.read(spoiledFile(filename, random))))
  expect(new Set(await Promise.all(reads))).toEqual(isRead)
  await expect(reader.read(fileSource('Mara keeps bees.'))).resolves.toMatchObject({ format: 'text' })
})
