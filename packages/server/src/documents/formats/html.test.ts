import { expect, test } from 'vitest'
import { partsOf, readFile, textOf } from '../../testing/document-scene.ts'

const page = (body: string, head = '') =>
  `<!DOCTYPE html><html><head>${head}</head><body>${body}</body></html>`

test('a page gives its text by sections, without what serves its looks and use', async () => {
  const document = await readFile(
    page(
      `<nav><a href="/">Home</a></nav><h1>Bees of <em>Graz</em></h1><p>Mara&nbsp;keeps bees &mdash; since 2020.<br>In Graz.</p>
       <script>evil()</script><style>p { color: red }</style><p hidden>Not seen</p><button>Buy</button><noscript>no</noscript>
       <h2>Hives</h2><p>There are   <a href="http://x.org/two">two</a>
       of them.</p><ul><li>big<ul><li>old</li></ul></li><li>small</li></ul><ol><li>first</li><li>second</li></ol>`,
      '<title>Mara &amp; the bees</title><style>h1 {}</style>',
    ),
  )
  expect(document).toMatchObject({ format: 'html', title: 'Mara & the bees' })
  expect(partsOf(document)).toEqual([
    ['Bees of Graz', '# Bees of Graz\n\nMara keeps bees — since 2020.\nIn Graz.'],
    [
      'Bees of Graz › Hives',
      '# Bees of Graz\n\n## Hives\n\nThere are two of them.\n\n- big\n  - old\n- small\n\n 1. first\n 2. second',
    ],
  ])
})

test('rows of a table say what their values are', async () => {
  const marked =
    '<table><thead><tr><th>Name</th><th>City</th></tr></thead><tr><td>Mara</td><td>Graz</td></tr><tr><td>Ben</td><td></td></tr></table>'
  const plain =
    '<table><tr><td>Name</td><td>City</td><td>Since</td></tr><tr><td>Mara</td><td colspan="2">Graz</td></tr></table>'
  const facts = '<table><tr><th>Name:</th><td>Mara</td></tr><tr><th>City</th><td>Graz</td></tr></table>'
  const numbers =
    '<table><tr><td>1</td><td>2</td><td>3</td></tr><tr><td>4</td><td>5</td><td>6</td></tr></table>'
  expect(textOf(await readFile(page(marked)))).toBe('Name: Mara; City: Graz\n\nName: Ben')
  expect(textOf(await readFile(page(plain)))).toBe('Name: Mara; City: Graz')
  expect(textOf(await readFile(page(facts)))).toBe('Name: Mara\n\nCity: Graz')
  expect(textOf(await readFile(page(numbers)))).toBe('1; 2; 3\n\n4; 5; 6')
})

test('a table that arranges a page is read through', async () => {
  const inner = '<table><tr><th>Name</th><th>City</th></tr><tr><td>Mara</td><td>Graz</td></tr></table>'
  const layout = `<table><tr><td><p>Hello Ben.</p></td></tr><tr><td>Left</td><td>${inner}</td></tr></table>`
  expect(textOf(await readFile(page(layout)))).toBe('Hello Ben.\n\nLeft\n\nName: Mara; City: Graz')
})

test('code stays as it is, terms lead to what they mean', async () => {
  expect(textOf(await readFile(page('<pre><code>if (a) {\n    b()\n}</code></pre>')))).toBe(
    '```\nif (a) {\n    b()\n}\n```',
  )
  expect(textOf(await readFile(page('<dl><dt>Hive</dt><dd>where bees live</dd></dl>')))).toBe(
    'Hive:\nwhere bees live',
  )
})

test('the charset is what the page says, if nobody else does', async () => {
  const bytes = Buffer.from(page('Gr\xfc\xdfe', '<meta charset="iso-8859-1">'), 'latin1')
  expect(textOf(await readFile(bytes))).toBe('Grüße')
  expect(textOf(await readFile(page('Grüße', '<meta charset="utf-8">')))).toBe('Grüße')
})

test('a page that is cut or badly nested is read as far as it goes', async () => {
  expect(textOf(await readFile('<html><body><p>Mara keeps <b>bees</p></b></div><p>In Gr'))).toBe(
    'Mara keeps bees\n\nIn Gr',
  )
})

test('what is nested too deeply is refused, and what is not is read', async () => {
  const nested = (depth: number) => page(`${'<div>'.repeat(depth)}Mara${'</div>'.repeat(depth)}`)
  expect(textOf(await readFile(nested(200)))).toBe('Mara')
  for (const depth of [300, 100_000])
    await expect(readFile(nested(depth))).rejects.toMatchObject({
      code: 'document_too_large',
      message: 'its elements are nested more than 256 deep',
    })
  await expect(readFile(page('<table><tr><td>'.repeat(5_000)))).rejects.toMatchObject({
    code: 'document_too_large',
  })
})

test('a page without text is empty', async () => {
  await expect(readFile(page('<img src="a.png" alt="a hive"><script>x</script>'))).rejects.toMatchObject({
    code: 'empty_document',
  })
})
