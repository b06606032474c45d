import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { startTestApp } from '../testing/test-app.ts'

test.each([
  ['no HTTP at all', 'hello, is anybody there?\r\n\r\n', 400, 'invalid_request'],
  [
    'a head of a megabyte',
    `GET /health HTTP/1.1\r\nX-Long: ${'x'.repeat(1_000_000)}\r\n\r\n`,
    431,
    'headers_too_large',
  ],
])('%s is answered with a problem document, and the server lives on', async (_what, bytes, status, code) => {
  await using app = await startTestApp()
  const socket = connect({ host: '127.0.0.1', port: Number(new URL(app.url).port) })
  socket.on('error', () => {}) // the server may close before all of it is sent
  socket.write(bytes)
  const answer = await text(socket)
  expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
  expect(JSON.parse(answer.slice(answer.indexOf('{')))).toMatchObject({
    status,
    code,
    detail: expect.any(String),
  })
  expect((await app.request('GET', '/health')).status).toBe(200)
})
