/**
 * Pages of signed-in people, asked by nobody: each sends to sign in, and back to itself. And no form can be forged.
 * Which role may open what is written in test/route-roles.test.ts.
 */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Role } from '#src/accounts/actor.ts'
import { type OpenDb, openDb } from '#src/platform/db/open-db.ts'
import { createLog } from '#src/platform/log.ts'
import { type AppRoute, routesOf } from '#test/support/app-routes.ts'
import { type Browser, openBrowser, signInAs } from '#test/support/browser.ts'
import { aProfile } from '#test/support/builders.ts'
import { freshDatabase } from '#test/support/databases.ts'
import { storePharmacy } from '#test/support/manage.ts'
import { BASE_URL } from '#test/support/sign-in-steps.ts'
import { type StartedApp, startApp } from '#test/support/start-app.ts'

const ODS_CODE = 'FA002'
const SIGNED_IN = /^\/(manage|workspace|account|reports)(\/|$)/
/** Programs carry no cookies, so there is no form of theirs to forge. */
const FOR_PROGRAMS = /^\/(api|app|dosapi|authentication)\//

let db: OpenDb
let started: StartedApp
let every: readonly AppRoute[]
let routes: readonly AppRoute[]

before(async () => {
  db = await openDb({ ...(await freshDatabase('embedded')), log: createLog('error') })
  await storePharmacy(db, aProfile({ odsCode: ODS_CODE }))
  started = await startApp(db)
  every = routesOf(started.app)
  routes = every.filter(({ pattern }) => SIGNED_IN.test(pattern))
  assert.ok(routes.length > 100, 'the routes were read')
})
after(async () => {
  await started.close()
  await db.close()
})

describe('nobody', () => {
  test('sees a page: each sends to sign in, and back to itself', async () => {
    for (const { pattern } of routes.filter(({ method }) => method === 'GET')) {
      const path = `${at(pattern)}?from=email&x=1`
      const page = await started.app.inject(path)
      assert.equal(page.statusCode, 303, path)
      assert.equal(page.headers.location, `/sign-in?${new URLSearchParams({ return: path })}`)
      assert.equal(page.headers['set-cookie'], undefined)
    }
  })

  test('sends a form: they come back to its page, or to the page that its address begins with', async () => {
    const pages = new Set(routes.filter(({ method }) => method === 'GET').map((route) => route.pattern))
    for (const { pattern } of routes.filter(({ method }) => method === 'POST')) {
      const path = at(pattern)
      const parts = pattern.split('/')
      const beginnings = parts.map((_, left) => parts.slice(0, parts.length - left).join('/'))
      const page = await started.app.inject({ method: 'POST', url: path })
      assert.equal(page.statusCode, 303, path)
      const back = at(beginnings.find((beginning) => pages.has(beginning)) ?? assert.fail(`${pattern} has no page`))
      assert.equal(page.headers.location, `/sign-in?${new URLSearchParams({ return: back })}`)
    }
  })

  test('whose session ended reads why', async () => {
    const browser = openBrowser(started.app, BASE_URL)
    browser.setCookie('signpost-session', 'x'.repeat(43))
    const page = await browser.open('/manage/FA002')
    assert.match(page.body, /You were signed out/)
    assert.match(page.body, /name="return" value="\/manage\/FA002"/)
  })

  test('gets around the guard by writing an address differently', async () => {
    for (const path of [
      '/manage/',
      '/manage/fa002',
      '/%6danage/FA002',
      '/manage/FA002/',
      '/manage/./FA002',
      '/manage//FA002',
    ]) {
      const page = await started.app.inject(path)
      assert.ok([303, 404].includes(page.statusCode), `${path} answered ${page.statusCode}`)
      if (page.statusCode === 303) assert.match(String(page.headers.location), /^\/sign-in\?/)
    }
  })
})

test('a pharmacy that does not exist looks like any other that one may not see', async () => {
  const owner = await signedIn('owner', `ods:${ODS_CODE}`)
  assert.equal((await owner.ask('/manage/FZ999')).status, 403)
  assert.equal((await (await signedIn('national', '')).ask('/manage/FZ999')).status, 404)
})

test('no form is taken without its token, from anybody', async () => {
  const browser = await signedIn('owner', `ods:${ODS_CODE}`)
  await tokenOf(browser)
  const stolen = await tokenOf(await signedIn('viewer', `ods:${ODS_CODE}`))
  const forms = every.filter(({ method, pattern }) => method === 'POST' && !FOR_PROGRAMS.test(pattern))
  for (const { pattern } of forms) {
    for (const form of [{}, { _csrf: 'guessed' }, { _csrf: stolen }]) {
      const page = await browser.ask(at(pattern), form)
      assert.equal(page.status, 403, pattern)
      assert.match(page.body, /This form is too old/, pattern)
    }
  }
})

async function signedIn(role: Role, scope: string): Promise<Browser> {
  const browser = openBrowser(started.app, BASE_URL)
  const person = { email: `${role}@nhs.net`, name: role, grants: [{ role, scope }] }
  await signInAs(browser, person, { db, clock: started.clock })
  return browser
}

/** The token in the form that signs out, which every page of a signed-in person has. */
async function tokenOf(browser: Browser): Promise<string> {
  const { body } = await browser.open('/about')
  return /name="_csrf" value="([^"]+)"/.exec(body)?.[1] ?? assert.fail('the page has no form')
}

const at = (pattern: string) => pattern.replace(':odsCode', ODS_CODE).replaceAll(/:\w+/g, 'no-such')
