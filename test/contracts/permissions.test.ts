/** Every page of Profile Manager, asked by nobody and by everybody: who may come in, and that no form can be forged. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { FastifyInstance } from 'fastify'
import { ROLES, type Role } from '#src/accounts/actor.ts'
import { type Action, can } from '#src/accounts/can.ts'
import { type OpenDb, openDb } from '#src/platform/db/open-db.ts'
import { createLog } from '#src/platform/log.ts'
import { commitProfiles } from '#src/profiles/commit-profiles.ts'
import { type Browser, openBrowser, signInAs } from '#test/support/browser.ts'
import { aProfile, UNCHECKED } from '#test/support/builders.ts'
import { freshDatabase } from '#test/support/databases.ts'
import { type StartedApp, startApp } from '#test/support/start-app.ts'

const BASE_URL = 'http://localhost:3000'
const OURS = { odsCode: 'FA002', parentCode: 'PNN00', icbCode: 'QOP' }
const THEIRS = { odsCode: 'FB003', parentCode: 'PMM00', icbCode: 'QHL' }
const SCOPES: Readonly<Partial<Record<Role, string>>> = {
  owner: 'ods:FA002',
  editor: 'ods:FA002',
  'closure-only': 'ods:FA002',
  viewer: 'ods:FA002',
  group: 'group:PNN00',
  lead: 'area:QOP',
  commissioner: 'area:QOP',
  lpc: 'area:QOP',
}

/** What each address asks of a person (of several, any), by the end of its pattern; the first that fits counts. */
const NEEDS: readonly (readonly [pattern: RegExp, action: Action | 'signed-in' | readonly Action[]])[] = [
  [/^\/manage$/, 'signed-in'],
  [/^\/manage\/access(\/|$)/, 'ask-for-access'],
  [/^\/manage\/invitations\//, 'ask-for-access'],
  [/^\/workspace(\/|$)/, 'see-workspace'],
  [/\/people$/, 'see-people'],
  [/\/people\/requests\//, ['manage-people', 'decide-access']],
  [/\/people\//, 'manage-people'],
  [/\/leave$/, 'view-profile'],
  [/^\/manage\/missing-pharmacy$/, 'signed-in'],
  [/\/confirm$/, 'confirm-section'],
  [/\/check-everything$/, 'confirm-section'],
  [/\/(evidence|evidence\.csv|receipts\/:reference(\/(pdf|json))?)$/, 'see-history'],
  [/\/missing-service$/, 'request-service'],
  [/\/contact-details\/change/, 'edit-contact'],
  [/\/opening-times\/change/, 'edit-hours'],
  [/\/bank-holidays\/change/, 'edit-holidays'],
  [/\/closures-and-changes\/(add|:changeId)/, 'edit-changes'],
  [/\/(services|services\/:changeId|urgent-care-services)\/change/, 'edit-services'],
  [/\/facilities\/change/, 'edit-facilities'],
  [
    /^\/manage\/:odsCode(\/(contact-details|opening-times|bank-holidays|closures-and-changes|services|urgent-care-services|facilities))?$/,
    'view-profile',
  ],
]

type Route = { readonly method: 'GET' | 'POST'; readonly pattern: string }

let db: OpenDb
let started: StartedApp
let routes: readonly Route[]

before(async () => {
  db = await openDb({ ...(await freshDatabase('embedded')), log: createLog('error') })
  const commissioning = { healthAndWellbeingBoard: null }
  const writes = [OURS, THEIRS].map(({ odsCode, parentCode, icbCode }) => ({
    before: undefined,
    profile: aProfile({ odsCode, commissioning: { ...commissioning, parentCode, icbCode } }),
    sections: UNCHECKED,
  }))
  const context = {
    actor: 'system:test',
    action: 'create',
    recordedAt: '2026-12-01T09:00:00.000Z',
    decides: false,
    onMeeting: 'keep',
  } as const
  await db.transact((tx) => commitProfiles(tx, writes, context))
  started = await startApp(db)
  routes = managedRoutes(started.app)
})
after(async () => {
  await started.close()
  await db.close()
})

test('every address under /manage and /workspace is in the table of this test', () => {
  assert.ok(routes.length > 30, 'the routes were read')
  for (const { pattern } of routes) assert.ok(needOf(pattern), `${pattern}: say in NEEDS what it asks of a person`)
})

describe('nobody', () => {
  test('sees a page: each sends to sign in, and back to itself', async () => {
    for (const { pattern } of routes.filter(({ method }) => method === 'GET')) {
      const path = `${at(pattern, OURS.odsCode)}?from=email&x=1`
      const page = await started.app.inject(path)
      assert.equal(page.statusCode, 303, path)
      assert.equal(page.headers.location, `/sign-in?${new URLSearchParams({ return: path })}`)
      assert.equal(page.headers['set-cookie'], undefined)
    }
  })

  test('sends a form: they come back to its page, or to their pharmacies where it has none', async () => {
    for (const { pattern } of routes.filter(({ method }) => method === 'POST')) {
      const path = at(pattern, OURS.odsCode)
      const hasPage = routes.some((route) => route.method === 'GET' && route.pattern === pattern)
      const page = await started.app.inject({ method: 'POST', url: path })
      assert.equal(page.statusCode, 303, path)
      const back = hasPage ? path : '/manage'
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

for (const role of ROLES) {
  test(`${role}: comes in exactly where the permission table says`, async () => {
    const browser = await signedIn(role)
    const grants = [{ role, scope: SCOPES[role] ?? '' }]
    const token = await tokenOf(browser)
    for (const { method, pattern } of routes) {
      const need = needOf(pattern) ?? 'signed-in'
      for (const target of [OURS, THEIRS]) {
        const path = at(pattern, target.odsCode)
        const page = await browser.ask(path, method === 'POST' ? { _csrf: token } : undefined)
        const actor = { personId: 1, email: '', name: '', grants }
        const allowed = need === 'signed-in' || [need].flat().some((action) => can(actor, action as Action, target))
        const because = `${role} ${method} ${path} needs ${need} and answered ${page.status}`
        assert.equal(page.status !== 403, allowed, because)
        assert.ok(page.status < 500, because)
      }
    }
  })
}

test('a pharmacy that does not exist looks like any other that one may not see', async () => {
  const browser = await signedIn('owner')
  assert.equal((await browser.ask('/manage/FZ999')).status, 403)
  assert.equal((await (await signedIn('national')).ask('/manage/FZ999')).status, 404)
})

test('no form is taken without its token, from anybody', async () => {
  const browser = await signedIn('owner')
  await tokenOf(browser)
  const other = openBrowser(started.app, BASE_URL)
  await signInAs(other, { email: 'other@nhs.net', grants: [] }, { db, clock: started.clock })
  const stolen = await tokenOf(other)
  for (const { pattern } of [...routes.filter(({ method }) => method === 'POST'), { pattern: '/sign-out' }]) {
    for (const form of [{}, { _csrf: 'guessed' }, { _csrf: stolen }]) {
      const page = await browser.ask(at(pattern, OURS.odsCode), form)
      assert.equal(page.status, 403, pattern)
      assert.match(page.body, /This form is too old/, pattern)
    }
  }
})

async function signedIn(role: Role): Promise<Browser> {
  const browser = openBrowser(started.app, BASE_URL)
  const grants = [{ role, scope: SCOPES[role] ?? '' }]
  await signInAs(browser, { email: `${role}@nhs.net`, name: role, grants }, { db, clock: started.clock })
  return browser
}

/** The token in the form that signs out, which every page of a signed-in person has. */
async function tokenOf(browser: Browser): Promise<string> {
  const { body } = await browser.open('/about')
  return /name="_csrf" value="([^"]+)"/.exec(body)?.[1] ?? assert.fail('the page has no form')
}

const needOf = (pattern: string) => NEEDS.find(([fits]) => fits.test(pattern))?.[1]
const at = (pattern: string, odsCode: string) => pattern.replace(':odsCode', odsCode).replace(':changeId', 'no-such')

/** Every route under /manage and /workspace, read from the app itself so that none is forgotten. */
function managedRoutes(app: FastifyInstance): Route[] {
  const parts: string[] = []
  const found: Route[] = []
  for (const line of app.printRoutes({ commonPrefix: false }).split('\n')) {
    const [, indent = '', part = '', methods = ''] = /^([\s│]*)[├└]── (\S+) \(([^)]+)\)/.exec(line) ?? []
    const depth = indent.length / 4
    parts.length = depth
    parts[depth] = part
    const pattern = parts.join('')
    if (!/^\/(manage|workspace)(\/|$)/.test(pattern)) continue
    for (const method of ['GET', 'POST'] as const) {
      if (methods.split(', ').includes(method)) found.push({ method, pattern })
    }
  }
  return found
}
