import { expect, test } from 'vitest'
import { partsOf, readFile, textOf } from '../../testing/document-scene.ts'
import { packedStream, pdfFile } from '../../testing/pdf-file.ts'

const brokenStream = Buffer.concat([
  Buffer.from('<< /Length 40 /Filter /FlateDecode >>\nstream\n'),
  Buffer.alloc(40, 7),
  Buffer.from('\nendstream'),
])

test('pages give paragraphs, with lines joined, hyphens undone and headings told', async () => {
  const document = await readFile(
    pdfFile(
      [
        [
          { text: 'Bees of Graz', size: 24 },
          { text: 'Mara keeps bees in Graz since 2020, and is a member', down: 40 },
          'of the bee-',
          'keepers (of Austria). She likes it.',
          { text: 'Hives', size: 17, down: 34 },
          { text: 'There are two hives, and the larger one stands in the garden of', down: 30 },
        ],
        ['her brother Ben.', { text: '- one is old', down: 28 }, '- one is new'],
      ],
      { title: 'Bees' },
    ),
  )
  expect(document).toMatchObject({ format: 'pdf', title: 'Bees', saidAt: null })
  expect(partsOf(document)).toEqual([
    [
      'pages 1–2',
      [
        '# Bees of Graz',
        'Mara keeps bees in Graz since 2020, and is a member of the beekeepers (of Austria). She likes it.',
        '## Hives',
        'There are two hives, and the larger one stands in the garden of her brother Ben.',
        '- one is old',
        '- one is new',
      ].join('\n\n'),
    ],
  ])
})

test('what stands on the edge of most pages is told once, and numbers of pages never', async () => {
  const pages = [1, 2, 3, 4].map((page) => [
    'Journal of Bees',
    { text: `Article ${page} is about hives.`, down: 30 },
    { text: `Page ${page} of 4`, down: 600 },
  ])
  const text = textOf(await readFile(pdfFile(pages)))
  expect(text.match(/Journal of Bees/g)).toHaveLength(1)
  expect(text.match(/Page \d of 4/g)).toHaveLength(1)
  expect(text.match(/Article \d is about hives\./g)).toHaveLength(4)
})

test('columns are read one after the other', async () => {
  const text = textOf(
    await readFile(
      pdfFile([
        [
          'Mara keeps bees in the',
          'town of Graz and sells',
          { text: 'honey to all her friends.', x: 320, down: -14 },
          { text: 'Ben helps her.', x: 320 },
        ],
      ]),
    ),
  )
  expect(text).toBe('Mara keeps bees in the town of Graz and sells honey to all her friends. Ben helps her.')
})

test('lines that end early stay lines, and dots that lead to a number go', async () => {
  const text = textOf(
    await readFile(
      pdfFile([
        [
          'Bees . . . . . . . . . . . . . . . . . . . . . . . . . . . . . . . . . . . . . . . . 12',
          { text: 'Everything about them is sent, for the whole of this year, to this address,', down: 28 },
          { text: 'Mara Gruen', down: 28 },
          'Hauptplatz 1',
          '8010 Graz',
        ],
      ]),
    ),
  )
  expect(text).toBe(
    'Bees … 12\n\nEverything about them is sent, for the whole of this year, to this address,\n\nMara Gruen\nHauptplatz 1\n8010 Graz',
  )
})

test('many pages are several parts', async () => {
  const pages = Array.from({ length: 9 }, (_, at) => [`Page number ${at} says that Mara keeps bees in Graz.`])
  const document = await readFile(pdfFile(pages), { bounds: { partLengthMax: 150 } })
  expect(document.parts.map(({ label }) => label)).toEqual(['pages 1–3', 'pages 4–6', 'pages 7–9'])
})

test('a broken page is told, and the others are read', async () => {
  const pages = ['One is whole.', 'Two is not.', 'Three is whole.'].map((text) => [text])
  const document = await readFile(pdfFile(pages, { contents: { 1: brokenStream } }))
  expect(partsOf(document)).toEqual([
    ['page 1', 'One is whole.'],
    ['page 2', 'unreadable_document', 'the page is broken'],
    ['page 3', 'Three is whole.'],
  ])
  const cut = packedStream('BT /F1 12 Tf 1 0 0 1 72 700 Tm (Two is cut somewhere in its middle.) Tj ET')
  cut.fill(0x55, cut.indexOf('stream\n') + 30, cut.indexOf('\nendstream'))
  const other = partsOf(await readFile(pdfFile(pages, { contents: { 1: cut } })))
  expect(other).toContainEqual([
    'page 2',
    'unreadable_document',
    expect.stringContaining('the page is broken: '),
  ])
  expect(other).toContainEqual(['page 3', 'Three is whole.'])
})

test('a PDF whose every page is broken is broken itself', async () => {
  const bytes = pdfFile([['One'], ['Two']], { contents: { 0: brokenStream, 1: brokenStream } })
  await expect(readFile(bytes)).rejects.toMatchObject({
    code: 'unreadable_document',
    message: 'the page is broken',
  })
})

test('a PDF without text is told to have none', async () => {
  await expect(readFile(pdfFile([[], []]))).rejects.toMatchObject({
    code: 'empty_document',
    message: 'the PDF has no text; it may be made of pictures',
  })
})

test('an encrypted PDF is told', async () => {
  const key = '<28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A>'
  const bytes = pdfFile([['Secret']], {
    trailer: '/Encrypt 7 0 R /ID [<00112233445566778899aabbccddeeff> <00112233445566778899aabbccddeeff>] ',
    more: [`<< /Filter /Standard /V 1 /R 2 /O ${key} /U ${key} /P -4 >>`],
  })
  await expect(readFile(bytes)).rejects.toMatchObject({
    code: 'unreadable_document',
    message: 'the PDF is encrypted',
  })
})

test('what is no PDF is told to be broken, and one that is cut is read if it can be', async () => {
  await expect(readFile(Buffer.from('%PDF-1.7\nnothing of the kind'))).rejects.toMatchObject({
    code: 'unreadable_document',
    message: expect.stringContaining('the PDF is broken'),
  })
  const whole = pdfFile([['Mara keeps bees.']])
  expect(textOf(await readFile(whole.subarray(0, -20)))).toBe('Mara keeps bees.')
})

test('too many pages are refused', async () => {
  await expect(
    readFile(pdfFile([['1'], ['2'], ['3']]), { bounds: { pageCountMax: 2 } }),
  ).rejects.toMatchObject({
    code: 'document_too_large',
    message: 'the PDF has more than 2 pages',
  })
})

test('programs and links in it are left alone', async () => {
  const bytes = pdfFile([['Mara keeps bees.']], {
    catalog: '/OpenAction 7 0 R /AA << /O 7 0 R >> ',
    more: ['<< /S /JavaScript /JS (globalThis.wasRun = true; app.launchURL("http://127.0.0.1:9/")) >>'],
  })
  expect(textOf(await readFile(bytes))).toBe('Mara keeps bees.')
  expect(globalThis).not.toHaveProperty('wasRun')
})
