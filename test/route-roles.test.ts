/**
 * Every page and form of the product, asked for by everybody: the expected answer to each role, written down by hand.
 *
 * A route that is not written down here fails the test. Forms carry a valid token, so that "forbidden" means the person.
 */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { ROLES, type Role } from '#src/accounts/actor.ts'
import { type OpenDb, openDb } from '#src/platform/db/open-db.ts'
import { createLog } from '#src/platform/log.ts'
import { type AppRoute, routesOf } from '#test/support/app-routes.ts'
import { type Browser, openBrowser, type Page, signInAs } from '#test/support/browser.ts'
import { aProfile } from '#test/support/builders.ts'
import { pageDatabase } from '#test/support/databases.ts'
import { storePharmacy } from '#test/support/manage.ts'
import { BASE_URL } from '#test/support/sign-in-steps.ts'
import { type StartedApp, startApp } from '#test/support/start-app.ts'

/**
 * `+` is let in, `-` is forbidden, `?` is not found, `s` is sent to sign in. First who may, then the routes of which that is
 * true. `out` is signed out; `none` is signed in without any right; a role holds for the pharmacy that is asked for.
 *
 * `EDIT` stands for the five steps of an edit: its form, the check, the conflict and what they send, and dropping it.
 * A route that ends with `?` names something that does not exist: those who would be let in are told that it is not found.
 */
