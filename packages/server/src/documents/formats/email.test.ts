import { expect, test } from 'vitest'
import { partsOf, readFile } from '../../testing/document-scene.ts'
import { docxFile, paragraph } from '../../testing/docx-file.ts'
import { pdfFile } from '../../testing/pdf-file.ts'

const header = [
  'From: =?utf-8?Q?Mara_Gr=C3=BCn?= <mara@x.org>',
  'To: Ben <ben@x.org>, carl@x.org',
  'Subject: =?iso-8859-1?Q?Gr=FC=DFe?= from',
  ' Graz',
  'Date: Mon, 2 Jan 2023 10:00:00 +0100',
  'MIME-Version: 1.0',
]

const headerText = [
  'From: Mara Grün <mara@x.org>',
  'To: Ben <ben@x.org>, carl@x.org',
  'Date: 2023-01-02T09:00:00.000Z',
  'Subject: Grüße from Graz',
].join('\n')

type Part = { readonly type: string; readonly body: string | Buffer; readonly fields?: readonly string[] }

const partLines = ({ type, body, fields = [] }: Part): readonly string[] => [
  `Content-Type: ${type}`,
  ...fields,
  ...(typeof body === 'string'
    ? ['', body]
    : ['Content-Transfer-Encoding: base64', '', body.toString('base64').replace(/.{76}/g, '$&\r\n')]),
]

const single = (part: Part): Buffer => Buffer.from([...header, ...partLines(part)].join('\r\n'), 'latin1')

const mixed = (...parts: readonly Part[]): Buffer =>
  Buffer.from(
    [
      ...header,
      'Content-Type: multipart/mixed; boundary="cut"',
      '',
      ...parts.flatMap((part) => ['--cut', ...partLines(part)]),
      '--cut--',
      '',
    ].join('\r\n'),
    'latin1',
  )

const attached = (type: string, filename: string, body: string | Buffer): Part => ({
  type,
  body,
  fields: [`Content-Disposition: attachment; filename="${filename}"`],
})

const plain: Part = { type: 'text/plain; charset=utf-8', body: 'See what is attached.' }

test('a message gives who writes to whom, when, and its text', async () => {
  const document = await readFile(
    single({
      type: 'text/plain; charset=iso-8859-1',
      body: 'Liebe Gr=FC=DFe aus dem sch=F6nen=\r\n Graz.',
      fields: ['Content-Transfer-Encoding: quoted-printable'],
    }),
  )
  expect(document).toMatchObject({
    format: 'email',
    title: 'Grüße from Graz',
    saidAt: Date.UTC(2023, 0, 2, 9),
  })
  expect(partsOf(document)).toEqual([['message', `${headerText}\n\nLiebe Grüße aus dem schönen Graz.`]])
})

test('a body in base64, in raw bytes of its charset, and one of HTML are read', async () => {
  const text = async (part: Part) =>
    partsOf(await readFile(single(part)))[0]?.[1]?.slice(headerText.length + 2)
  expect(await text({ type: 'text/plain; charset=utf-8', body: Buffer.from('Grüße') })).toBe('Grüße')
  expect(await text({ type: 'text/plain; charset=windows-1252', body: 'Gr\xfc\xdfe \x96 Mara' })).toBe(
    'Grüße – Mara',
  )
  const html = '<html><body><h1>Hi</h1><p>Mara <b>keeps</b> bees.</p><img src="cid:x"></body></html>'
  expect(await text({ type: 'text/html', body: html })).toBe('# Hi\n\nMara keeps bees.')
})

test('of a text and its HTML, the text is read', async () => {
  const bytes = Buffer.from(
    [
      ...header,
      'Content-Type: multipart/alternative; boundary=alt',
      '',
      '--alt',
      ...partLines({ type: 'text/plain', body: 'Plain words.' }),
      '--alt',
      ...partLines({ type: 'text/html', body: '<p>Other words.</p>' }),
      '--alt--',
    ].join('\r\n'),
  )
  expect(partsOf(await readFile(bytes))).toEqual([['message', `${headerText}\n\nPlain words.`]])
})

