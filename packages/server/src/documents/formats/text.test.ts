import { expect, test } from 'vitest'
import { partsOf, readFile } from '../../testing/document-scene.ts'

test('a text is one part, as it is but for line ends and marks that nobody sees', async () => {
  const document = await readFile('\ufeffMara keeps bees.\r\n\r\n\r\n\r\n# Not a heading\rIn Graz.\u200b  \n')
  expect(document).toMatchObject({ format: 'text', title: null, saidAt: null })
  expect(partsOf(document)).toEqual([[null, 'Mara keeps bees.\n\n# Not a heading\nIn Graz.']])
})

test('a long one is cut between paragraphs, and its parts are counted', async () => {
  const paragraphs = Array.from({ length: 10 }, (_, at) => `Paragraph ${at} says that Mara keeps bees.`)
  const document = await readFile(paragraphs.join('\n\n'), { bounds: { partLengthMax: 200 } })
  const parts = partsOf(document)
  expect(parts.map(([label]) => label)).toEqual(['part (1 of 2)', 'part (2 of 2)'])
  expect(parts.map(([, text]) => text).join('\n\n')).toBe(paragraphs.join('\n\n'))
})

test('too many parts are put together, and what is still too much is refused', async () => {
  const sections = Array.from({ length: 100 }, (_, at) => `# Section ${at}\n\nMara keeps bees.`).join('\n\n')
  const document = await readFile(sections, {
    filename: 'a.md',
    bounds: { partCountMax: 10, partLengthMax: 1_000 },
  })
  expect(document.parts.length).toBeLessThanOrEqual(10)
  expect(document.parts.map((part) => ('text' in part ? part.text : '')).join('\n\n')).toBe(sections)
  const options = { filename: 'a.md', bounds: { partCountMax: 10, partLengthMax: 100 } }
  await expect(readFile(sections, options)).rejects.toThrow('it has more than 10 parts')
  await expect(readFile(sections, { bounds: { lengthMax: 1_000 } })).rejects.toMatchObject({
    code: 'document_too_large',
    message: 'it has more than 1000 characters of text',
  })
})

test('a file without text is told to be empty', async () => {
  for (const content of ['', ' \n\t\n', '\ufeff'])
    await expect(readFile(content)).rejects.toMatchObject({ code: 'empty_document' })
})