const EXPECTED = `
                 out none owner editor closure-only viewer group lead commissioner lpc on-call desk national admin professional

anybody here     s   +    +     +      +            +      +     +    +            +   +       +    +        +     +
  GET  /account
  BOTH /account/details
  POST /account/sign-out-elsewhere
  POST /account/sign-out-everywhere
  GET  /account/unsent/:id ?
  POST /account/unsent/:id/discard
  GET  /manage
  BOTH /manage/access
  GET  /manage/access/requests
  POST /manage/access/requests/:requestId/code
  POST /manage/access/requests/:requestId/new-code ?
  POST /manage/access/requests/:requestId/withdraw
  BOTH /manage/invitations/:invitationId ?
  BOTH /manage/missing-pharmacy
  BOTH /manage/training

professionals    s   -    +     +      +            +      +     +    +            +   +       +    +        +     +
  GET  /finder
  GET  /finder/compare
  GET  /finder/places.json
  GET  /finder/practices.json
  GET  /finder/results
  GET  /finder/saved
  POST /finder/saved/choice
  POST /finder/saved/searches ?
  POST /finder/saved/searches/:id/remove
  POST /finder/saved/services/:id ?
  POST /finder/saved/services/:id/remove
  GET  /finder/services/:uid ?
  POST /finder/services/:uid/problem ?
  BOTH /finder/services/:uid/professional ?
  BOTH /finder/services/:uid/send ?
  POST /finder/services/:uid/send/now ?
  GET  /finder/services/:uid/sheet ?
  GET  /finder/sent
  GET  /finder/types
  GET  /finder/types.json

who may look     s   -    +     +      +            +      +     +    +            +   +       +    +        +     -
  GET  /manage/:odsCode
  GET  /manage/:odsCode/address-and-name
  GET  /manage/:odsCode/bank-holidays
  GET  /manage/:odsCode/closures-and-changes
  GET  /manage/:odsCode/closures/:closureId ?
  GET  /manage/:odsCode/closures/:closureId/door-notice ?
  GET  /manage/:odsCode/closures/:closureId/door-notice.pdf ?
  GET  /manage/:odsCode/closures/:closureId/notice ?
  GET  /manage/:odsCode/closures/:closureId/notice.txt ?
  GET  /manage/:odsCode/contact-details
  GET  /manage/:odsCode/facilities
  GET  /manage/:odsCode/opening-times
  GET  /manage/:odsCode/quality
  GET  /manage/:odsCode/referral-problems
  GET  /manage/:odsCode/services
  GET  /manage/:odsCode/standing
  GET  /manage/:odsCode/urgent-care-services

who looks back   s   -    +     +      -            +      +     +    +            -   -       +    +        +     -
  GET  /manage/:odsCode/evidence
  GET  /manage/:odsCode/evidence.csv
  GET  /manage/:odsCode/history
  GET  /manage/:odsCode/history/:version
  GET  /manage/:odsCode/receipts/:reference ?
  GET  /manage/:odsCode/receipts/:reference/json ?
  GET  /manage/:odsCode/receipts/:reference/pdf ?

who says closed  s   -    +     +      +            -      +     -    -            -   -       -    -        -     -
  BOTH /manage/:odsCode/close-now
  BOTH /manage/:odsCode/closures/plan
  POST /manage/:odsCode/closures/:closureId/cancel ?
  POST /manage/:odsCode/closures/:closureId/confirm ?
  BOTH /manage/:odsCode/closures/:closureId/expect ?
  BOTH /manage/:odsCode/closures/:closureId/notice/edit ?
  POST /manage/:odsCode/closures/:closureId/notice/try-again ?
  POST /manage/:odsCode/closures/:closureId/reopen ?
  EDIT /manage/:odsCode/closures-and-changes/add
  GET  /manage/:odsCode/closures-and-changes/:changeId/cancel ?
  POST /manage/:odsCode/closures-and-changes/:changeId/cancel
  GET  /manage/:odsCode/closures-and-changes/:changeId/edit ?
  POST /manage/:odsCode/closures-and-changes/:changeId/edit
  BOTH /manage/:odsCode/closures-and-changes/:changeId/edit/check
  BOTH /manage/:odsCode/closures-and-changes/:changeId/edit/conflict
  POST /manage/:odsCode/closures-and-changes/:changeId/edit/discard

who edits        s   -    +     +      -            -      +     -    -            -   -       -    -        -     -
  BOTH /manage/:odsCode/address-and-name/address
  BOTH /manage/:odsCode/address-and-name/name
  BOTH /manage/:odsCode/address-and-name/pin
  POST /manage/:odsCode/address-and-name/requests/:id/withdraw ?
  EDIT /manage/:odsCode/bank-holidays/change
  POST /manage/:odsCode/bank-holidays/confirm
  BOTH /manage/:odsCode/check-everything
  POST /manage/:odsCode/closures-and-changes/confirm
  EDIT /manage/:odsCode/contact-details/change
  POST /manage/:odsCode/contact-details/confirm
  GET  /manage/:odsCode/contact-details/delivery ?
  POST /manage/:odsCode/contact-details/delivery
  BOTH /manage/:odsCode/contact-details/delivery/check
  BOTH /manage/:odsCode/contact-details/delivery/conflict
  POST /manage/:odsCode/contact-details/delivery/discard
  EDIT /manage/:odsCode/facilities/change
  POST /manage/:odsCode/facilities/confirm
  BOTH /manage/:odsCode/history/:version/restore ?
  BOTH /manage/:odsCode/missing-service
  BOTH /manage/:odsCode/referral-services
  BOTH /manage/:odsCode/referral-services/:id ?
  EDIT /manage/:odsCode/opening-times/change
  POST /manage/:odsCode/opening-times/confirm
  EDIT /manage/:odsCode/opening-times/core-hours
  EDIT /manage/:odsCode/services/change
  POST /manage/:odsCode/services/confirm
  BOTH /manage/:odsCode/services/:changeId/change ?
  BOTH /manage/:odsCode/services/:changeId/change/check
  BOTH /manage/:odsCode/services/:changeId/change/conflict
  POST /manage/:odsCode/services/:changeId/change/discard
  EDIT /manage/:odsCode/urgent-care-services/change

many branches    s   -    +     +      -            -      +     -    -            -   -       -    -        -     -
  GET  /manage/branches
  GET  /manage/branches/:id ?
  POST /manage/branches/:id/cancel ?
  POST /manage/branches/:id/leave-out ?
  GET  /manage/branches/:id/results.csv ?
  POST /manage/branches/:id/run ?
  POST /manage/branches/:id/undo ?
  BOTH /manage/branches/new/:kind ?
  GET  /manage/branches/templates/:kind.csv ?
  GET  /manage/branches/templates/:kind.xlsx ?
  POST /manage/branches/upload/:kind ?

who sees people  s   -    +     +      -            -      +     +    -            -   -       +    +        +     -
  GET  /manage/:odsCode/closures/who-is-told
  POST /manage/:odsCode/closures/who-is-told/:listenerId/remove ?
  POST /manage/:odsCode/closures/who-is-told/own
  POST /manage/:odsCode/closures/who-is-told/surgery
  GET  /manage/:odsCode/people

who runs people  s   -    +     -      -            -      +     -    -            -   -       +    +        +     -
  POST /manage/:odsCode/people/invitations/:invitationId/send ?
  POST /manage/:odsCode/people/invitations/:invitationId/withdraw ?
  BOTH /manage/:odsCode/people/invite
  BOTH /manage/:odsCode/people/members/:member ?
  BOTH /manage/:odsCode/people/members/:member/remove ?

who lets in      s   -    +     -      -            -      +     +    -            -   -       +    +        +     -
  BOTH /manage/:odsCode/people/requests/:requestId ?

may leave        s   -    +     +      +            +      ?     ?    ?            ?   ?       ?    ?        ?     -
  BOTH /manage/:odsCode/leave

watches capacity s   -    +     +      -            -      +     +    +            -   +       +    +        +     -
  GET  /capacity

sees all of it   s   -    -     -      -            -      -     -    -            -   +       +    +        +     -
  BOTH /capacity/:uid ?

sees the desk    s   -    -     -      -            -      -     +    -            -   +       +    +        +     -
  GET  /on-call
  GET  /on-call/calls/:callId ?
  GET  /on-call/history
  GET  /on-call/rota
  GET  /on-call/script

hands over       s   -    -     -      -            -      -     -    -            -   +       +    +        +     -
  POST /on-call/calls/:callId/review ?
  POST /on-call/rota/notes
  POST /on-call/rota/notes/:noteId/read ?

takes calls      s   -    -     -      -            -      -     -    -            -   +       -    -        +     -
  POST /on-call/calls/:callId/acting ?
  POST /on-call/calls/:callId/challenge ?
  BOTH /on-call/calls/:callId/close ?
  POST /on-call/calls/:callId/coach ?
  POST /on-call/calls/:callId/code ?
  POST /on-call/calls/:callId/end ?
  BOTH /on-call/calls/:callId/expect ?
  POST /on-call/calls/:callId/link ?
  POST /on-call/calls/:callId/reopen ?
  BOTH /on-call/new

who was told     s   ?    ?     ?      ?            ?      ?     ?    ?            ?   ?       ?    ?        ?     ?
  BOTH /on-call/notices/:noticeId

runs the rota    s   -    -     -      -            -      -     -    -            -   -       +    +        +     -
  BOTH /on-call/rota/add
  POST /on-call/rota/copy ?
  POST /on-call/rota/shifts/:shiftId/remove ?

asks pharmacies  s   -    -     -      -            -      -     +    -            -   -       +    +        +     -
  GET  /workspace/changes
  POST /workspace/changes/:seq/review ?
  GET  /workspace/conflicts
  BOTH /workspace/conflicts/:id ?
  GET  /workspace/holds
  BOTH /workspace/holds/:id ?
  BOTH /workspace/holds/new
  BOTH /workspace/proposals/new
  GET  /workspace/queries
  BOTH /workspace/queries/:id ?
  BOTH /workspace/queries/new

answers for it   s   -    +     +      -            -      +     -    -            -   -       -    -        -     -
  GET  /manage/:odsCode/queries
  BOTH /manage/:odsCode/queries/:id ?
  BOTH /manage/:odsCode/queries/values/:id ?
  GET  /manage/:odsCode/wrong-reports
  POST /manage/:odsCode/wrong-reports/:id ?

workspace        s   -    -     -      -            -      -     +    -            -   -       +    +        +     -
  GET  /workspace
  GET  /workspace/access-requests
  BOTH /workspace/access-requests/:requestId ?
  GET  /workspace/as-told
  GET  /workspace/closures
  GET  /workspace/onboarding
  BOTH /workspace/onboarding/:id ?
  GET  /workspace/place-changes
  BOTH /workspace/place-changes/:id ?
  GET  /workspace/search-tester
  GET  /workspace/wrong-reports
  POST /workspace/wrong-reports/:id ?

edits records    s   -    -     -      -            -      -     +    -            -   -       +    +        +     -
  GET  /workspace/approvals
  BOTH /workspace/approvals/:id ?
  POST /workspace/approvals/:id/choose ?
  POST /workspace/approvals/:id/take-back ?
  GET  /workspace/approvals/:id/try ?
  GET  /workspace/local-services
  GET  /workspace/local-services/:uid ?
  BOTH /workspace/local-services/:uid/owner ?
  POST /workspace/local-services/:uid/review ?
  BOTH /workspace/local-services/new
  GET  /workspace/services
  GET  /workspace/services/:uid ?
  BOTH /workspace/services/:uid/change/:section ?
  BOTH /workspace/services/:uid/check ?
  GET  /workspace/services/:uid/clinical ?
  BOTH /workspace/services/:uid/clinical/ages ?
  BOTH /workspace/services/:uid/clinical/dispositions ?
  BOTH /workspace/services/:uid/clinical/dispositions/add ?
  BOTH /workspace/services/:uid/clinical/genders ?
  BOTH /workspace/services/:uid/clinical/limited-areas ?
  BOTH /workspace/services/:uid/clinical/limited-areas/add ?
  BOTH /workspace/services/:uid/clinical/pairs ?
  BOTH /workspace/services/:uid/clinical/pairs/add ?
  BOTH /workspace/services/:uid/clinical/promoted-areas ?
  BOTH /workspace/services/:uid/clinical/promoted-areas/add ?
  BOTH /workspace/services/:uid/clinical/return-if-open ?
  BOTH /workspace/services/:uid/clinical/roles ?
  BOTH /workspace/services/:uid/clinical/surgeries ?
  BOTH /workspace/services/:uid/clinical/surgeries/add ?
  POST /workspace/services/:uid/discard ?
  GET  /workspace/services/:uid/try ?
  POST /workspace/services/new

reads contacts   s   -    +     +      +            +      +     +    +            +   +       +    +        +     +
  GET  /workspace/contacts
  GET  /workspace/contacts/:areaCode ?
  BOTH /workspace/contacts/:areaCode/wrong ?

works tickets    s   -    -     -      -            -      -     -    -            -   -       +    +        +     -
  GET  /workspace/tickets
  BOTH /workspace/tickets/:number ?
  GET  /workspace/tickets/feedback
  POST /workspace/tickets/feedback/:id ?
  GET  /workspace/tickets/wishlist
  BOTH /workspace/tickets/wishlist/:id ?

decides quality  s   -    -     -      -            -      -     +    -            -   -       +    +        +     -
  BOTH /workspace/quality/:rule/owner ?
  POST /workspace/quality/findings/:findingId/exempt ?
  POST /workspace/quality/findings/:findingId/end-exemption ?

keeps contacts   s   -    -     -      -            -      -     +    -            -   -       +    +        +     -
  BOTH /workspace/contacts/:areaCode/change ?
  POST /workspace/contacts/:areaCode/confirm ?
  GET  /workspace/contact-corrections
  BOTH /workspace/contact-corrections/:id ?

reads reports    s   -    -     -      -            -      -     +    +            +   -       +    +        +     -
  GET  /reports
  GET  /reports/gaps
  GET  /reports/gaps.csv
  GET  /reports/verification
  GET  /reports/verification.csv
  GET  /reports/verification.pdf
  GET  /reports/verification.xlsx
  BOTH /reports/verification/letters/:code ?
  GET  /reports/verification/letters.txt ?
  GET  /reports/verification/late.csv

reads changes    s   -    -     -      -            -      -     +    +            -   -       +    +        +     -
  BOTH /account/daily-email
  GET  /reports/daily-changes
  GET  /reports/daily-changes.csv
  GET  /workspace/quality
  GET  /workspace/quality/:rule ?
  GET  /workspace/quality/:rule/findings.csv ?
  GET  /workspace/quality/drift
  GET  /workspace/quality/drift.csv
  GET  /workspace/quality/findings/:findingId ?
  GET  /workspace/quality/league

searches         s   -    -     -      -            -      -     -    -            -   -       +    +        +     -
  GET  /reports/searches
`

