import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { assetAddresses, loadAssets } from '../http/assets.ts'
import { createRequestMetrics } from '../http/request-metrics.ts'
import { createServer } from '../http/server.ts'
import { createLog } from '../log.ts'
import { template } from '../views.ts'
import { gettingThere } from './getting-there.ts'
import { mapTilesOf, tileUrlProblem } from './map-tiles.ts'
import { mapOfList } from './map-view.ts'

const problems: readonly (readonly [
  url: string,
  httpAllowed: boolean,
  problem: RegExp | undefined,
  because: string,
])[] = [
  ['https://tiles.example/{z}/{x}/{y}.png', false, undefined, 'it is the usual form'],
  ['https://tiles.example:8443/{z}/{x}/{y}@2x.png?key=a-b', false, undefined, 'a port and a key are fine'],
  ['/tiles/{z}/{x}/{y}.png', false, undefined, 'our own server has them, behind the same proxy'],
  ['http://tiles.example/{z}/{x}/{y}.png', true, undefined, 'outside production'],
  ['http://tiles.example/{z}/{x}/{y}.png', false, /https/, 'a secure page may not load it'],
  ['https://tiles.example/{z}/{x}.png', false, /must have/, 'a part is missing'],
  ['https://{s}.tiles.example/{z}/{x}/{y}.png', false, /name one server/, 'servers by the letter are many'],
  ['https://{z}.example/{x}/{y}.png', false, /name one server/, 'each zoom would have its own server'],
  ['https://*.example/{z}/{x}/{y}.png', false, /characters/, 'a whole domain would be let in'],
  ["https://tiles.example/{z}/{x}/{y}.png; script-src 'unsafe-inline'", false, /characters/, 'it ends the policy'],
  ['https://name:secret@tiles.example/{z}/{x}/{y}.png', false, /password/, 'everybody would read it'],
  ['//tiles.example/{z}/{x}/{y}.png', false, /https:\/\/ address, or a path/, 'it names no protocol'],
  ['javascript:{z}{x}{y}', false, /https:\/\/ address, or a path/, 'it is no address of pictures'],
  [`https://tiles.example/{z}/{x}/{y}${'x'.repeat(300)}`, false, /300/, 'nobody needs as much'],
]
for (const [url, httpAllowed, problem, because] of problems) {
  test(`tiles from ${url.slice(0, 60)} ${problem ? 'are refused' : 'are taken'}: ${because}`, () => {
    const found = tileUrlProblem(url, httpAllowed)
    if (problem) assert.match(found ?? '', problem)
    else assert.equal(found, undefined)
  })
}

const SALE = { latitude: 53.4244, longitude: -2.3187, easting: 378_900, northing: 391_900 }
const M33 = { latitude: 53.42, longitude: -2.32, label: 'M33', isArea: true }

/** A page with a map, as an installation with these tiles serves it. */
async function pageWith(
  url: string | undefined,
  start: typeof M33 | null = M33,
): Promise<{ html: string; images: string | undefined }> {
  const mapTiles = mapTilesOf(url, '© OpenStreetMap contributors')
  const app = createServer({
    log: createLog('silent'),
    trustedProxies: 0,
    requests: createRequestMetrics(),
    shell: {
      security: { formOrigins: [], imageOrigins: mapTiles?.origin ? [mapTiles.origin] : [], https: true },
      ...{ navigation: [], footer: [], notice: null, assets: assetAddresses(loadAssets()), mapTiles },
    },
  })
  const render = template<{ gettingThere: ReturnType<typeof gettingThere> }>('platform/map/getting-there.njk')
  const place = { name: `Hill's "<b>" & Sons`, address: '1 High Street', position: SALE }
  app.get('/', (_request, reply) => render(reply, { gettingThere: gettingThere(place, start, 900) }))
  const { body, headers } = await app.inject('/')
  await app.close()
  return { html: body, images: /img-src [^;]*/.exec(String(headers['content-security-policy']))?.[0] }
}

