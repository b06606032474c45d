import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { StepError } from '../kernel/step-error.ts'
import { fileSource, partsOf, usualBounds } from '../testing/document-scene.ts'
import { docxFile, paragraph } from '../testing/docx-file.ts'
import { packedStream, pdfFile } from '../testing/pdf-file.ts'
import { startReceiver } from '../testing/receiver.ts'
import { createDocumentReader } from './document-reader.ts'
import { readDocument } from './read-document.ts'
import { UnreadableDocument } from './unreadable-document.ts'

const bounds = usualBounds

test('a file is read in a thread, and its failures are those of the file', async () => {
  const document = await readDocument(fileSource(pdfFile([['Mara keeps bees.']])), { bounds })
  expect(partsOf(document)).toEqual([['page 1', 'Mara keeps bees.']])
  const error = await readDocument(fileSource('\x89PNG\0'), { bounds }).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(UnreadableDocument)
  expect(error).toBeInstanceOf(StepError)
  expect(error).toMatchObject({ code: 'unsupported_document', retryable: false })
})

test('the bytes stay with whoever gave them', async () => {
  const bytes = Buffer.from('xxMara keeps bees.xx').subarray(2, -2)
  const document = await readDocument(fileSource(bytes), { bounds })
  expect(partsOf(document)).toEqual([[null, 'Mara keeps bees.']])
  expect(bytes.toString()).toBe('Mara keeps bees.')
})

test('a file of too many bytes is refused unread', async () => {
  await expect(
    readDocument(fileSource('Mara keeps bees.'), { bounds: { ...bounds, bytesMax: 15 } }),
  ).rejects.toMatchObject({ code: 'document_too_large', message: 'it has more than 15 bytes' })
})

/** Takes a parser many seconds. */
const slow = fileSource(`<html>${'<table><tr><td>x'.repeat(1_000_000)}`)

test('reading that takes too long is ended', async () => {
  const startedAt = performance.now()
  await expect(readDocument(slow, { bounds: { ...bounds, timeoutMs: 500 } })).rejects.toMatchObject({
    code: 'unreadable_document',
    message: 'reading it takes longer than 500 ms',
  })
  expect(performance.now() - startedAt).toBeLessThan(20_000)
})

test('reading ends when nobody wants it any more', async () => {
  const gone = new AbortController()
  const reason = new Error('cancelled')
  const reading = readDocument(slow, { bounds, signal: gone.signal })
  setImmediate(() => gone.abort(reason))
  await expect(reading).rejects.toBe(reason)
  await expect(readDocument(slow, { bounds, signal: gone.signal })).rejects.toBe(reason)
})

test.each([
  ['the heap', fileSource(`[${'{},'.repeat(4_000_000)}1]`)],
  [
    'buffers',
    fileSource(pdfFile([['one']], { contents: { 0: packedStream(Buffer.alloc(400_000_000, ' ')) } })),
  ],
])('reading that takes too much memory is ended: %s', async (_, source) => {
  await expect(
    readDocument(source, { bounds: { ...bounds, memoryBytesMax: 128 * 1_048_576 } }),
  ).rejects.toMatchObject({ code: 'document_too_large', message: expect.stringContaining('bytes of memory') })
})

test('nothing that a file refers to is asked for', async () => {
  await using receiver = await startReceiver()
  const { url } = receiver
  const page = `<!DOCTYPE html><html><head><base href="${url}"><link rel="stylesheet" href="${url}/a.css"><meta http-equiv="refresh" content="0;url=${url}"></head>
    <body><img src="${url}/a.png"><iframe src="${url}"></iframe><script src="${url}/a.js"></script><p>Mara</p></body></html>`
  const link = `<< /S /URI /URI (${url}) >>`
  const files = [
    fileSource(page),
    fileSource(pdfFile([['Mara']], { catalog: '/OpenAction 7 0 R ', more: [link] })),
    fileSource(`From: a@x.org\nTo: b@x.org\nSubject: x\nContent-Type: text/html\n\n${page}`),
    fileSource(docxFile(paragraph('Mara'), { 'word/settings.xml': `<w:settings xmlns:w="x" t="${url}"/>` })),
    fileSource(`# Mara\n\n![x](${url}/a.png)`, { filename: 'a.md' }),
  ]
  for (const file of files) expect(JSON.stringify(await readDocument(file, { bounds }))).toContain('Mara')
  expect(receiver.received).toEqual([])
})

test('a reader reads so many files at a time, in the order they come', async () => {
  const reader = createDocumentReader(bounds, 1)
  const ended: string[] = []
  const gone = new AbortController()
  const reads = ['one', 'two', 'gone', 'three'].map((text) =>
    reader.read(fileSource(text), text === 'gone' ? gone.signal : undefined).then(
      () => ended.push(text),
      (error: unknown) => ended.push(String(error)),
    ),
  )
  gone.abort('nobody waits')
  await Promise.all(reads)
  expect(ended).toEqual(['nobody waits', 'one', 'two', 'three'])
  // A failure passes the place on too.
  await expect(reader.read(fileSource(''))).rejects.toMatchObject({ code: 'empty_document' })
  await expect(reader.read(fileSource('four'))).resolves.toMatchObject({ format: 'text' })
})

test('the libraries are loaded in the thread only', async () => {
  const script = `
    import { readDocument } from ${JSON.stringify(join(import.meta.dirname, 'read-document.ts'))}
    const loaded = [...(await import('node:module')).Module._cache ? Object.keys((await import('node:module')).Module._cache) : []]
    console.log(JSON.stringify([typeof readDocument, loaded.filter((file) => file.includes('node_modules'))]))`
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script])
  expect(JSON.parse(stdout)).toEqual(['function', []])
})
