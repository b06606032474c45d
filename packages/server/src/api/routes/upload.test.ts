/** POST /v1/memories with a form: files as clients send them, and what bounds them. */
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterAll, expect, test } from 'vitest'
import { createProject } from '../../testing/factories.ts'
import { type Fields, formOf } from '../../testing/form.ts'
import { operationsOf } from '../../testing/open-api.ts'
import { type RequestOptions, startTestApp } from '../../testing/test-app.ts'

const FILE_BYTES_MAX = 200_000
let stranger = ''
const app = await startTestApp({
  limits: { fileBytesMax: FILE_BYTES_MAX },
  prepare: async (storage) => {
    stranger = (await createProject(storage, 'stranger')).key
  },
})
afterAll(app.stop)

type Added = { readonly run_id: string; readonly code: string }
const upload = (fields: Fields, options?: RequestOptions) =>
  app.request<Added>('POST', '/v1/memories', formOf({ user_id: 'mara', ...fields }), options)

const people = 'name,city\nOlga Petrova,Graz\nIvan Horvat,Linz\n'
const file = new File([people], 'people.csv', { type: 'text/csv' })
const contentsOf = async (user_id: string) =>
  (await app.list({ user_id })).map(({ content }) => content).join()

test('a file is read by what it is, and remembered with all that its fields say', async () => {
  await app.request('PUT', '/v1/groups/talks', { template: 'personalization-with-summary' })
  const answer = await upload({
    ...{ tags: ['crm', '[import]'], file, user_id: 'olga', group: 'talks', root: 'document' },
    ...{ properties: '{"conversation_id": "c-1"}', metadata: '{"source": {"row": 7}}', priority: '5' },
    ...{ timeout: '30.5', dry_run: 'false', created_at: '2020-02-02T00:00:00Z', document_type: 'contacts' },
  })
  expect(answer).toMatchObject({ status: 200, body: { status: 'running' } })
  expect(await app.finished(answer.body.run_id)).toMatchObject({
    ...{ state: 'completed', input_type: 'document', user_id: 'olga', outcome: 'committed', priority: 5 },
    ...{ tags: ['crm', '[import]'], metadata: { source: { row: 7 } } },
  })
  const memories = await app.list({ user_id: 'olga', group: 'talks' })
  expect(memories.map(({ content }) => content).join()).toMatch(/Olga Petrova/)
  const saidAt = new Set(memories.flatMap(({ sources }) => sources.map(({ said_at }) => said_at)))
  expect(saidAt).toEqual(new Set(['2020-02-02T00:00:00.000Z']))
})

test('what a field says of the file goes before what its part says', async () => {
  const latin = new File([Buffer.from('name,city\nJürgen Groß,Köln\n', 'latin1')], 'leute')
  const unreadable = await upload({ user_id: 'j', file: latin })
  expect((await app.finished(unreadable.body.run_id)).state).toBe('failed')
  const told = await upload({ user_id: 'j', file: latin, media_type: 'text/csv; charset=windows-1252' })
  expect((await app.finished(told.body.run_id)).state).toBe('completed')
  expect(await contentsOf('j')).toMatch(/Jürgen Groß/)
  const plain = await upload({ user_id: 'k', file: new File([people], 'people.txt'), filename: 'people.csv' })
  await app.finished(plain.body.run_id)
  expect(await contentsOf('k')).toMatch(/name: Olga Petrova/)
})

test('a part whose type is JSON is a field like others', async () => {
  const body = [
    '--cut\r\nContent-Disposition: form-data; name="metadata"\r\nContent-Type: application/json\r\n\r\n{"row": 7}',
    '--cut\r\nContent-Disposition: form-data; name="user_id"\r\n\r\nmara',
    '--cut\r\nContent-Disposition: form-data; name="file"; filename="ä.txt"\r\n\r\nMara keeps bees.\r\n--cut--\r\n',
  ].join('\r\n')
  const headers = { 'content-type': 'multipart/form-data; boundary=cut' }
  const answer = await app.request<Added>('POST', '/v1/memories', body, { headers })
  expect(await app.finished(answer.body.run_id)).toMatchObject({ metadata: { row: 7 }, state: 'completed' })
})

