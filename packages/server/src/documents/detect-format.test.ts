import { expect, test } from 'vitest'
import { fileSource, readFile, textOf, usualBounds } from '../testing/document-scene.ts'
import { docxFile, paragraph } from '../testing/docx-file.ts'
import { pdfFile } from '../testing/pdf-file.ts'
import { zipFile } from '../testing/zip-file.ts'
import { detectFormat } from './detect-format.ts'

const html = '<!DOCTYPE html><p>Mara keeps bees.'
const mail = 'From: mara@x.org\r\nTo: ben@x.org\r\nSubject: Bees\r\n\r\nMara keeps bees.'

test.each([
  ['pdf', pdfFile([['Mara keeps bees.']])],
  ['docx', docxFile(paragraph('Mara keeps bees.'))],
  ['html', html],
  ['html', `\ufeff<!-- made by hand -->\n${html}`],
  ['html', '<?xml version="1.0"?>\n<html xmlns="http://www.w3.org/1999/xhtml"><body>x</body></html>'],
  ['email', mail],
  ['json', '{"name": "Mara"}'],
  ['json', '{"name": "Mara"}\n{"name": "Ben"}\n'],
] as const)('the content decides, whatever it was called: %s', async (format, content) => {
  const source = fileSource(content, { filename: 'notes.csv', mediaType: 'text/csv', documentType: 'pdf' })
  expect((await detectFormat(source, usualBounds)).name).toBe(format)
})

test.each([
  ['markdown', { filename: 'NOTES.MD' }],
  ['markdown', { mediaType: 'text/markdown; charset=utf-8', filename: 'notes.txt' }],
  ['csv', { mediaType: 'text/csv' }],
  ['csv', { filename: 'a.tsv', mediaType: 'text/plain' }],
  ['csv', { filename: 'a', mediaType: 'application/octet-stream', documentType: 'csv' }],
  ['text', { filename: 'a.csv.txt', documentType: 'csv' }],
  ['text', { mediaType: 'text/plain', documentType: 'meeting-transcript' }],
  ['text', {}],
] as const)('where it does not, its names do: %s %j', async (format, given) => {
  expect((await detectFormat(fileSource('a,b\n1,2\n', given), usualBounds)).name).toBe(format)
})

test('what only talks about a format is text', async () => {
  for (const content of [
    'A PDF begins with %PDF-1.7 in its first bytes.',
    '<div>Mara</div>',
    'From: here on it is prose.\n\nTo: be or not.',
    '[1] Mara, On bees. Graz 2020.',
    'MZ is a beginning too.',
    '42',
  ])
    expect((await detectFormat(fileSource(content), usualBounds)).name).toBe('text')
})

test.each([
  ['an Excel workbook', zipFile({ 'xl/workbook.xml': '<x/>' })],
  ['a PowerPoint presentation', zipFile({ 'ppt/presentation.xml': '<x/>' })],
  ['an OpenDocument file', zipFile({ mimetype: 'x', 'content.xml': '<x/>' })],
  ['a zip file', zipFile({ 'notes.txt': 'Mara keeps bees.' })],
  ['a zip file', zipFile({})],
  ['an old Office file', '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0'],
  ['an RTF file', '{\\rtf1 Mara keeps bees.}'],
  ['an SVG image', '<svg xmlns="http://www.w3.org/2000/svg"><text>Mara</text></svg>'],
  ['a PNG image', '\x89PNG\r\n\x1a\n\0\0\0\rIHDR'],
  ['a JPEG image', '\xff\xd8\xff\xe0\0\x10JFIF'],
  ['a WebP image', 'RIFF\x24\0\0\0WEBPVP8 '],
  ['an audio file', 'RIFF\x24\0\0\0WAVEfmt \0'],
  ['an audio file', 'ID3\x03\0\0\0'],
  ['a video', '\0\0\0\x18ftypmp42'],
  ['a Windows program', 'MZ\x90\0\x03'],
  ['a program', '\x7fELF\x02\x01\x01\0'],
  ['a gzip file', '\x1f\x8b\x08\0\0'],
  ['a SQLite database', 'SQLite format 3\0'],
])('what is not read is refused as what it seems to be: %s', async (kind, content) => {
  const bytes = typeof content === 'string' ? Buffer.from(content, 'latin1') : content
  await expect(readFile(bytes, { filename: 'notes.txt' })).rejects.toMatchObject({
    code: 'unsupported_document',
    retryable: false,
    message: expect.stringContaining(`it seems to be ${kind}`),
  })
})

test('bytes of no kind are refused', async () => {
  for (const bytes of [
    Buffer.from([1, 2, 3, 200, 201]),
    Buffer.from('Mara\0keeps\0bees'),
    Buffer.from('\x01\x02\x03\x04'),
  ])
    await expect(readFile(bytes)).rejects.toMatchObject({ code: 'unsupported_document' })
})

test('text is read by its mark, by the charset it is declared in, and as UTF-8', async () => {
  const text = 'Grüße aus Graz – “Mara”.'
  const utf16 = Buffer.from(`\ufeff${text}`, 'utf16le')
  const windows = Buffer.from('Gr\xfc\xdfe aus Graz \x96 \x93Mara\x94.', 'latin1')
  expect(textOf(await readFile(text))).toBe(text)
  expect(textOf(await readFile(`\ufeff${text}`))).toBe(text)
  expect(textOf(await readFile(utf16))).toBe(text)
  expect(textOf(await readFile(Buffer.from(utf16).swap16()))).toBe(text)
  expect(textOf(await readFile(windows, { mediaType: 'text/plain; charset=Windows-1252' }))).toBe(text)
  await expect(readFile(windows)).rejects.toMatchObject({
    code: 'unsupported_document',
    message: expect.stringContaining('charset'),
  })
  await expect(readFile(windows, { filename: 'a.csv' })).rejects.toMatchObject({
    code: 'unreadable_document',
  })
  await expect(readFile(text, { mediaType: 'text/plain; charset=klingon' })).rejects.toThrow(/charset/)
})