test('each attachment is read by what it is, and one that cannot be is told', async () => {
  const document = await readFile(
    mixed(
      plain,
      attached('application/octet-stream', 'bees.pdf', pdfFile([['Mara keeps bees.']])),
      attached('application/octet-stream', 'hives.docx', docxFile(paragraph('There are two.'))),
      attached('text/csv', 'a.csv', 'name,city\nMara,Graz'),
      attached('image/png', 'photo.png', Buffer.from('\x89PNG\r\n\x1a\n\0\0', 'latin1')),
      attached('application/pdf', 'broken.pdf', '%PDF-1.7 nothing'),
    ),
  )
  expect(partsOf(document)).toEqual([
    ['message', `${headerText}\n\nSee what is attached.`],
    ['bees.pdf › page 1', 'Mara keeps bees.'],
    ['hives.docx', 'There are two.'],
    ['a.csv › row 2', 'name: Mara; city: Graz'],
    ['photo.png', 'unsupported_document', 'it seems to be a PNG image'],
    ['broken.pdf', 'unreadable_document', expect.stringContaining('the PDF is broken')],
  ])
})

test('pictures within the text are no attachments', async () => {
  const logo: Part = {
    type: 'image/png',
    body: Buffer.from('\x89PNG', 'latin1'),
    fields: ['Content-Disposition: inline', 'Content-ID: <logo>'],
  }
  expect((await readFile(mixed(plain, logo))).parts).toHaveLength(1)
})

const within = (depth: number): Buffer =>
  depth === 0
    ? single({ type: 'text/plain', body: 'The innermost.' })
    : mixed(plain, {
        type: 'message/rfc822',
        body: within(depth - 1)
          .toString('latin1')
          .replaceAll('cut', `cut${depth}`),
      })

test('messages within messages are read, to a depth', async () => {
  const labels = (await readFile(within(3))).parts.map(({ label }) => label)
  expect(labels).toEqual(
    [1, 2, 3, 4].map((depth) => [...Array(depth - 1).fill('attached message'), 'message'].join(' › ')),
  )
  expect(partsOf(await readFile(within(5))).at(-1)).toEqual([
    'attached message › attached message › attached message › attached message',
    'document_too_large',
    'it is attached in more than 3 messages within messages',
  ])
})

test('no more attachments are read than may be, in all messages together', async () => {
  const note = (at: number) => attached('text/plain', `${at}.txt`, `Note ${at}.`)
  const inner = mixed(plain, note(1), note(2), note(3)).toString('latin1').replaceAll('cut', 'inner')
  const document = await readFile(mixed(plain, { type: 'message/rfc822', body: inner }, note(4), note(5)), {
    bounds: { attachmentCountMax: 3 },
  })
  expect(partsOf(document).map(([label, text]) => [label, text?.split('\n').at(-1)])).toEqual([
    ['message', 'See what is attached.'],
    ['attached message › message', 'See what is attached.'],
    ['attached message › 1.txt', 'Note 1.'],
    ['attached message › 2.txt', 'Note 2.'],
    ['attached message › 1 more attachment', 'document_too_large'],
    ['2 more attachments', 'document_too_large'],
  ])
})

test('a message that is cut gives what it has, and one without a date none', async () => {
  const cut = mixed(plain, attached('text/plain', 'a.txt', 'Note.')).subarray(0, -20)
  expect((await readFile(cut)).parts[0]).toMatchObject({
    text: expect.stringContaining('See what is attached.'),
  })
  const undated = await readFile('From: a@x.org\nTo: b@x.org\nSubject: x\nDate: some day\n\nMara keeps bees.')
  expect(undated).toMatchObject({ format: 'email', saidAt: null })
})

test('what is called an e-mail and is none is told', async () => {
  await expect(readFile('\n\nMara keeps bees.', { filename: 'a.eml' })).rejects.toMatchObject({
    code: 'unreadable_document',
    message: 'it has no header of an e-mail',
  })
})
