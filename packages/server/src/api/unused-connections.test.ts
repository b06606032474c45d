import { once } from 'node:events'
import { connect } from 'node:net'
import { expect, test } from 'vitest'
import { startTestApp } from '../testing/test-app.ts'

test('a connection on which nothing was asked does not keep the server from stopping', async () => {
  const app = await startTestApp()
  const { hostname, port } = new URL(app.url)
  const socket = connect(Number(port), hostname)
  await once(socket, 'connect')
  // An answer on a later connection: by then the server has taken the first one.
  expect((await app.request('GET', '/health')).status).toBe(200)
  const closed = once(socket, 'close')
  await app.stop()
  await closed
}, 20_000)