/** What anybody may open and send, signed in or not. Nothing here tells who may act for whom. */
const FOR_ALL = `
  GET  /
  GET  /about
  GET  /accessibility
  GET  /areas/:code
  GET  /areas/:code.ics
  GET  /areas/:code.json
  GET  /areas/:code.rss
  GET  /close/:odsCode
  BOTH /close-without-sign-in
  BOTH /close-without-sign-in/:odsCode
  BOTH /close-without-sign-in/code
  POST /close-without-sign-in/new-code
  BOTH /close-without-sign-in/pharmacy
  GET  /close-without-sign-in/pharmacy/door-notice.pdf
  POST /close-without-sign-in/pharmacy/finish
  POST /close-without-sign-in/pharmacy/reopen
  BOTH /close-without-sign-in/pharmacy/time
  BOTH /closure-emails/:listenerId/:key
  BOTH /confirm-access/:requestId/:key
  GET  /contact
  GET  /cookies
  GET  /help
  BOTH /help/ask
  BOTH /help/feedback
  GET  /help/service-names
  GET  /help/tickets
  BOTH /help/tickets/:number/:key
  GET  /help/what-moved
  GET  /help/wishlist
  POST /help/wishlist/:id/vote
  BOTH /help/wishlist/suggest
  GET  /pharmacies
  GET  /pharmacies/:odsCode
  GET  /pharmacies/:odsCode/print ?
  BOTH /pharmacies/:odsCode/wrong
  GET  /pharmacies/:odsCode.ics
  GET  /pharmacies/:odsCode.json
  GET  /pharmacies/:odsCode.rss
  GET  /policies
  GET  /privacy
  BOTH /sign-in
  GET  /sign-in/again
  POST /sign-in/again
  GET  /sign-in/callback
  BOTH /sign-in/email
  BOTH /sign-in/email/code
  POST /sign-in/email/new-code
  GET  /sign-in/nhsmail
  POST /sign-out
  GET  /signed-out
  GET  /site-map
  GET  /status
  BOTH /verify
  GET  /verify/:reference
`

