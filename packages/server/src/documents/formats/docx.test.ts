import { expect, test } from 'vitest'
import { partsOf, readFile, textOf } from '../../testing/document-scene.ts'
import { docxEntries, docxFile, listItem, paragraph, table } from '../../testing/docx-file.ts'
import { packedEntry, zipFile } from '../../testing/zip-file.ts'
import { packZip } from '../stored-zip.ts'

const body =
  paragraph('Bees of Graz', 'Title') +
  paragraph('Mara & Ben keep <bees>.') +
  paragraph('Hives', 'Heading2') +
  paragraph('There are two:') +
  listItem('an old one') +
  listItem('a new one') +
  table([
    ['Name', 'City', 'Since'],
    ['Mara', 'Graz', '2020'],
  ])

test('a document gives its text section by section', async () => {
  const document = await readFile(docxFile(body))
  expect(document).toMatchObject({ format: 'docx', title: 'Bees of Graz' })
  expect(partsOf(document)).toEqual([
    ['Bees of Graz', '# Bees of Graz\n\nMara & Ben keep <bees>.'],
    [
      'Bees of Graz › Hives',
      '# Bees of Graz\n\n## Hives\n\nThere are two:\n\n- an old one\n- a new one\n\nName: Mara; City: Graz; Since: 2020',
    ],
  ])
})

test('its title is what it says of itself', async () => {
  const core =
    '<cp:coreProperties xmlns:cp="x" xmlns:dc="y"><dc:title>Mara &amp; Ben</dc:title></cp:coreProperties>'
  expect((await readFile(docxFile(body, { 'docProps/core.xml': core }))).title).toBe('Mara & Ben')
})

test('pictures are never unpacked', async () => {
  const bytes = docxFile(body, { 'word/media/image1.bmp': Buffer.alloc(50_000_000) })
  const document = await readFile(bytes, { bounds: { zipBytesMax: 100_000 } })
  expect(document.parts).toHaveLength(2)
})

test('a picture somewhere else is not fetched', async () => {
  const relations = docxEntries('')['word/_rels/document.xml.rels'] ?? ''
  const external =
    '<Relationship Id="rId9" TargetMode="External" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/image" Target="file:///etc/hostname"/></Relationships>'
  const picture =
    '<w:p><w:r><w:drawing><wp:inline xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"><wp:docPr id="1" name="p" descr="a hive"/><a:graphic xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><a:graphicData><pic:pic xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:blipFill><a:blip r:link="rId9"/></pic:blipFill></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>'
  const bytes = docxFile(picture + paragraph('Mara keeps bees.'), {
    'word/_rels/document.xml.rels': relations.replace('</Relationships>', external),
  })
  expect(textOf(await readFile(bytes))).toBe('Mara keeps bees.')
})

test('a bomb, an encrypted one and one with entities that multiply are refused', async () => {
  await expect(readFile(docxFile(' '.repeat(100_000_000)))).rejects.toMatchObject({
    code: 'document_too_large',
    message: expect.stringContaining('200 times its size'),
  })
  const entities = [...'bcdefghij'].map(
    (name, at) => `<!ENTITY ${name} "${`&${'abcdefghi'[at]};`.repeat(10)}">`,
  )
  const laughing = `<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "aaaaaaaaaa">${entities.join('')}]><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>&j;</w:t></w:r></w:p></w:body></w:document>`
  await expect(readFile(docxFile('', { 'word/document.xml': laughing }))).rejects.toMatchObject({
    code: 'unreadable_document',
  })
})

test('what was not counted while it was unpacked is not read', async () => {
  const entries = docxEntries(paragraph('Hidden.'))
  const bytes = docxFile(paragraph('Mara keeps bees.'), {
    '_rels/.rels': (entries['_rels/.rels'] ?? '').replace('word/document.xml', 'word/document.bin'),
    'word/document.bin': entries['word/document.xml'] ?? '',
  })
  const { parts } = await readFile(bytes)
  expect(JSON.stringify(parts)).not.toContain('Hidden')
})

test('what is broken in it is told', async () => {
  const whole = docxFile(body)
  for (const bytes of [whole.subarray(0, -100), whole.subarray(0, 200)])
    await expect(readFile(bytes, { filename: 'a.docx' })).rejects.toMatchObject({
      code: 'unreadable_document',
      message: expect.stringContaining('the zip file is broken'),
    })
  await expect(readFile(docxFile('<w:p><w:r>'))).rejects.toMatchObject({
    code: 'unreadable_document',
    message: expect.stringContaining('the DOCX is broken'),
  })
  await expect(readFile(zipFile({ 'word/document.xml': 'no XML' }))).rejects.toMatchObject({
    code: 'unreadable_document',
  })
  const twice = Object.entries(docxEntries(body)).map(([name, content]) => packedEntry(name, content))
  await expect(readFile(packZip([...twice, packedEntry('word/document.xml', '<x/>')]))).rejects.toThrow(
    /twice/,
  )
})

test('what is nested too deeply is refused', async () => {
  const nested = '<w:sdt><w:sdtContent>'.repeat(20_000) + '</w:sdtContent></w:sdt>'.repeat(20_000)
  await expect(readFile(docxFile(nested), { bounds: { zipRatioMax: 10_000 } })).rejects.toMatchObject({
    code: 'unreadable_document',
    message: 'its parts are nested too deeply',
  })
})
