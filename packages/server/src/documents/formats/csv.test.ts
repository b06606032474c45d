import { expect, test } from 'vitest'
import { partsOf, readFile, textOf } from '../../testing/document-scene.ts'

const read = (content: string | Uint8Array, filename = 'people.csv') => readFile(content, { filename })

test('each row says of every value what it is', async () => {
  const document = await read('name,city,since\nMara,Graz,2020\n"Ben ""B"" Lee","Linz, Austria",\n\n')
  expect(document).toMatchObject({ format: 'csv', title: null })
  expect(partsOf(document)).toEqual([
    ['rows 2–3', 'name: Mara; city: Graz; since: 2020\n\nname: Ben "B" Lee; city: Linz, Austria'],
  ])
})

test('the delimiter is found, and marks before the first column are none of it', async () => {
  const rows = 'name: Mara; price: 1,5\n\nname: Ben; price: 2,5'
  expect(textOf(await read('\ufeffname;price\r\nMara;1,5\r\nBen;2,5\r\n'))).toBe(rows)
  expect(textOf(await read('name\tprice\nMara\t1,5\nBen\t2,5', 'people.tsv'))).toBe(rows)
  expect(textOf(await read('sep=;\nname;price\nMara;1,5\nBen;2,5'))).toBe(rows)
  expect(textOf(await read('name|price\nMara|1,5\nBen|2,5'))).toBe(rows)
  expect(textOf(await read('"a;b;c","d"\n"1;2;3","4"'))).toBe('a;b;c: 1;2;3; d: 4')
})

test('rows without a header have columns by number', async () => {
  expect(textOf(await read('1,2020-01-01\n2,2020-01-02'))).toBe(
    'column 1: 1; column 2: 2020-01-01\n\ncolumn 1: 2; column 2: 2020-01-02',
  )
  expect(textOf(await read('Mara keeps bees'))).toBe('Mara keeps bees')
})

test('rows that are too long or too short keep what they have', async () => {
  expect(textOf(await read('name,city\nMara\nBen,Linz,more'))).toBe(
    'name: Mara\n\nname: Ben; city: Linz; column 3: more',
  )
})

test('prose in a row stands under what is short in it, and so do rows without', async () => {
  expect(textOf(await read('name,note\nMara,"She keeps bees.\nIn Graz."\nBen,short'))).toBe(
    '###### name: Mara\n\nnote: She keeps bees.\nIn Graz.\n\n###### name: Ben; note: short',
  )
})

test('many rows are several parts', async () => {
  const lines = Array.from({ length: 450 }, (_, at) => `person ${at},Graz`)
  const document = await read(`name,city\n${lines.join('\n')}`)
  expect(document.parts.map(({ label }) => label)).toEqual(['rows 2–201', 'rows 202–401', 'rows 402–451'])
  expect(textOf(document).match(/city: Graz/g)).toHaveLength(450)
})

test('rows are not cut where they have room in a part', async () => {
  const lines = Array.from({ length: 20 }, (_, at) => `person ${at},${'x'.repeat(40)}`)
  const document = await readFile(`name,city\n${lines.join('\n')}`, {
    filename: 'a.csv',
    bounds: { partLengthMax: 300 },
  })
  expect(document.parts.every(({ label }) => /^rows? [\d–]+$/.test(label ?? ''))).toBe(true)
  expect(document.parts.length).toBeGreaterThan(4)
})

test('a quote that is never closed is told', async () => {
  await expect(read('name,city\n"Mara,Graz\nBen,Linz\n')).rejects.toMatchObject({
    code: 'unreadable_document',
    message: expect.stringContaining('the CSV is broken'),
  })
})
