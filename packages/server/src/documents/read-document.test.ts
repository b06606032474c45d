import { execFile, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { platform } from 'node:os'
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

test('a file is read in a process, and its failures are those of the file', async () => {
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

const megabytes = (count: number) => ({ ...bounds, memoryBytesMax: count * 1_048_576 })

test.each([
  ['the heap', 128, fileSource(`[${'{},'.repeat(4_000_000)}1]`)],
  ['the heap at once', 32, fileSource(`[${'{},'.repeat(500_000)}1]`)],
  ['the heap of a deep file', 24, fileSource(`<html>${'<p>'.repeat(300_000)}`)],
  [
    'buffers',
    128,
    fileSource(pdfFile([['one']], { contents: { 0: packedStream(Buffer.alloc(400_000_000, ' ')) } })),
  ],
])('reading that takes too much memory is ended, and not who asked: %s', async (_, count, source) => {
  await expect(readDocument(source, { bounds: megabytes(count) })).rejects.toMatchObject({
    code: 'document_too_large',
    message: expect.stringContaining('bytes of memory'),
  })
})

/** The processes that a process has started. */
const childrenOf = async (pid: number): Promise<readonly string[]> =>
  (await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')).split(' ').filter((child) => child !== '')

test.skipIf(platform() !== 'linux')(
  'who reads has no secrets, may do little, and is gone when who asked is',
  async () => {
    const script = `
      import { readDocument } from ${JSON.stringify(join(import.meta.dirname, 'read-document.ts'))}
      import { usualBounds } from ${JSON.stringify(join(import.meta.dirname, '../testing/document-scene.ts'))}
      const bytes = Buffer.from('<html>' + '<table><tr><td>x'.repeat(1_000_000))
      await readDocument({ bytes, filename: null, mediaType: null }, { bounds: { ...usualBounds, timeoutMs: 60_000 } })`
    const asking = spawn(process.execPath, ['--input-type=module', '-e', script], {
      env: { ...process.env, REMANENCE_SECRET: 'rem_secret' },
      stdio: 'ignore',
    })
    const asked = asking.pid ?? 0
    await expect.poll(() => childrenOf(asked), { timeout: 10_000 }).toHaveLength(1)
    const [reading] = await childrenOf(asked)
    expect(await readFile(`/proc/${reading}/environ`, 'utf8')).not.toContain('rem_secret')
    expect(await readFile(`/proc/${reading}/cmdline`, 'utf8')).toContain('--permission')
    asking.kill('SIGKILL')
    await expect.poll(() => existsSync(`/proc/${reading}`), { timeout: 10_000 }).toBe(false)
  },
)

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

test('the libraries are loaded in the process that reads only', async () => {
  const script = `
    import { readDocument } from ${JSON.stringify(join(import.meta.dirname, 'read-document.ts'))}
    const loaded = [...(await import('node:module')).Module._cache ? Object.keys((await import('node:module')).Module._cache) : []]
    console.log(JSON.stringify([typeof readDocument, loaded.filter((file) => file.includes('node_modules'))]))`
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script])
  expect(JSON.parse(stdout)).toEqual(['function', []])
})
