/** Text is what the caller says it is: every legal string comes back byte for byte, wherever it may be written. */
import { request as httpRequest } from 'node:http'
import { afterAll, describe, expect, test } from 'vitest'
import { echoExtractor } from '../testing/fake-extractor.ts'
import { startTestApp } from '../testing/test-app.ts'

const app = await startTestApp({ extractor: echoExtractor })
afterAll(app.stop)
await app.request('PUT', '/v1/groups/notes', {
  topics: [
    {
      topic_name: 'Ноты 🎼',
      description: 'Заметки',
      is_bounded: false,
      scoping: { user_scoped: true, scope_properties: ['день'] },
    },
  ],
})

const texts: Readonly<Record<string, string>> = {
  emoji: 'Mara 🐝 keeps 🧑🏽‍🌾 bees 🇦🇹',
  'right to left': 'مارا تربي النحل',
  'mixed directions': 'She said \u202bשלום\u202c twice',
  'composed accents': 'Caf\u00e9 cr\u00e8me',
  'combining accents': 'Cafe\u0301 cre\u0300me',
  'stacked marks': 'Z̸̧̛a̵l̷g̶o̴ says hi',
  Chinese: '玛拉在格拉茨养蜂。',
  Thai: 'มารา เลี้ยง ผึ้ง',
  'characters beyond 16 bits': '𝕸𝖆𝖗𝖆 𐍈 𠜎',
  'odd blanks': 'Mara\u00a0keeps\u2003bees\u200b today',
  'line separators': 'one\u2028two\u2029three',
  noncharacters: 'a\ufffe b\uffff c',
  'a byte order mark': '\ufeffMara keeps bees',
  'quotes and slashes': `"It's" \\ \\n </script> %00 ' OR 1=1; --`,
}

/** Allowed in content only: a name is one line that people can read. */
const controls: Readonly<Record<string, string>> = {
  'line ends and tabs': 'one\r\ntwo\n\tthree',
  'control characters': 'bell \u0007 escape \u001b[31m delete \u007f next \u0085 line',
}

describe.each(Object.entries(texts))('%s', (what, text) => {
  test('is a content, a user and a property', async () => {
    const properties = { день: text }
    const items = [{ content: `${text}.`, topic: 'Ноты 🎼' }]
    const members = { user_id: `${text} ${what}`, group: 'notes', properties }
    await app.finished(await app.add({ pre_extracted: { items } }, members))
    const expected = { content: `${text}.`, topic: 'Ноты 🎼', ...members }
    expect(await app.list(members)).toMatchObject([expected])
    const [memory] = await app.list({ user_id: members.user_id, group: 'notes' })
    const query = new URLSearchParams({ user_id: members.user_id, group: 'notes' })
    expect((await app.request('GET', `/v1/memories/${memory?.id}?${query}`)).body).toEqual(memory)
  })

  test('is a group and the name of a key', async () => {
    const group = await app.request('PUT', `/v1/groups/${encodeURIComponent(text)}`, {
      template: 'personalization',
    })
    expect(group).toMatchObject({ status: 200, body: { name: text } })
    const key = await app.request('POST', '/v1/keys', { name: text, scopes: ['read'] })
    expect(key).toMatchObject({ status: 201, body: { name: text } })
  })
})

test.each(Object.entries({ ...texts, ...controls }))('%s passes extraction unchanged', async (what, text) => {
  await app.finished(await app.add(text, { user_id: what }))
  expect((await app.list({ user_id: what })).map(({ content }) => content)).toEqual([text])
})

test.each(Object.entries(controls))('%s are no name', async (_what, text) => {
  const body = { input: { string: { content: ['x'] } }, user_id: text }
  expect(await app.request('POST', '/v1/memories', body)).toMatchObject({ status: 422 })
})

test('letters written in one or in two parts name the same user, with the content as each was written', async () => {
  await app.finished(await app.add('Composed.', { user_id: 'Ren\u00e9' }))
  expect((await app.list({ user_id: 'rene\u0301' })).map(({ content }) => content)).toEqual(['Composed.'])
})

test('escapes in JSON are the text they stand for', async () => {
  const body = '{"input":{"string":{"content":["\\ud83d\\udc1d \\u00e9 \\u2028"]}},"user_id":"escaped"}'
  const { body: answer } = await app.request<{ run_id: string }>('POST', '/v1/memories', body)
  await app.finished(answer.run_id)
  expect((await app.list({ user_id: 'escaped' }))[0]?.content).toBe('🐝 é \u2028')
})

describe('a header given twice', () => {
  /** Sends each value of a list as a header of its own, which fetch cannot. */
  const send = (headers: Record<string, string | string[]>): Promise<number> =>
    new Promise((resolve, reject) => {
      const request = httpRequest(`${app.url}/v1/memories`, { method: 'POST', headers }, (response) => {
        response.resume().on('end', () => resolve(response.statusCode ?? 0))
      })
      request.on('error', reject).end('{"input":{"string":{"content":["x"]}},"user_id":"twice"}')
    })
  const type = 'application/json'
  const authorization = `Bearer ${app.key}`

  test.each([
    [{ 'content-type': type, authorization: [authorization, 'Bearer rem_other'] }, 200],
    [{ 'content-type': type, authorization: ['Bearer rem_other', authorization] }, 401],
    [{ 'content-type': [type, 'text/plain'], authorization }, 200],
    [{ 'content-type': ['text/plain', type], authorization }, 415],
    [{ 'content-type': type, authorization, 'idempotency-key': ['a', 'b'] }, 200],
  ])('counts as the protocol says (%#)', async (headers, status) => {
    expect(await send(headers)).toBe(status)
  })
})
