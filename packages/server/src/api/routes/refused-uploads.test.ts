/** POST /v1/memories with a form: what is refused, in which words, and that a refusal leaves nothing behind. */
import { afterAll, expect, test } from 'vitest'
import { type Fields, formOf } from '../../testing/form.ts'
import { startTestApp } from '../../testing/test-app.ts'

const app = await startTestApp({ limits: { bodyBytesMax: 20_000 } })
afterAll(app.stop)

type Refusal = { readonly code: string; readonly detail: string; readonly errors?: { location: string }[] }
const post = (body: FormData | string | undefined, headers = {}) =>
  app.request<Refusal>('POST', '/v1/memories', body, { headers })
const runs = async () => (await app.request('GET', '/v1/runs?limit=100')).text

const file = new File(['Mara keeps bees.'], 'bees.txt')
const long = (count: number) => `{"a": "${'x'.repeat(count)}"}`

/** Posts a good form with some fields changed; undefined leaves one out. */
test.each<[string, Fields, string, string]>([
  ['no file', { file: undefined }, '422 invalid_body', 'body.file is required'],
  ['an empty form', { file: undefined, user_id: undefined }, '422 invalid_body', 'body.file is required'],
  ['an empty file', { file: new File([], 'a.txt') }, '400 empty_content', 'The file is empty.'],
  ['a text in the place of the file', { file: 'Bees.' }, '422 invalid_body', 'body.file must be a file'],
  ['two files', { file: [file, file] }, '400 invalid_request', 'more than one file'],
  ['a file beside the file', { other: file }, '400 invalid_request', 'more than one file'],
  ['a file of another name', { file: undefined, files: file }, '422 invalid_body', 'body.files is a file'],
  ['a file for a text', { file: undefined, user_id: file }, '422 invalid_body', 'body.user_id is a file'],
  ['an unknown field', { colour: 'red' }, '422 invalid_body', 'body.colour is unexpected'],
  ['the input of JSON', { input: '{"string": {}}' }, '422 invalid_body', 'body.input is unexpected'],
  ['a text twice', { user_id: ['a', 'b'] }, '422 invalid_body', 'body.user_id is there more than once'],
  ['an empty text', { user_id: '' }, '422 invalid_body', 'body.user_id'],
  ['a name with a zero', { user_id: 'a\0b' }, '422 invalid_body', 'body.user_id holds a NUL'],
  ['a word for a number', { priority: 'high' }, '422 invalid_body', 'body.priority must be integer, as JSON'],
  ['a fraction', { priority: '0.5' }, '422 invalid_body', 'body.priority must be integer'],
  ['a text for a number', { priority: '"5"' }, '422 invalid_body', 'body.priority must be integer'],
  ['a word for a boolean', { dry_run: 'yes' }, '422 invalid_body', 'body.dry_run must be boolean, as JSON'],
  [
    'properties that are no JSON',
    { properties: 'a=b' },
    '422 invalid_body',
    'body.properties must be object',
  ],
  ['no properties', { properties: 'null' }, '422 invalid_body', 'body.properties must be object'],
  ['a wrong property', { properties: '{"a": 5}' }, '422 invalid_body', 'body.properties.a must be string'],
  ['an unknown property', { properties: '{"a": "b"}' }, '400 unknown_property', 'property "a"'],
  ['a zero in JSON', { metadata: '{"a": "\\u0000"}' }, '422 invalid_body', 'body.metadata.a holds a NUL'],
  ['depth', { metadata: `{"a": ${'['.repeat(40)}${']'.repeat(40)}}` }, '422 invalid_body', 'deeper than 32'],
  ['a tag twice', { tags: ['a', 'a'] }, '422 invalid_body', 'body.tags'],
  ['a day that is none', { created_at: '2024-13-01' }, '422 invalid_body', 'body.created_at'],
  ['another entry', { root: 'string' }, '400 invalid_request', 'it is "document"'],
  ['an unknown group', { group: 'nope' }, '422 unknown_group', 'group "nope" not found'],
  ['nobody', { user_id: undefined }, '400 missing_user', 'user_id is required'],
  ['an unknown rule', { on_conflict: 'fight' }, '422 invalid_body', 'body.on_conflict must be one of'],
  ['a prototype', { ['__proto__' as string]: 'x' }, '400 invalid_request', 'cannot be read'],
  ['many fields', { tags: Array.from({ length: 70 }, String) }, '400 invalid_request', 'more than 64 fields'],
  ['a long field', { metadata: long(20_000) }, '413 body_too_large', 'more than 20000 bytes'],
  [
    'long fields',
    { metadata: long(12_000), properties: long(12_000) },
    '413 body_too_large',
    'The text of the fields',
  ],
])('%s is refused, and makes no run', async (_what, change, expected, detail) => {
  const before = await runs()
  const answer = await post(formOf({ user_id: 'mara', file, ...change }))
  expect([`${answer.status} ${answer.body.code}`, answer.body.detail]).toEqual([
    expected,
    expect.stringContaining(detail),
  ])
  expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/)
  for (const { location } of answer.body.errors ?? []) expect(location).toMatch(/^body/)
  expect(await runs()).toBe(before)
})

const part = '--cut\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\nMara keeps bees.'

test.each([
  ['that ends in its file', part, '; boundary=cut', 'Part terminated early'],
  ['that ends before its last boundary', `${part}\r\n--cut\r\n`, '; boundary=cut', 'Unexpected end'],
  ['with another boundary', `${part}\r\n--cut--\r\n`, '; boundary=other', 'Unexpected end'],
  ['whose type names no boundary', `${part}\r\n--cut--\r\n`, '', 'Multipart: Boundary not found'],
  ['that is JSON', '{"input": {}}', '; boundary=cut', 'Unexpected end'],
])('a form %s cannot be read', async (_what, body, boundary, reason) => {
  const before = await runs()
  const answer = await post(body, { 'content-type': `multipart/form-data${boundary}` })
  expect(answer).toMatchObject({
    status: 400,
    body: { code: 'invalid_request', errors: [{ location: 'body' }] },
  })
  expect(answer.body.detail).toContain(`The form cannot be read: ${reason}`)
  expect(await runs()).toBe(before)
})

test('a request without a body is told that it has none', async () => {
  const headers = { authorization: `Bearer ${app.key}` }
  const answer = await fetch(`${app.url}/v1/memories`, { method: 'POST', headers })
  expect([answer.status, await answer.json()]).toMatchObject([
    422,
    { detail: 'The body must be a JSON object.' },
  ])
})
