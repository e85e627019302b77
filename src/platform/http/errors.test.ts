import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type { FastifyInstance, FastifyPluginAsync } from 'fastify'
import { Conflict, Forbidden, NotFound, Unavailable } from '../errors.ts'
import { createLog } from '../log.ts'
import { template } from '../views.ts'
import { assetAddresses, loadAssets } from './assets.ts'
import { answerErrorsIn } from './errors.ts'
import { pageScope } from './page-scope.ts'
import { createRequestMetrics } from './request-metrics.ts'
import { createServer } from './server.ts'

const FAILURES = {
  missing: new NotFound('no such pharmacy'),
  forbidden: new Forbidden('not yours'),
  conflict: new Conflict('changed meanwhile'),
  down: new Unavailable('the database is away'),
  ours: new TypeError('cannot read property phone of 07700 900123'),
}

const plain: Parameters<typeof createServer>[0] = {
  log: createLog('silent'),
  trustedProxies: 0,
  requests: createRequestMetrics(),
  shell: {
    security: { formOrigins: ['https://sign-in.example'], imageOrigins: [], https: true },
    navigation: [],
    footer: [],
    notice: null,
    assets: assetAddresses(loadAssets()),
  },
}

const logged: string[] = []
const app = await serverWithPages(logged)
after(() => app.close())

/** A server with one page, one form and routes that fail in every way. */
async function serverWithPages(log: string[]): Promise<FastifyInstance> {
  const server = createServer({ ...plain, log: createLog('info', (line) => log.push(line)) })
  server.get('/api/v1/broken', () => {
    throw new Error('the secret of the house')
  })
  server.post('/api/v1/echo', (request) => ({ body: request.body }))
  answerErrorsIn(server, '/old/', (reply, { status, detail, reference }) =>
    reply.type('text/plain').send(`${status} ${detail}${reference ?? ''}`),
  )
  server.get('/slashed/:name/', () => ({}))
  server.get('/old/broken', () => {
    throw new Error('the secret of the house')
  })
  const mount: FastifyPluginAsync = async (pages) => {
    await pageScope(pages, { sessionSecret: 'a-secret-of-the-test-a-secret-of-the-test', https: true })
    const render = template<object>('footer-pages/about.njk')
    pages.get('/page/:name', (_request, reply) => render(reply, {}))
    pages.get('/form', (_request, reply) => reply.send(reply.generateCsrf()))
    pages.post('/form', (request) => ({ got: request.body }))
    for (const [path, error] of Object.entries(FAILURES)) {
      pages.get(`/fails/${path}`, () => {
        throw error
      })
    }
  }
  await server.register(mount)
  return server
}

const pages: readonly [path: string, status: number, says: RegExp][] = [
  ['/fails/missing', 404, /Page not found[\s\S]*action="\/pharmacies"/],
  ['/fails/forbidden', 403, /You cannot see this page[\s\S]*href="\/manage\/access"[\s\S]*href="\/contact"/],
  ['/fails/conflict', 409, /Somebody else changed this/],
  ['/fails/down', 503, /not available for a moment/],
  ['/nowhere', 404, /Page not found/],
  ['/manage/nowhere/at/all', 404, /Page not found/],
  ['/%ZZ', 400, /could not read that request/],
  [`/page/${'x'.repeat(300)}`, 414, /could not read that request/],
]
for (const [path, status, says] of pages) {
  test(`${path.slice(0, 30)} answers ${status} with a page of ours`, async () => {
    const answer = await app.inject(path)
    assert.equal(answer.statusCode, status)
    assert.match(answer.body, says)
    assert.match(String(answer.headers['content-security-policy']), /frame-ancestors 'none'/)
  })
}

test('a fault of ours shows a reference and nothing else, and the log has the rest under it', async () => {
  const answer = await app.inject('/fails/ours')
  assert.equal(answer.statusCode, 500)
  const reference = /<code>([^<]+)<\/code>/.exec(answer.body)?.[1]
  assert.ok(reference)
  assert.doesNotMatch(answer.body, /07700|TypeError|at .*\.ts/)
  assert.ok(logged.some((line) => line.includes(reference) && line.includes('TypeError')))
})

test('a fault under an API is problem JSON without its message', async () => {
  const answer = await app.inject('/api/v1/broken')
  assert.equal(answer.statusCode, 500)
  assert.equal(answer.headers['content-type'], 'application/problem+json; charset=utf-8')
  const problem = answer.json()
  assert.equal(problem.status, 500)
  assert.equal(typeof problem.reference, 'string')
  assert.doesNotMatch(answer.body, /secret/)
})

const oldAnswers: readonly (readonly [method: 'GET' | 'POST', path: string, says: RegExp, because: string])[] = [
  ['GET', '/old/broken', /^500 Nothing that you saved.*[0-9a-f]{12}$/, 'a fault of ours has its reference'],
  ['GET', '/old/nowhere', /^404 Nothing is at this address/, 'nothing is mounted there'],
  ['POST', '/old/broken', /^405 This address answers GET/, 'the method is wrong'],
  ['GET', '/old/%ZZ', /^400 /, 'the address cannot be read'],
]
for (const [method, url, says, because] of oldAnswers) {
  test(`an API with its own form of errors answers ${method} ${url} in it: ${because}`, async () => {
    const answer = await app.inject({ method, url })
    assert.match(answer.body, says)
    assert.match(String(answer.headers['content-type']), /^text\/plain/)
    assert.equal(String(answer.statusCode), answer.body.slice(0, 3))
  })
}

