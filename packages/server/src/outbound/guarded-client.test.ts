/** The guarded client against real servers of this machine. */
import { createServer } from 'node:net'
import { expect, test } from 'vitest'
import { startReceiver } from '../testing/receiver.ts'
import { createAddressRules } from './addresses.ts'
import { createGuardedClient, type GuardedRequest } from './guarded-client.ts'

const call = async (allow: string | null, over: Partial<GuardedRequest> & { url: string }) => {
  const client = createGuardedClient(createAddressRules(allow))
  try {
    return await client.fetch({
      method: 'POST',
      headers: { authorization: 'Bearer secret', 'x-other': 'kept' },
      body: '{}',
      timeoutMs: 10_000,
      redirectCountMax: 3,
      responseBytesMax: 100,
      ...over,
    })
  } finally {
    client.close()
  }
}

const refused = (message: string) =>
  expect.objectContaining({
    name: 'TargetError',
    reason: 'refused',
    message: expect.stringContaining(message),
  })

test.each([
  'http://127.0.0.1:PORT/',
  'http://127.1:PORT/',
  'http://2130706433:PORT/',
  'http://0x7f000001:PORT/',
  'http://017700000001:PORT/',
  'http://0:PORT/',
  'http://[::ffff:127.0.0.1]:PORT/',
  'http://[::1]:PORT/',
  'http://１２７.０.０.１:PORT/',
])('%s is refused and nothing is sent', async (url) => {
  await using receiver = await startReceiver()
  await expect(call(null, { url: url.replace('PORT', String(receiver.port)) })).rejects.toEqual(
    refused('is '),
  )
  expect(receiver.received).toEqual([])
})

test('a name, localhost, is refused by the address it has when it is looked up', async () => {
  await using receiver = await startReceiver()
  const calling = call('10.0.0.0/8', { url: `http://localhost:${receiver.port}/` })
  await expect(calling).rejects.toEqual(refused('is loopback'))
  expect(receiver.received).toEqual([])
})

test('a name is reached when it, or its address, is allowed', async () => {
  await using receiver = await startReceiver(() => ({ status: 201, body: 'made' }))
  const url = `http://localhost:${receiver.port}/hook`
  for (const allow of ['localhost', '127.0.0.0/8'])
    expect(await call(allow, { url })).toMatchObject({ status: 201, body: 'made' })
  expect(receiver.received).toHaveLength(2)
})

test.each([
  ['ftp://a.example/', 'must begin with http'],
  ['file:///etc/passwd', 'must begin with http'],
  ['http://user:pass@a.example/', 'credentials'],
  ['no url', 'no URL'],
])('%s is refused', async (url, message) => {
  await expect(call(null, { url })).rejects.toEqual(refused(message))
})

test.each(['127.0.0.2', '[::ffff:127.0.0.2]', '[::1]', '0.0.0.0', '169.254.169.254', '10.0.0.1'])(
  'a redirect to %s is refused, and nothing is sent there',
  async (host) => {
    await using inner = await startReceiver(() => 200, '0.0.0.0')
    const location = `http://${host}:${inner.port}/`
    await using outer = await startReceiver(() => ({ status: 307, headers: { location } }))
    await expect(call('127.0.0.1', { url: outer.url })).rejects.toEqual(refused('the redirect leads astray'))
    expect(outer.received).toHaveLength(1)
    expect(inner.received).toEqual([])
  },
)

test('307 and 308 are followed with method and body, credentials only to the same origin, and not for ever', async () => {
  await using last = await startReceiver()
  await using first = await startReceiver(({ path }) => ({
    status: path === '/a' ? 308 : 307,
    headers: { location: path === '/a' ? '/b' : path === '/b' ? `${last.url}/c` : '/again' },
  }))
  expect(await call('127.0.0.1', { url: `${first.url}/a` })).toMatchObject({ status: 204 })
  expect(first.received.map(({ headers }) => headers.authorization)).toEqual([
    'Bearer secret',
    'Bearer secret',
  ])
  expect(last.received).toMatchObject([{ path: '/c', body: '{}', headers: { 'x-other': 'kept' } }])
  expect(last.received[0]?.headers.authorization).toBeUndefined()
  expect(await call('127.0.0.1', { url: `${first.url}/again` })).toMatchObject({ status: 307 })
  expect(first.received).toHaveLength(2 + 4)
})

