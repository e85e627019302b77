/**
 * Whatever is asked of the Finder, the public's pages and the search by name, nobody is answered with a failure of ours:
 * every address of theirs, with values that no form sends. A failure prints the seed and the address.
 */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import { saveApiAccount } from '#src/accounts/save-api-account.ts'
import { type OpenDb, openDb } from '#src/platform/db/open-db.ts'
import { FIELDS } from '#src/service-finder/finder-request.ts'
import { routesOf } from '#test/support/app-routes.ts'
import { openBrowser, signInAs } from '#test/support/browser.ts'
import { aProfile, aService } from '#test/support/builders.ts'
import { freshDatabase, testLog } from '#test/support/databases.ts'
import { storePharmacy } from '#test/support/manage.ts'
import { type StartedApp, startApp } from '#test/support/start-app.ts'

const ASKED = 80
const ROUTES = /^\/(finder|pharmacies|areas|dosapi)\b/
const PROGRAM = { username: 'program@nhs.example', password: 'a password of a program' }

/** What leads deep into the code when all else is odd. */
const SOUND: Readonly<Record<string, string>> = {
  ...{ need: 'pharmacy', place: 'M33 7AB', postcode: 'M33 7AB' },
  ...{ search_term: 'Hill', search_location: 'M33 7AB', search_latitude: '53.4', search_longitude: '-2.3' },
}
/** What is in the database. */
const NAMED: Readonly<Record<string, string>> = { odsCode: 'FX123', uid: '2000000001', code: 'QOP' }
/** Those of the fields of forms, and what only programs send. */
const MORE_NAMES = ['search_term', 'search_location', 'search_latitude', 'search_longitude', 'distance_range'].concat(
  ['fuzz_level', 'name_priority', 'max_number_of_services_to_return', 'latitude', 'longitude', 'back', 'uid', 'show'],
  ['postcode', 'open', 'km', 'access', 'service', 'delivery', 'q', '__proto__', 'constructor', 'need[]', 'place[a]'],
)
const LONG = 'x'.repeat(10_000)
/** As they stand in an address. */
const ODD = [
  '',
  '%00',
  'M33%007AB',
  LONG,
  '%F0%9F%8F%B4',
  '%ED%A0%80',
  '%',
  '%zz',
  '%E2%80%AE',
  'a%0D%0Ab',
  '-1',
  '1e999',
].concat(
  [
    'NaN',
    '99999999999999999999',
    '0x10',
    '%3Cscript%3Ealert(1)%3C/script%3E',
    "'%20or%201=1--",
    '..%2F..%2Fetc',
    '{{7*7}}',
  ],
  [
    '2026-13-45',
    '2026-12-11T25:61',
    '25:99',
    '__proto__',
    'null',
    '%C3%A9%CC%81',
    'https://evil.example',
    ',,,,',
    '*',
    '%20%20',
  ],
)

let db: OpenDb
let started: StartedApp
let token: string
let cookie: string
let names: readonly string[]

before(async () => {
  db = await openDb({ ...(await freshDatabase('embedded')), log: testLog })
  const place = { postcode_key: 'M337AB', latitude: 53.424, longitude: -2.318, source: 'test', icb_code: 'QOP' }
  await db.pool.insertInto('postcode').values(place).execute()
  const commissioning = { parentCode: null, icbCode: 'QOP', healthAndWellbeingBoard: null }
  await storePharmacy(db, aProfile({ commissioning }), [aService()])
  started = await startApp(db)
  const { app, config, clock } = started
  const by = { by: 'system:test', now: clock.now(), pepper: config.secretsPepper }
  assert.ok((await saveApiAccount(db, { api: 'professional', ...PROGRAM }, by)).ok)
  const credentials = { emailAddress: PROGRAM.username, password: PROGRAM.password }
  token = (await app.inject({ method: 'POST', url: '/authentication/login', payload: credentials })).json().accessToken
  const browser = openBrowser(app, config.baseUrl)
  await signInAs(browser, { email: 'ivy@nhs.example', grants: [{ role: 'professional', scope: '' }] }, { db, clock })
  cookie = `signpost-session=${browser.cookie('signpost-session')}`
  const forms = await Promise.all(['/', '/finder', '/pharmacies'].map((address) => browser.open(address)))
  const fields = forms.flatMap(({ body }) => [...body.matchAll(/ name="([\w-]+)"/g)].map(([, name = '']) => name))
  names = [...new Set([...FIELDS, ...MORE_NAMES, ...fields])]
})
after(async () => {
  try {
    await started?.close()
  } finally {
    await db.close()
  }
})

test('odd values are answered, never with a failure', async () => {
  const patterns = routesOf(started.app).filter(({ method, pattern }) => method === 'GET' && ROUTES.test(pattern))
  assert.ok(patterns.length > 12)
  const value = (name: string) =>
    fc.oneof(fc.constant(encodeURIComponent(SOUND[name] ?? NAMED[name] ?? '1')), fc.constantFrom(...ODD))
  // Some names twice, which makes lists of their values.
  const pair = fc.constantFrom(...names).chain((name) => fc.tuple(fc.constant(name), value(name)))
  const pairs = fc.array(pair, { maxLength: 8 })
  const asked = fc.constantFrom(...patterns).chain(({ pattern }) => {
    const parameters = [...pattern.matchAll(/:(\w+)/g)].map(([, name = '']) => value(name))
    return fc.tuple(fc.constant(pattern), fc.tuple(...parameters), pairs)
  })
  await fc.assert(
    fc.asyncProperty(asked, async ([pattern, parameters, given]) => {
      const left = [...parameters]
      const path = pattern.replaceAll(/:(\w+)/g, () => left.shift() ?? '')
      const url = `${path}?${[...missing(given), ...given].map(([name, text]) => `${name}=${text}`).join('&')}`
      const headers = pattern.startsWith('/dosapi') ? { authorization: `Bearer ${token}` } : { cookie }
      const { statusCode, body } = await started.app.inject({ method: 'GET', url, headers })
      const where = `at ${url.slice(0, 500)}`
      assert.ok(statusCode < 500, `${statusCode} ${where}`)
      assert.doesNotMatch(body, /\.ts:\d+|node_modules|node:internal/, `a stack trace ${where}`)
      assert.doesNotMatch(body, /<script>alert/, `a script ${where}`)
    }),
    { numRuns: ASKED },
  )
})

type Pair = readonly [name: string, text: string]

/** What a form would have sent besides, so that more than "this is missing" is asked. */
const missing = (given: readonly Pair[]): readonly Pair[] =>
  Object.entries(SOUND)
    .filter(([name]) => !given.some(([other]) => other === name))
    .map(([name, text]) => [name, encodeURIComponent(text)])