test('a dependency that is down says when to come back', async () => {
  const answer = await app.inject('/fails/down')
  assert.equal(answer.headers['retry-after'], '10')
})

test('a wrong method is refused with those that are right', async () => {
  const answer = await app.inject({ method: 'DELETE', url: '/page/one' })
  assert.equal(answer.statusCode, 405)
  assert.equal(answer.headers.allow, 'GET, HEAD')
})

const slashes: readonly (readonly [method: 'GET' | 'DELETE', url: string, status: number, because: string])[] = [
  ['DELETE', '/slashed/one/', 405, 'it is the address of the route'],
  ['DELETE', '/slashed/one', 405, 'the last slash may be left out'],
  ['GET', '/slashed/one//', 404, 'two slashes are another address'],
]
for (const [method, url, status, because] of slashes) {
  test(`${method} ${url} is answered ${status}: ${because}`, async () => {
    assert.equal((await app.inject({ method, url })).statusCode, status)
  })
}

test('HEAD answers like GET, without a body', async () => {
  const answer = await app.inject({ method: 'HEAD', url: '/page/one' })
  assert.equal(answer.statusCode, 200)
  assert.equal(answer.body, '')
})

test('a page may run our scripts only, and each page has its own nonce', async () => {
  const [one, two] = await Promise.all([app.inject('/page/one'), app.inject('/page/two')])
  const nonceOf = (policy: unknown) => /script-src 'self' 'nonce-([^']+)'/.exec(String(policy))?.[1]
  const nonce = nonceOf(one.headers['content-security-policy'])
  assert.ok(nonce)
  assert.notEqual(nonce, nonceOf(two.headers['content-security-policy']))
  assert.ok(one.body.includes(`nonce="${nonce}"`))
  assert.match(String(one.headers['content-security-policy']), /form-action 'self' https:\/\/sign-in\.example/)
  assert.match(String(one.headers['strict-transport-security']), /max-age=31536000/)
  assert.equal(one.headers['set-cookie'], undefined)
})

const form = { 'content-type': 'application/x-www-form-urlencoded' }
const posts: readonly [
  because: string,
  request: { headers: Record<string, string>; payload: string },
  status: number,
][] = [
  ['a form without its token', { headers: form, payload: 'a=1' }, 403],
  ['a form with a made-up token', { headers: form, payload: '_csrf=made-up&a=1' }, 403],
  [
    'a cookie that is not ours',
    { headers: { ...form, cookie: '__Host-signpost-csrf=%E0%A4%A; =;;' }, payload: 'a=1' },
    403,
  ],
  ['a kind of content that no form has', { headers: { 'content-type': 'text/xml' }, payload: '<a/>' }, 415],
  ['a form of a megabyte', { headers: form, payload: `a=${'x'.repeat(1_000_000)}` }, 413],
]
for (const [because, request, status] of posts) {
  test(`${because} is refused with ${status}`, async () => {
    assert.equal((await app.inject({ method: 'POST', url: '/form', ...request })).statusCode, status)
  })
}

test('a form with its token and cookie is taken, and a key named __proto__ changes nothing', async () => {
  const shown = await app.inject('/form')
  const cookie = String(shown.headers['set-cookie'])
  assert.match(cookie, /^__Host-signpost-csrf=.*HttpOnly; Secure; SameSite=Lax/)
  const payload = `_csrf=${encodeURIComponent(shown.body)}&day=1&day=2&__proto__=polluted`
  const sent = await app.inject({
    method: 'POST',
    url: '/form',
    headers: { ...form, cookie: cookie.split(';')[0] ?? '' },
    payload,
  })
  assert.equal(sent.statusCode, 200)
  assert.deepEqual(sent.json().got.day, ['1', '2'])
  assert.equal(Object.hasOwn(Object.prototype, 'polluted'), false)
})

test('a body that is not JSON is a problem that says so', async () => {
  const headers = { 'content-type': 'application/json' }
  const answer = await app.inject({ method: 'POST', url: '/api/v1/echo', headers, payload: '{"a":' })
  assert.equal(answer.statusCode, 400)
  assert.equal(answer.headers['content-type'], 'application/problem+json; charset=utf-8')
})

const proxies: readonly [trusted: number, forwarded: string, seen: string, because: string][] = [
  [0, '198.51.100.7', '127.0.0.1', 'nobody in front of us is believed'],
  [1, '198.51.100.7, 203.0.113.9', '203.0.113.9', 'the one proxy added the last; what came before may be made up'],
  [2, '198.51.100.7, 203.0.113.9', '198.51.100.7', 'each of two proxies added one'],
]
for (const [trustedProxies, forwarded, seen, because] of proxies) {
  test(`behind ${trustedProxies} proxies a client is ${seen}: ${because}`, async () => {
    const server = createServer({ ...plain, trustedProxies })
    server.get('/api/v1/address', (request) => ({ address: request.ip }))
    const answer = await server.inject({ url: '/api/v1/address', headers: { 'x-forwarded-for': forwarded } })
    assert.deepEqual(answer.json(), { address: seen })
    await server.close()
  })
}

test('over http a browser is not told to use https', async () => {
  const server = createServer({
    ...plain,
    shell: { ...plain.shell, security: { ...plain.shell.security, https: false } },
  })
  server.get('/api/v1/anything', () => ({}))
  const answer = await server.inject('/api/v1/anything')
  assert.equal(answer.headers['strict-transport-security'], undefined)
  await server.close()
})
