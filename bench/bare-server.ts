/** The reference: reads the body, answers the same bytes each time, does nothing else. */
import { createServer } from 'node:http'

const answer = Buffer.from(process.env.BARE_ANSWER ?? '')

const server = createServer((request, response) => {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    response.writeHead(200, {
      'content-type': 'application/json; charset=utf-8',
      'content-length': answer.length,
    })
    response.end(answer)
  })
})

server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  if (address !== null && typeof address === 'object') {
    process.stdout.write(`bare server listening on http://127.0.0.1:${address.port}\n`)
  }
})
process.on('SIGTERM', () => process.exit(0))
