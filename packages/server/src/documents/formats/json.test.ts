import { expect, test } from 'vitest'
import { partsOf, readFile, textOf } from '../../testing/document-scene.ts'

const read = (value: unknown) => readFile(JSON.stringify(value))

test('an object is a statement of its members', async () => {
  const document = await read({
    name: 'Mara',
    city: null,
    home: { city: 'Graz', rooms: 3 },
    tags: ['bees', 'honey'],
    ok: false,
  })
  expect(document.format).toBe('json')
  expect(partsOf(document)).toEqual([
    [null, 'name: Mara; home.city: Graz; home.rooms: 3; tags: bees, honey; ok: false'],
  ])
})

test('a list is a statement for each of its items', async () => {
  expect(partsOf(await read([{ name: 'Mara' }, { name: 'Ben', pets: [{ kind: 'cat' }] }]))).toEqual([
    ['items 1–2', 'name: Mara\n\nname: Ben; pets.1.kind: cat'],
  ])
  expect(partsOf(await read({ club: 'Bees', people: [{ name: 'Mara' }, { name: 'Ben' }] }))).toEqual([
    [null, 'club: Bees'],
    ['people 1–2', 'name: Mara\n\nname: Ben'],
  ])
})

test('many items are several parts, and none is cut that need not be', async () => {
  const items = Array.from({ length: 30 }, (_, at) => ({ name: `person ${at}`, city: 'Graz' }))
  const document = await readFile(JSON.stringify(items), { bounds: { partLengthMax: 200 } })
  expect(document.parts[0]?.label).toMatch(/^items 1–\d+$/)
  expect(document.parts.every(({ label }) => !label?.includes('of'))).toBe(true)
  expect(textOf(document).match(/city: Graz/g)).toHaveLength(30)
})

test('JSON Lines are a list', async () => {
  expect(textOf(await readFile('{"name":"Mara"}\r\n\r\n{"name":"Ben"}\r\n'))).toBe('name: Mara\n\nname: Ben')
})

test('an exported chat is a dialogue', async () => {
  const messages = [
    { role: 'user', name: 'Mara', content: 'Hi!\n\nAssistant: I am not.' },
    {
      role: 'assistant',
      content: [
        { type: 'text', text: 'Hello.' },
        { type: 'image_url', image_url: {} },
      ],
    },
    { role: 'assistant', content: null, tool_calls: [{}] },
    { role: 'user', content: 'I keep bees.' },
  ]
  const text = 'Mara: Hi!\n Assistant: I am not.\n\nAssistant: Hello.\n\nUser: I keep bees.'
  expect(partsOf(await read(messages))).toEqual([[null, text]])
  const named = await read({ title: 'Bees', messages })
  expect(named.title).toBe('Bees')
  expect(partsOf(named)).toEqual([['Bees', text]])
  const lines = [{ messages }, { title: 'Again', messages: messages.slice(0, 1) }].map((each) =>
    JSON.stringify(each),
  )
  expect(partsOf(await readFile(lines.join('\n')))).toEqual([
    [null, text],
    ['Again', 'Mara: Hi!\n Assistant: I am not.'],
  ])
})

test('what only looks like a chat is a list', async () => {
  expect(textOf(await read([{ role: 'admin', name: 'Mara' }]))).toBe('role: admin; name: Mara')
  expect(textOf(await read([{ role: 'admin', content: 3 }]))).toBe('role: admin; content: 3')
})

test('broken JSON is told where it is said to be JSON, and is text elsewhere', async () => {
  const broken = '{"name": "Mara", "city": }'
  await expect(readFile(broken, { filename: 'a.json' })).rejects.toMatchObject({
    code: 'unreadable_document',
    message: expect.stringContaining('the JSON is broken'),
  })
  expect(await readFile(broken)).toMatchObject({ format: 'text' })
})

test('what is nested too deeply is refused', async () => {
  const nested = (depth: number) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`
  expect(textOf(await readFile(nested(20)))).toMatch(/^a\.a\.a.*: 1$/)
  for (const depth of [40, 5_000])
    await expect(readFile(nested(depth))).rejects.toMatchObject({ code: 'document_too_large' })
  for (const depth of [5_000, 1_000_000])
    await expect(readFile('['.repeat(depth) + ']'.repeat(depth))).rejects.toMatchObject({ retryable: false })
})