test.each([301, 302, 303])('%d, which would change the request, is an answer', async (status) => {
  await using receiver = await startReceiver(() => ({ status, headers: { location: '/b' } }))
  expect(await call('127.0.0.1', { url: receiver.url })).toMatchObject({ status })
  expect(receiver.received).toHaveLength(1)
})

test('of an endless answer only the beginning is read', async () => {
  using server = endless('HTTP/1.1 200 OK\r\n\r\n', 'x'.repeat(65_536))
  const answer = await call('127.0.0.1', { url: await server.url })
  expect(answer).toMatchObject({ status: 200, body: 'x'.repeat(100) })
})

test('an answer that trickles is cut off in time', async () => {
  using server = endless('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nx', '')
  await expect(call('127.0.0.1', { url: await server.url, timeoutMs: 100 })).rejects.toMatchObject({
    reason: 'timeout',
    message: 'no answer within 100 ms',
  })
})

test('what is no HTTP, and what nobody listens on, is a network error', async () => {
  using server = endless('220 mail.example ESMTP\r\n', '')
  await expect(call('127.0.0.1', { url: await server.url })).rejects.toMatchObject({ reason: 'network' })
  await expect(call('127.0.0.1', { url: 'http://127.0.0.1:1/' })).rejects.toMatchObject({
    reason: 'network',
    message: expect.stringContaining('ECONNREFUSED'),
  })
})

test('the reason of the signal ends the call', async () => {
  await using receiver = await startReceiver(() => 'hang')
  const controller = new AbortController()
  const calling = call('127.0.0.1', { url: receiver.url, signal: controller.signal })
  await receiver.until(1)
  const reason = new Error('enough')
  controller.abort(reason)
  await expect(calling).rejects.toBe(reason)
})

test('a kept connection that was closed meanwhile is no failure', async () => {
  await using receiver = await startReceiver(() => 200)
  const client = createGuardedClient(createAddressRules('127.0.0.1'))
  const request = {
    url: receiver.url,
    method: 'POST',
    headers: {},
    body: '{}',
    timeoutMs: 10_000,
    redirectCountMax: 0,
    responseBytesMax: 10,
  }
  await client.fetch(request)
  receiver.disconnect()
  expect(await client.fetch(request)).toMatchObject({ status: 200 })
  client.close()
})

/** A server that says `head` to whoever connects, and then `more` for ever, if it is not empty. */
const endless = (head: string, more: string) => {
  const server = createServer((socket) => {
    socket.on('error', () => {})
    socket.write(head)
    const go = () => {
      while (more !== '' && !socket.destroyed && socket.write(more));
    }
    socket.on('drain', go)
    go()
  })
  const url = new Promise<string>((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      resolve(`http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/`)
    })
  })
  return { url, [Symbol.dispose]: () => void server.close() }
}

test.each([301, 302, 303, 307, 308])('a GET follows %d', async (status) => {
  await using receiver = await startReceiver(({ path }) =>
    path === '/a' ? { status, headers: { location: '/b' } } : { status: 200, body: 'there' },
  )
  const answer = await call('127.0.0.1', { url: `${receiver.url}/a`, method: 'GET', body: '' })
  expect(answer).toMatchObject({ status: 200, body: 'there', isCut: false })
})

test('what is for its origin only is not sent elsewhere', async () => {
  await using last = await startReceiver()
  await using first = await startReceiver(({ path }) => ({
    status: 307,
    headers: { location: path === '/a' ? '/b' : last.url },
  }))
  const calling = call('127.0.0.1', { url: `${first.url}/a`, isForOriginOnly: true })
  await expect(calling).rejects.toEqual(refused('another origin'))
  expect(first.received.map(({ path }) => path)).toEqual(['/a', '/b'])
  expect(last.received).toEqual([])
})