/** What programs and operators ask: no session is read there, and none of it is a page. */
const WITHOUT_SESSIONS =
  /^\/(\*|\.well-known\/|api\/|app\/|dosapi\/|authentication\/|health\/|metrics$|dos-profile-updater|profile-editor)/

type Answer = '+' | '-' | '?' | 's'
type Who = 'out' | 'none' | Role
type Row = { readonly route: AppRoute; readonly answers: Readonly<Record<string, Answer>> }

const OURS = { odsCode: 'FA002', parentCode: 'PNN00', icbCode: 'QOP' }
const THEIRS = { odsCode: 'FB003', parentCode: 'PMM00', icbCode: 'QHL' }
/** Roles without a scope hold everywhere. */
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
/** There is a version 1; nothing else that is named exists. */
const PARAMETERS: Readonly<Record<string, string>> = { version: '1', id: '999', requestId: '999', invitationId: '999' }

const EVERYBODY: readonly Who[] = ['out', 'none', ...ROLES]
const rows = readRows(EXPECTED)
const forAll = FOR_ALL.trim().split('\n').flatMap(readRoutes)

let db: OpenDb
let started: StartedApp
let routes: readonly AppRoute[]

before(async () => {
  db = await openDb({ ...(await pageDatabase()), log: createLog('error') })
  for (const { odsCode, parentCode, icbCode } of [OURS, THEIRS]) {
    const commissioning = { healthAndWellbeingBoard: null, parentCode, icbCode }
    await storePharmacy(db, aProfile({ odsCode, commissioning }))
  }
  started = await startApp(db)
  routes = routesOf(started.app)
})
after(async () => {
  await started.close()
  await db.close()
})

