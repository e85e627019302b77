/** Proving anew who one is, before what matters most: with NHSmail and with a code, and where NHSmail does not ask. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { FastifyInstance } from 'fastify'
import { codeDigits } from '#src/accounts/one-time-codes.ts'
import { EMAIL_ISSUER } from '#src/accounts/people.ts'
import { requireRecentSignIn } from '#src/accounts/recent-sign-in.ts'
import { signedInPages } from '#src/accounts/session-cookie.ts'
import { createSession, hashOf } from '#src/accounts/sessions.ts'
import { startNhsmail } from '#src/demo/nhsmail.ts'
import { type OpenDb, openDb } from '#src/platform/db/open-db.ts'
import { openIdProvider } from '#src/platform/identity/open-id.ts'
import { createLog } from '#src/platform/log.ts'
import { type Browser, openBrowser, type Page } from '#test/support/browser.ts'
import { freshDatabase } from '#test/support/databases.ts'
import { type FixedClock, fixedClock } from '#test/support/fixed-clock.ts'
import { visible } from '#test/support/manage.ts'
import { AMINA, BASE_URL, SESSION, signIn } from '#test/support/sign-in-steps.ts'
import { type StartedApp, startApp } from '#test/support/start-app.ts'
import { startTinyIssuer, type TinyIssuer } from '#test/support/tiny-issuer.ts'

const NOW = Date.parse('2026-12-11T10:34:00.000Z')
const CLIENT = { clientId: 'signpost', clientSecret: 'a-secret-of-32-characters-or-more' }
const log = createLog('error')

let db: OpenDb
let clock: FixedClock
let nhsmail: Awaited<ReturnType<typeof startNhsmail>>
let issuer: TinyIssuer
/** One product at the stand-in for NHSmail, one at an issuer that says what a test wants. */
let started: StartedApp
let atIssuer: StartedApp

before(async () => {
  db = await openDb({ ...(await freshDatabase('embedded')), log })
  clock = fixedClock()
  nhsmail = await startNhsmail({ port: 0, baseUrl: BASE_URL, people: [AMINA], production: false, log })
  issuer = await startTinyIssuer()
  started = await startApp(db, { clock, identity: openIdProvider(nhsmail, log), mountMore: mountWeighty })
  const identity = openIdProvider({ ...CLIENT, issuer: issuer.issuer }, log)
  atIssuer = await startApp(db, { clock, identity, mountMore: mountWeighty })
})
after(async () => {
  await started.close()
  await atIssuer.close()
  await nhsmail.close()
  await issuer.close()
  await db.close()
})

/** A page and a form that matter most, guarded as those of the product are. */
function mountWeighty(pages: FastifyInstance): void {
  signedInPages(pages, { baseUrl: BASE_URL }, (signedIn) => {
    signedIn.get('/weighty', async (request, reply) =>
      (await requireRecentSignIn(request, reply, { clock })) ? reply.send('let in') : reply,
    )
    signedIn.post('/weighty/do', async (request, reply) =>
      (await requireRecentSignIn(request, reply, { clock, returnTo: '/weighty' })) ? reply.send('done') : reply,
    )
  })
}

const at = (minutes: number): void => clock.set(new Date(NOW + minutes * 60_000).toISOString())
const tokenIn = (page: Page): string => /name="_csrf" value="([^"]+)"/.exec(page.body)?.[1] ?? assert.fail('no form')

/** Somebody who signed in with a code at minute 0. */
async function withCode(email: string): Promise<Browser> {
  at(0)
  const now = clock.now()
  const token = await db.transact(async (tx) => {
    const person = { email, name: 'Hana Brown', job_role: 'Dispenser', created_at: now.toISOString() }
    const { id } = await tx.insertInto('person').values(person).returning('id').executeTakeFirstOrThrow()
    return await createSession(tx, { personId: id, now, issuer: EMAIL_ISSUER })
  })
  const browser = openBrowser(started.app, BASE_URL)
  browser.setCookie(SESSION, token)
  return browser
}

const times: [minutes: number, letIn: boolean, because: string][] = [
  [0, true, 'signed in this moment'],
  [14.9, true, 'within 15 minutes'],
  [15, false, '15 minutes ago'],
  [25, false, 'still signed in, and not recently'],
]
for (const [minutes, letIn, because] of times) {
  test(`${minutes} minutes after signing in one ${letIn ? 'goes' : 'does not go'} straight on: ${because}`, async () => {
    const browser = await withCode(`person-${minutes}@chemist.example`)
    at(minutes)
    const page = await browser.ask('/weighty?a=1')
    assert.equal(page.status, letIn ? 200 : 303)
    if (!letIn) assert.equal(page.headers.get('location'), '/sign-in/again?return=%2Fweighty%3Fa%3D1')
    const _csrf = tokenIn(await browser.open('/about'))
    const sent = await browser.ask('/weighty/do', { _csrf })
    assert.equal(sent.status, letIn ? 200 : 303)
    if (!letIn) assert.equal(sent.headers.get('location'), '/sign-in/again?return=%2Fweighty')
  })
}

