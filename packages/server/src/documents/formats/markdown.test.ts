import { expect, test } from 'vitest'
import { partsOf, readFile } from '../../testing/document-scene.ts'

const read = (content: string) => readFile(content, { filename: 'notes.md' })

test('each section is a part, under the headings it stands under', async () => {
  const document = await read(
    '# Offsite\n\nWe meet in Graz.\n\n## Budget\n\n12,000 EUR\n\n### Food\n\nHalf of it.\n\nPeople\n------\n\nMara and Ben\n',
  )
  expect(document).toMatchObject({ format: 'markdown', title: 'Offsite' })
  expect(partsOf(document)).toEqual([
    ['Offsite', '# Offsite\n\nWe meet in Graz.'],
    ['Offsite › Budget', '# Offsite\n\n## Budget\n\n12,000 EUR\n\n### Food\n\nHalf of it.'],
    ['Offsite › People', '# Offsite\n\n## People\n\nMara and Ben'],
  ])
})

test('the lowest headings make no sections', async () => {
  const text = '###### Mara\n\nShe keeps bees.\n\n###### Ben\n\nHe helps.'
  expect(partsOf(await read(text))).toEqual([[null, text]])
})

test('a section that is cut keeps its headings on each piece', async () => {
  const text = Array.from({ length: 8 }, (_, at) => `Sentence ${at} about bees.`).join('\n\n')
  const document = await readFile(`# Bees\n\n${text}`, { filename: 'a.md', bounds: { partLengthMax: 100 } })
  const parts = partsOf(document)
  expect(parts.length).toBeGreaterThan(1)
  expect(parts[1]?.[0]).toBe(`Bees (2 of ${parts.length})`)
  expect(parts.every(([, part]) => part?.startsWith('# Bees\n\nSentence'))).toBe(true)
})

test('a heading over nothing is kept, where nothing else tells it', async () => {
  expect(partsOf(await read('# Mara keeps bees\n'))).toEqual([['Mara keeps bees', 'Mara keeps bees']])
  expect(partsOf(await read('# A\n\n## B\n\ntext\n\n## C\n'))).toEqual([
    ['A › B', '# A\n\n## B\n\ntext'],
    ['A › C', 'C'],
  ])
})

test('what is for the eye goes, and what only looks like it stays', async () => {
  const document = await read(
    [
      'Mara **keeps** _bees_ and ~~wasps~~ ***hornets*** in [Graz](https://graz.at "Graz"), see <https://x.org/a>.',
      '![A hive](hive.png) The price is 3 * 4 * 5 and snake_case_names stay.<br>Yes\\*. <span class="x">Ben</span> too.',
      '<!-- a note\n\nof two paragraphs -->',
      '[1]: https://x.org',
      '```js\nconst a = **b** // [x](y)\n# no heading\n```',
      '1 < 2 and 3 > 2',
    ].join('\n\n'),
  )
  expect(partsOf(document)).toEqual([
    [
      null,
      [
        'Mara keeps bees and wasps hornets in Graz, see https://x.org/a.',
        ' The price is 3 * 4 * 5 and snake_case_names stay. Yes*. Ben too.',
        '```js\nconst a = **b** // [x](y)\n# no heading\n```',
        '1 < 2 and 3 > 2',
      ].join('\n\n'),
    ],
  ])
})

test('rows of tables say what their values are', async () => {
  const document = await read(
    'Who:\n\n| Name | City | Note |\n|:-----|:----:|------|\n| Mara | **Graz** | a \\| b |\n| Ben | Linz | |\n\nThat is all.',
  )
  expect(partsOf(document)).toEqual([
    [null, 'Who:\n\nName: Mara; City: Graz; Note: a | b\n\nName: Ben; City: Linz\n\nThat is all.'],
  ])
})

test('what a file says of itself is its first part, and may name it', async () => {
  const document = await read('---\ntitle: "Bees of Graz"\nauthor: Mara\n---\n\n# Hives\n\nThere are two.\n')
  expect(document.title).toBe('Bees of Graz')
  expect(partsOf(document)).toEqual([
    ['front matter', 'title: "Bees of Graz"\nauthor: Mara'],
    ['Hives', '# Hives\n\nThere are two.'],
  ])
})
