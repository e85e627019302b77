import assert from 'node:assert/strict'
import { test } from 'node:test'
import Fastify from 'fastify'
import { byteText, sendByteText } from './byte-text.ts'

const TEXTS = ['', 'plain', 'Café – naïve “quotes”', '🙂'.repeat(20_000)]

test('a byte text arrives as the text that it was made of, with the status and headers of the reply', async () => {
  const app = Fastify()
  const statuses: number[] = []
  app.addHook('onResponse', (_request, reply, done) => {
    statuses.push(reply.statusCode)
    done()
  })
  TEXTS.forEach((text, index) => {
    app.get(`/${index}`, (_request, reply) =>
      sendByteText(
        reply.code(203).header('content-type', 'text/plain; charset=utf-8').header('x-own', 'a'),
        byteText(text),
      ),
    )
  })
  const baseUrl = await app.listen({ host: '127.0.0.1', port: 0 })
  for (const [index, text] of TEXTS.entries()) {
    const answer = await fetch(`${baseUrl}/${index}`)
    assert.equal(await answer.text(), text)
    assert.equal(answer.status, 203)
    assert.equal(answer.headers.get('x-own'), 'a')
    assert.equal(answer.headers.get('content-length'), String(Buffer.byteLength(text)))
    const head = await fetch(`${baseUrl}/${index}`, { method: 'HEAD' })
    assert.equal(head.headers.get('content-length'), String(Buffer.byteLength(text)))
    assert.equal(await head.text(), '')
  }
  await app.close()
  assert.deepEqual(statuses, Array(2 * TEXTS.length).fill(203))
})