test('somebody with a code gets another, comes back with a new token, and the old one opens nothing', async () => {
  const browser = await withCode('again@chemist.example')
  at(20)
  const page = await browser.open('/weighty')
  assert.match(visible(page), /Sign in again to go on.*We send a code to again@chemist.example/)
  const asked = await browser.submit(page, '/sign-in/again')
  assert.equal(asked.url.href, `${BASE_URL}/sign-in/email/code?return=%2Fweighty`)
  const old = browser.copy()
  const code = codeDigits(browser.cookie('signpost-code') ?? '', started.config.secretsPepper)
  const arrived = await browser.submit(asked, '/sign-in/email/code', { code })
  assert.equal(arrived.body, 'let in')
  assert.notEqual(browser.cookie(SESSION), old.cookie(SESSION))
  assert.equal((await old.ask('/account')).status, 303)
})

test('somebody with NHSmail is asked by NHSmail, and comes back with a new token', async () => {
  at(0)
  const browser = openBrowser(started.app, BASE_URL)
  await signIn(browser, { returnTo: '/about' })
  at(20)
  const page = await browser.open('/weighty')
  const link =
    /href="(\/sign-in\/nhsmail[^"]+)"/.exec(page.body)?.[1]?.replaceAll('&amp;', '&') ?? assert.fail('no link')
  const before = browser.cookie(SESSION)
  const choice = await browser.open(link)
  assert.match(choice.body, /Who do you want to be/)
  const arrived = await browser.submit(choice, '/interaction/', { email: AMINA.email })
  assert.equal(arrived.body, 'let in')
  assert.notEqual(browser.cookie(SESSION), before)
})

const provers: [authTime: (iat: number) => number | undefined, letIn: boolean, because: string][] = [
  [(iat) => iat, true, 'it asked a moment ago'],
  [(iat) => iat - 90, true, 'after this sign-in began, two minutes ago'],
  [(iat) => iat - 600, false, 'it knew the browser from before and did not ask'],
  [() => undefined, true, 'it never says, so it is believed'],
]
for (const [authTime, letIn, because] of provers) {
  test(`where NHSmail is to ask again, an answer is ${letIn ? 'taken' : 'refused'}: ${because}`, async () => {
    at(0)
    const browser = openBrowser(atIssuer.app, BASE_URL)
    const begun = await browser.ask('/sign-in/nhsmail?again=yes&return=%2Fweighty')
    const { searchParams } = new URL(begun.headers.get('location') ?? '')
    assert.equal(searchParams.get('prompt'), 'login')
    at(2)
    const iat = Math.floor(Date.now() / 1000)
    issuer.say({ nonce: searchParams.get('nonce'), email: 'a@nhs.net', iat, auth_time: authTime(iat) })
    const query = { code: 'a-code', state: searchParams.get('state') ?? '', iss: issuer.issuer }
    const page = await browser.open(`/sign-in/callback?${new URLSearchParams(query)}`)
    if (letIn) assert.equal(page.body, 'let in')
    else assert.match(page.body, /NHSmail did not ask you to sign in again/)
    assert.equal(page.status, letIn ? 200 : 403)
  })
}

test('a sign-in that NHSmail remembered counts from when it asked', async () => {
  at(0)
  const browser = openBrowser(atIssuer.app, BASE_URL)
  const begun = await browser.ask('/sign-in/nhsmail?return=%2Fweighty')
  const { searchParams } = new URL(begun.headers.get('location') ?? '')
  assert.equal(searchParams.get('prompt'), null)
  const iat = Math.floor(Date.now() / 1000)
  issuer.say({ nonce: searchParams.get('nonce'), email: 'b@nhs.net', iat, auth_time: iat - 3600 })
  const query = { code: 'a-code', state: searchParams.get('state') ?? '', iss: issuer.issuer }
  const page = await browser.open(`/sign-in/callback?${new URLSearchParams(query)}`)
  assert.match(visible(page), /Sign in again to go on/)
  const { proved_at } = await db.pool
    .selectFrom('session')
    .select('proved_at')
    .where('token_hash', '=', hashOf(browser.cookie(SESSION) ?? ''))
    .executeTakeFirstOrThrow()
  assert.equal(proved_at, new Date(NOW - 3_600_000).toISOString())
})

test('the page leads on when there is nothing to prove, and to sign in when nobody is here', async () => {
  const browser = await withCode('nothing@chemist.example')
  assert.equal((await browser.ask('/sign-in/again?return=%2Fabout')).headers.get('location'), `${BASE_URL}/about`)
  const nobody = await openBrowser(started.app, BASE_URL).ask('/sign-in/again?return=%2F%2Fevil.example')
  assert.equal(nobody.headers.get('location'), '/sign-in')
})