const policies: readonly (readonly [url: string | undefined, images: string, because: string])[] = [
  [undefined, "img-src 'self' data:", 'nobody else is asked for anything'],
  ['https://tiles.example:8443/a/{z}/{x}/{y}.png', "img-src 'self' data: https://tiles.example:8443", 'one host only'],
  ['/tiles/{z}/{x}/{y}.png', "img-src 'self' data:", 'they are our own'],
]
for (const [url, images, because] of policies) {
  test(`with tiles from ${url ?? 'nowhere'} a page may load pictures by ${images}: ${because}`, async () => {
    const page = await pageWith(url)
    assert.equal(page.images, images)
    assert.match(page.html, new RegExp(`data-tiles="${(url ?? '').replaceAll(/[{}]/g, '\\$&')}"`))
    assert.equal(page.html.includes('© OpenStreetMap contributors'), url !== undefined)
  })
}

test('the map is hidden until script shows it, and brings no script or style of its own into the page', async () => {
  const { html } = await pageWith(undefined)
  assert.match(html, /<section class="signpost-map"[^>]* hidden/)
  assert.doesNotMatch(html, /<script(?![^>]* src="\/assets\/map\.js)|<style|style="|<b>/)
  assert.match(html, /0\.3 miles \(0\.5 km\) north of the middle of M33 in a straight line, about 0\.6 miles by road\./)
  assert.match(html, /href="geo:53\.4244,-2\.3187\?q=[^"<]*"/)
  assert.match(html, /href="https:\/\/www\.openstreetmap\.org\/[^"]*" rel="noopener noreferrer external"/)
  assert.doesNotMatch(html, /easting/)
})

test('one place alone is drawn over tiles only: an empty ground says nothing', async () => {
  assert.doesNotMatch((await pageWith(undefined, null)).html, /signpost-map/)
  assert.match((await pageWith('/tiles/{z}/{x}/{y}.png', null)).html, /signpost-map/)
})

test('a list with a row that has no position says so, and one without any has no map', () => {
  const row = { row: 'result-1', name: 'Hill', href: null, lines: [], position: SALE }
  const map = mapOfList([row, { ...row, row: 'result-2', position: null }], ['pharmacy', 'pharmacies'], null)
  assert.deepEqual(
    map?.points.map((point) => point.row),
    ['result-1'],
  )
  assert.match(map?.note ?? '', /1 pharmacy of the list cannot be placed on the map\./)
  assert.equal(mapOfList([{ ...row, position: null }], ['pharmacy', 'pharmacies'], null), null)
})

type Ring = readonly (readonly [longitude: number, latitude: number])[]
const outline = JSON.parse(readFileSync(new URL('england.geojson', import.meta.url), 'utf8')) as {
  geometry: { coordinates: readonly (readonly Ring[])[] }
}

/** Whether a line to the east crosses the outline an odd number of times. */
const isInside = (ring: Ring, x: number, y: number): boolean =>
  ring.slice(1).filter(([x2, y2], index) => {
    const [x1, y1] = ring[index] ?? [0, 0]
    return y1 > y !== y2 > y && x < ((x2 - x1) * (y - y1)) / (y2 - y1) + x1
  }).length %
    2 ===
  1

const towns: readonly (readonly [name: string, latitude: number, longitude: number, isEngland: boolean])[] = [
  ['London', 51.51, -0.12, true],
  ['Manchester', 53.48, -2.24, true],
  ['Carlisle', 54.89, -2.93, true],
  ['Alnwick', 55.41, -1.71, true],
  ['Norwich', 52.63, 1.3, true],
  ['Canterbury', 51.28, 1.08, true],
  ['Truro', 50.26, -5.05, true],
  ['Hereford', 52.06, -2.72, true],
  ['Newport, Isle of Wight', 50.7, -1.29, true],
  ['Cardiff', 51.48, -3.18, false],
  ['Wrexham', 53.05, -2.99, false],
  ['Edinburgh', 55.95, -3.19, false],
  ['Calais', 50.95, 1.86, false],
]
for (const [name, latitude, longitude, isEngland] of towns) {
  test(`${name} is ${isEngland ? 'in' : 'not in'} the outline`, () => {
    const rings = outline.geometry.coordinates.flat()
    assert.equal(
      rings.some((ring) => isInside(ring, longitude, latitude)),
      isEngland,
    )
  })
}
