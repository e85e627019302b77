/**
 * The upper bound: a Fastify route that does nothing but answer with the same bytes. Prints its address.
 * Usage: node test/bench/bare-route.ts BYTES
 */
import Fastify from 'fastify'

const body = JSON.stringify({ results: 'x'.repeat(Math.max(0, Number(process.argv[2]) - 14)) })
const app = Fastify()
app.get('/api/v1/services', (_request, reply) => reply.type('application/json; charset=utf-8').send(body))
process.stdout.write(`${await app.listen({ host: '127.0.0.1', port: 0 })}\n`)
