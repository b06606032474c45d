import { expect, test } from 'vitest'
import { usualBounds } from '../testing/document-scene.ts'
import { packedEntry, zipFile } from '../testing/zip-file.ts'
import { packZip, storedZip } from './stored-zip.ts'
import { unzip, zipEntryNames } from './zip-entries.ts'

const all = () => true

const contents = async (bytes: Buffer): Promise<Record<string, string>> =>
  Object.fromEntries(
    (await unzip(bytes, all, usualBounds)).map(({ name, content }) => [name, content.toString()]),
  )

test('entries come out as they went in, packed or not', async () => {
  const entries = { 'a.xml': '<a/>', 'ü/b.xml': 'Mara keeps bees.'.repeat(100) }
  expect(await contents(zipFile(entries))).toEqual(entries)
  const stored = Object.entries(entries).map(([name, content]) => ({ name, content: Buffer.from(content) }))
  expect(await contents(storedZip(stored))).toEqual(entries)
  expect(await zipEntryNames(zipFile(entries), usualBounds)).toEqual(Object.keys(entries))
})

test('what is not wanted is not unpacked', async () => {
  const bomb = zipFile({ 'media/a.bmp': Buffer.alloc(50_000_000), 'a.xml': '<a/>' })
  const entries = await unzip(bomb, (name) => name.endsWith('.xml'), { ...usualBounds, zipBytesMax: 1_000 })
  expect(entries.map(({ name }) => name)).toEqual(['a.xml'])
})

test('an entry that unpacks to many times its size is left', async () => {
  const bomb = zipFile({ 'a.xml': Buffer.alloc(100_000_000, ' ') })
  expect(bomb.length).toBeLessThan(200_000)
  await expect(unzip(bomb, all, usualBounds)).rejects.toMatchObject({
    code: 'document_too_large',
    message: expect.stringContaining('200 times its size'),
  })
})

test('the bytes of all entries together are bounded', async () => {
  const many = zipFile(
    Object.fromEntries(Array.from({ length: 20 }, (_, at) => [`${at}.xml`, 'Mara keeps bees.'])),
  )
  await expect(unzip(many, all, { ...usualBounds, zipBytesMax: 16 * 20 })).resolves.toHaveLength(20)
  await expect(unzip(many, all, { ...usualBounds, zipBytesMax: 16 * 20 - 1 })).rejects.toMatchObject({
    code: 'document_too_large',
  })
  await expect(unzip(many, all, { ...usualBounds, zipEntryCountMax: 19 })).rejects.toThrow(
    /more than 19 entries/,
  )
})

test('headers that lie are not believed', async () => {
  const honest = packedEntry('a.xml', Buffer.alloc(2_000_000, ' '))
  for (const lie of [
    { sizeBytes: 10 },
    { sizeBytes: 3_000_000 },
    { checksum: 1 },
    { body: honest.body.subarray(0, 100) },
    { method: 0 as const },
  ])
    await expect(unzip(packZip([{ ...honest, ...lie }]), all, usualBounds)).rejects.toMatchObject({
      code: expect.stringMatching(/^(?:unreadable_document|document_too_large)$/),
    })
})

test('an entry that is there twice, and a file that is cut, are refused', async () => {
  const twice = packZip([packedEntry('a.xml', 'one'), packedEntry('a.xml', 'two')])
  await expect(unzip(twice, all, usualBounds)).rejects.toThrow(/a\.xml is in it twice/)
  const whole = zipFile({ 'a.xml': '<a/>'.repeat(50) })
  await expect(unzip(whole.subarray(0, -30), all, usualBounds)).rejects.toThrow(/the zip file is broken/)
  expect(await zipEntryNames(whole.subarray(0, -30), usualBounds)).toEqual([])
})

test('an encrypted entry is told', async () => {
  const bytes = zipFile({ 'a.xml': '<a/>' })
  bytes[6] = 0x09 // in the header of the entry
  bytes[bytes.indexOf('PK\x01\x02') + 8] = 0x09 // and in the directory
  await expect(unzip(bytes, all, usualBounds)).rejects.toThrow('it is encrypted')
})
