import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import Fastify from 'fastify'
import { assetAddresses, assetRoutes, loadAssets } from './assets.ts'

const assets = loadAssets()
const addresses = assetAddresses(assets)
const app = Fastify()
assetRoutes(app, assets)
after(() => app.close())

test('the style sheet asks no other server for anything', () => {
  const css = assets.get('nhsuk-frontend.css')?.plain.toString() ?? ''
  assert.ok(css.length > 100_000)
  assert.doesNotMatch(css, /https?:\/\/|@font-face/)
})

const encodings: readonly [accepts: string, encoding: string | undefined, because: string][] = [
  ['gzip, deflate, br', 'br', 'it is the smallest'],
  ['gzip', 'gzip', 'it is all that is understood'],
  ['br;q=0, gzip', 'gzip', 'the other is refused'],
  ['identity', undefined, 'none is understood'],
]
for (const [accepts, encoding, because] of encodings) {
  test(`a browser that accepts “${accepts}” gets ${encoding ?? 'it plain'}: ${because}`, async () => {
    const url = addresses['nhsuk-frontend.css'] ?? ''
    const answer = await app.inject({ url, headers: { 'accept-encoding': accepts } })
    assert.equal(answer.headers['content-encoding'], encoding)
    const { rawPayload } = answer
    const plain = encoding === 'br' ? brotliDecompressSync(rawPayload) : encoding ? gunzipSync(rawPayload) : rawPayload
    assert.deepEqual(plain, assets.get('nhsuk-frontend.css')?.plain)
  })
}

test('a file under its version is kept for ever, under its bare name for an hour', async () => {
  const versioned = await app.inject(addresses['signpost.css'] ?? '')
  const bare = await app.inject('/assets/signpost.css')
  assert.match(String(versioned.headers['cache-control']), /immutable/)
  assert.equal(bare.headers['cache-control'], 'public, max-age=3600')
})

test('a file that did not change is not sent again', async () => {
  const first = await app.inject('/assets/images/favicon.svg')
  const again = await app.inject({
    url: '/assets/images/favicon.svg',
    headers: { 'if-none-match': String(first.headers.etag) },
  })
  assert.equal(again.statusCode, 304)
})

for (const path of ['/assets/none.css', '/assets/../package.json', '/assets/%2e%2e%2fpackage.json', '/assets/']) {
  test(`${path} is not a file of ours`, async () => {
    assert.equal((await app.inject(path)).statusCode, 404)
  })
}