test('every route is written down in this file, and every route in this file exists', () => {
  const written = [...rows.map(({ route }) => nameOf(route)), ...forAll.map(nameOf)]
  assert.deepEqual(written, [...new Set(written)], 'each once')
  const there = routes.filter(({ pattern }) => !WITHOUT_SESSIONS.test(pattern)).map(nameOf)
  const missing = there.filter((route) => !written.includes(route))
  assert.deepEqual(missing, [], 'Write these routes into test/route-roles.test.ts, with who may do them:')
  const gone = written.filter((route) => !there.includes(route))
  assert.deepEqual(gone, [], 'These routes are gone: take them out of test/route-roles.test.ts')
})

for (const who of EVERYBODY) {
  describe(`${who}`, () => {
    const inScope = who === 'out' ? 'a pharmacy' : 'the pharmacy of their right'
    test(`is answered as written for ${inScope}`, async () =>
      assert.deepEqual(await differences(who, OURS.odsCode), []))
    if (who === 'out' || who === 'none') return
    test(`has ${SCOPES[who] ? 'no' : 'the same'} right at a pharmacy elsewhere`, async () =>
      assert.deepEqual(await differences(who, THEIRS.odsCode), []))
  })
}

test('what is for all is refused to nobody', async () => {
  for (const who of ['out', 'none', 'owner'] as const) {
    for (const route of forAll) {
      // By itself, because signing out is one of them.
      const browser = await visitorAs(who)
      const page = await ask(browser, route, OURS.odsCode)
      if (route.pattern === '/sign-in/nhsmail') continue
      const answer = answerOf(page)
      const isSignIn = ['/sign-in/again', '/help/wishlist/:id/vote'].includes(route.pattern) && who === 'out'
      assert.ok(answer === '+' || answer === '?' || isSignIn, `${who} ${nameOf(route)} answered ${page.status}`)
    }
  }
})