test('a key is good for one content, in whatever order it comes, and for the same in JSON', async () => {
  const options = { headers: { 'idempotency-key': 'people' } }
  const first = await upload({ tags: ['a'], file }, options)
  const again = await app.request<Added>(
    'POST',
    '/v1/memories',
    formOf({ file, user_id: 'mara', tags: ['a'] }),
    options,
  )
  expect(again.body.run_id).toBe(first.body.run_id)
  expect(again.headers.get('idempotency-replayed')).toBe('true')
  const document = {
    file: Buffer.from(people).toString('base64'),
    filename: 'people.csv',
    media_type: 'text/csv',
  }
  const json = { user_id: 'mara', tags: ['a'], input: { document } }
  expect((await app.request<Added>('POST', '/v1/memories', json, options)).body.run_id).toBe(
    first.body.run_id,
  )
  const other = new File(['name,city\n'], 'people.csv', { type: 'text/csv' })
  for (const changed of [
    { file: other, tags: ['a'] },
    { file, tags: ['b'] },
  ])
    expect(await upload(changed, options)).toMatchObject({
      status: 422,
      body: { code: 'idempotency_key_reused' },
    })
})

test('a file of the greatest size is taken, one byte more is not', async () => {
  const bytes = Buffer.alloc(FILE_BYTES_MAX + 1, 'Mara keeps bees in Graz, and she sells their honey.\n')
  const send = (length: number) => upload({ file: new File([bytes.subarray(0, length)], 'bees.txt') })
  expect((await send(FILE_BYTES_MAX)).status).toBe(200)
  const detail = `The file has more than ${FILE_BYTES_MAX} bytes.`
  expect(await send(FILE_BYTES_MAX + 1)).toMatchObject({
    status: 413,
    body: { code: 'body_too_large', detail },
  })
})

const connected = () => connect({ port: Number(new URL(app.url).port), host: '127.0.0.1' })
const begin = '--cut\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n'
const head = (length: number) =>
  `POST /v1/memories HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${app.key}\r\nContent-Length: ${length}\r\n` +
  'Content-Type: multipart/form-data; boundary=cut\r\n\r\n'

test('whoever sends far too much is answered before the end, on a connection that goes on', async () => {
  const socket = connected()
  const size = 20 * FILE_BYTES_MAX
  socket.write(head(begin.length + size) + begin)
  socket.write(Buffer.alloc(2 * FILE_BYTES_MAX, 'x'))
  const answer = await new Promise<string>((resolve) => socket.once('data', (data) => resolve(String(data))))
  expect(answer).toMatch(/^HTTP\/1\.1 413 /)
  socket.write(Buffer.alloc(size - 2 * FILE_BYTES_MAX, 'x'))
  socket.end('GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')
  expect(await text(socket)).toMatch(/^HTTP\/1\.1 200 /)
})

test('a caller who goes away in the middle leaves nothing', async () => {
  const runs = async () => (await app.request('GET', '/v1/runs?limit=100')).text
  const before = await runs()
  const socket = connected()
  socket.end(`${head(9_999)}${begin}Mara keeps`)
  expect(await text(socket)).toMatch(/^HTTP\/1\.1 400 /)
  expect(await runs()).toBe(before)
})

test('a form is as closed as JSON', async () => {
  await app.request('PUT', '/v1/groups/vault', { template: 'personalization' })
  const foreign = await upload({ file, group: 'vault' }, { key: stranger })
  expect(foreign).toMatchObject({ status: 422, body: { code: 'unknown_group' } })
  const headers = { 'idempotency-key': 'closed' }
  const [own, other] = [
    await upload({ file }, { headers }),
    await upload({ file }, { headers, key: stranger }),
  ]
  expect([own.status, other.status, other.headers.get('idempotency-replayed')]).toEqual([200, 200, null])
  expect(other.body.run_id).not.toBe(own.body.run_id)
  const reader = await app.request<{ key: string }>('POST', '/v1/keys', { name: 'r', scopes: ['read'] })
  expect((await upload({ file }, { key: reader.body.key })).status).toBe(403)
  expect((await upload({ file }, { key: null })).status).toBe(401)
})

test('the OpenAPI document describes the form, with all that a body in JSON may say', async () => {
  const add = (await operationsOf(app)).find(({ name }) => name === 'POST /v1/memories')
  expect(add?.form).toMatchObject({
    ...{ type: 'object', required: ['file'], additionalProperties: false },
    properties: {
      file: { type: 'string', contentMediaType: 'application/octet-stream' },
      ...{ tags: { type: 'array' }, properties: { type: 'object' }, priority: { type: 'integer' } },
    },
  })
  const { input: _, $schema: __, ...members } = add?.body?.properties ?? {}
  expect(Object.keys(add?.form?.properties ?? {})).toEqual(expect.arrayContaining(Object.keys(members)))
})
