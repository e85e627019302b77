/** Over a real socket: what is refused here never becomes a request. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, connect } from 'node:net'
import { after, test } from 'node:test'
import { createLog } from '../log.ts'
import { createRequestMetrics } from './request-metrics.ts'
import { createServer } from './server.ts'

const lines: string[] = []
const app = createServer({
  log: createLog('trace', (line) => lines.push(line)),
  trustedProxies: 0,
  requests: createRequestMetrics(),
  shell: {
    security: { formOrigins: [], imageOrigins: [], https: true },
    navigation: [],
    footer: [],
    notice: null,
    assets: { 'nhsuk-frontend.css': '/assets/a.css', 'signpost.css': '/assets/b.css' },
  },
})
app.get('/', (request) => ({ letters: String((request.query as { place?: string }).place).length }))
const { port } = await app.listen({ host: '127.0.0.1', port: 0 }).then(() => app.server.address() as AddressInfo)
after(() => app.close())

/** All that the server says until it closes: to the first bytes, and to each next ones after its answer. */
async function exchange(first: string, ...next: string[]): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  let answer = ''
  socket.setEncoding('utf8').on('data', (text) => {
    answer += text
    const more = next.shift()
    if (more !== undefined) socket.write(more)
  })
  socket.write(first)
  await once(socket, 'close')
  return answer
}

const ask = (query: string, more = ''): string => `GET /?place=${query} HTTP/1.1\r\nHost: here\r\n${more}\r\n`
const ENDS = 'Connection: close\r\n'

test('ten thousand accented letters reach the page that says it is too many', async () => {
  assert.match(await exchange(ask('%C3%A9'.repeat(10_000), ENDS)), /^HTTP\/1\.1 200 OK[\s\S]*{"letters":10000}$/)
})

const refused: readonly (readonly [sent: string, status: string, words: RegExp, because: string])[] = [
  [ask('x'.repeat(70_000)), '431 Request Header Fields Too Large', /address is too long.*fewer words/s, 'too long'],
  [ask('secret'.repeat(100_000)), '431 Request Header Fields Too Large', /too long/, 'more than is read at once'],
  ['GET / HTTP/1.1\r\nHost: here\r\nno header\r\n\r\n', '400 Bad Request', /could not read/, 'a header without colon'],
  ['\u0016\u0003\u0001 secret', '400 Bad Request', /could not read/, 'the greeting of https'],
]
for (const [sent, status, words, because] of refused) {
  test(`${status} is a page that can be read: ${because}`, async () => {
    const answer = await exchange(sent)
    const [head = '', body = ''] = answer.split('\r\n\r\n')
    assert.ok(head.startsWith(`HTTP/1.1 ${status}\r\n`), answer.slice(0, 200))
    assert.match(body, words)
    assert.match(body, /<html lang="en">[\s\S]*<title>[\s\S]*<h1[\s\S]*<a href="\/">[\s\S]*<\/html>\n$/)
    assert.equal(Number(/^content-length: (\d+)$/im.exec(head)?.[1]), Buffer.byteLength(body))
    assert.match(head, /^content-security-policy: default-src 'none';/im)
    assert.match(head, /^strict-transport-security: max-age/im)
    assert.match(head, /^x-content-type-options: nosniff/im)
  })
}

test('a connection that was answered before is refused in words too', async () => {
  const answer = await exchange(ask('x'), ask('x'.repeat(70_000)))
  assert.match(answer, /^HTTP\/1\.1 200 OK[\s\S]*{"letters":1}HTTP\/1\.1 431 [\s\S]*<\/html>\n$/)
})

test('nothing of what was sent is in the log', () => {
  assert.match(lines.join('\n'), /HPE_HEADER_OVERFLOW/)
  assert.doesNotMatch(lines.join('\n'), /secret|xxx/)
})