/** What was answered differently from what is written: empty when all is well. */
async function differences(who: Who, odsCode: string): Promise<string[]> {
  const found: string[] = []
  let browser = await visitorAs(who)
  for (const { route, answers } of rows) {
    const isElsewhere = odsCode === THEIRS.odsCode
    const namesPharmacy = route.pattern.includes(':odsCode')
    if (isElsewhere && !namesPharmacy) continue
    const holdsHere = !isElsewhere || (who !== 'out' && who !== 'none' && SCOPES[who] === undefined)
    const expected = holdsHere ? answers[who] : '-'
    const page = await ask(browser, route, odsCode)
    const answer = answerOf(page)
    if (answer !== expected) {
      found.push(
        `${nameOf(route).replace(':odsCode', odsCode)}: ${expected} is written, ${answer} (${page.status}) came`,
      )
    }
    // These end what the others need.
    if (/\/(leave|sign-out-everywhere)$/.test(route.pattern)) browser = await visitorAs(who)
  }
  return found
}

const tokens = new WeakMap<Browser, string>()

/** A browser with this one right, signed in a moment ago, and the token that its forms carry. */
async function visitorAs(who: Who): Promise<Browser> {
  const browser = openBrowser(started.app, BASE_URL)
  if (who !== 'out') {
    const grants = who === 'none' ? [] : [{ role: who, scope: SCOPES[who] ?? '' }]
    await signInAs(browser, { email: `${who}@nhs.example`, name: who, grants }, { db, clock: started.clock })
  }
  const { body } = await browser.open(who === 'out' ? '/sign-in' : '/about')
  tokens.set(browser, /name="_csrf" value="([^"]+)"/.exec(body)?.[1] ?? assert.fail('the page has no form'))
  return browser
}

function ask(browser: Browser, { method, pattern }: AppRoute, odsCode: string): Promise<Page> {
  const path = pattern
    .replace(':odsCode', odsCode)
    .replaceAll(/:(\w+)/g, (_all, name: string) => PARAMETERS[name] ?? 'no-such')
  return browser.ask(path, method === 'POST' ? { _csrf: tokens.get(browser) ?? '' } : undefined)
}

function answerOf(page: Page): Answer | '5xx' {
  if (page.status >= 500) return '5xx'
  if (page.status === 403) return '-'
  if (page.status === 404) return '?'
  return page.status === 303 && /^\/sign-in(\?|$)/.test(page.headers.get('location') ?? '') ? 's' : '+'
}

function readRows(text: string): readonly Row[] {
  const [heading = '', ...lines] = text.trim().split('\n')
  const names = heading.trim().split(/\s+/)
  assert.deepEqual(names, EVERYBODY, 'the grid names everybody')
  let answers: Record<string, Answer> = {}
  return lines.flatMap((line): Row[] => {
    if (line.startsWith('  ')) {
      const isMadeUp = line.endsWith(' ?')
      const cells = Object.entries(answers).map(([who, answer]) => [who, isMadeUp && answer === '+' ? '?' : answer])
      return readRoutes(line.replace(/ \?$/, '')).map((route) => ({ route, answers: Object.fromEntries(cells) }))
    }
    const cells = line.match(/(?<= )[-+?s](?= |$)/g) ?? []
    if (line !== '') assert.equal(cells.length, names.length, `${line} has a cell for each`)
    answers = Object.fromEntries(names.map((name, index) => [name, cells[index] as Answer]))
    return []
  })
}

/** The routes of one line. */
function readRoutes(line: string): readonly AppRoute[] {
  const [verb = '', pattern = ''] = line.trim().split(/\s+/)
  const both = (path: string): AppRoute[] => [
    { method: 'GET', pattern: path },
    { method: 'POST', pattern: path },
  ]
  if (verb === 'BOTH') return both(pattern)
  if (verb === 'GET' || verb === 'POST') return [{ method: verb, pattern }]
  assert.equal(verb, 'EDIT', `${line} begins with GET, POST, BOTH or EDIT`)
  const steps = [pattern, `${pattern}/check`, `${pattern}/conflict`].flatMap(both)
  return [...steps, { method: 'POST', pattern: `${pattern}/discard` }]
}

const nameOf = ({ method, pattern }: AppRoute): string => `${method} ${pattern}`
