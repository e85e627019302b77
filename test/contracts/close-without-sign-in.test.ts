/** Closing without signing in: what a code opens, and for which pharmacies. The codes: closure-codes.test.ts */
import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { closePharmacy } from '#src/closures/close-pharmacy.ts'
import { type AppRoute, routesOf } from '#test/support/app-routes.ts'
import { type Browser, type Page, signInAs } from '#test/support/browser.ts'
import { FILLED_IN, HOME, startClosureCodeSteps } from '#test/support/closure-code-steps.ts'
import { errorsOf, visible } from '#test/support/manage.ts'
import { issueReceipts } from '#test/support/receipts.ts'
import { BASE_URL } from '#test/support/sign-in-steps.ts'

const steps = await startClosureCodeSteps({ TRUSTED_PROXIES: '1' })
const { db, started, at, browser, aPharmacy, askForCode, enter, comeIn, close, codeInMailbox, mailTo, mailboxOf } =
  steps
const { onPhone } = steps
after(() => steps.stop())

const SESSION = 'signpost-closing'
const publicPage = async (odsCode: string) => visible(await browser().open(`/pharmacies/${odsCode}`))
const isIn = async (visitor: Browser) => (await visitor.ask(`${HOME}/pharmacy`)).status === 200
const anOwner = async (odsCode: string) => {
  const person = {
    email: `owner.${odsCode}@chemist.example`.toLowerCase(),
    grants: [{ role: 'owner', scope: `ods:${odsCode}` }],
  }
  const visitor = browser()
  await signInAs(visitor, person as Parameters<typeof signInAs>[1], { db, clock: started.clock })
  return { visitor, email: person.email }
}

test('a locum closes the pharmacy with a code from its mailbox, gives another time, and opens it again', async () => {
  at(0)
  const odsCode = await aPharmacy()
  const { visitor: owner, email } = await anOwner(odsCode)
  const visitor = browser()
  const start = await visitor.open(HOME)
  const choose = await visitor.submit(start, HOME, { 'ods-code': ` ${odsCode.toLowerCase()} ` })
  const asked = await visitor.submit(choose, `${HOME}/${odsCode}`, { channel: 'mailbox' })
  assert.match(visible(asked), /We sent a code to ph…@nhs\.example \. It works for 10 minutes, in this browser/)
  const form = await enter(visitor, asked, await codeInMailbox(odsCode))
  assert.equal(form.url.href, `${BASE_URL}${HOME}/pharmacy`)
  assert.match(visible(form), /You can use this page until 11:04am/)

  const closed = await close(visitor, form)
  assert.match(visible(closed), /The pharmacy is closed\. NHS 111 has stopped sending people to it/)
  assert.match(
    visible(closed),
    /Closed from 10:34am on Friday 11 December 2026 Expected to open Not known Reason Power or IT failure/,
  )
  const seen = await publicPage(odsCode)
  assert.match(seen, /Closed/)
  assert.match(seen, /Go to Boots on the High Street/)
  const stored = await db.pool.selectFrom('closure').selectAll().where('ods_code', '=', odsCode).execute()
  assert.deepEqual(
    stored.map(({ via, told_by, filled_in_by, phone }) => [via, told_by, filled_in_by, phone]),
    [['code', `mailbox:${odsCode}`, 'Lee Morgan', '07700 900 555']],
  )

  const doorAddress = /href="([^"]*\/door-notice\.pdf\?closure=[^"]*)"/.exec(closed.body)?.[1] ?? ''
  const door = await visitor.ask(doorAddress)
  assert.deepEqual([door.status, door.headers.get('content-type')], [200, 'application/pdf'])
  assert.match((await browser().ask(doorAddress)).headers.get('location') ?? '', /ended=yes$/, 'only with a code')

  at(5)
  const time = await visitor.open(/href="([^"]*\/time\?closure=[^"]*)"/.exec(closed.body)?.[1] ?? '')
  const changed = await visitor.submit(time, `${HOME}/pharmacy/time`, { 'until-when': 'today', 'until-time': '2pm' })
  assert.match(visible(changed), /The time of reopening is changed.*Expected to open 2pm/)

  at(20)
  const open = await visitor.submit(changed, '/reopen')
  assert.match(visible(open), /The closure is over/)
  assert.match(await publicPage(odsCode), /Open until 5pm|Open now/)

  const subjects = ['has another time of reopening', 'was closed', 'was opened again'].map(
    (done) => `Hill & Sons (${odsCode}) ${done}, without signing in`,
  )
  for (const recipient of [email, mailboxOf(odsCode)]) {
    const told = (await mailTo(recipient)).filter(({ subject }) => subject?.endsWith('without signing in'))
    assert.deepEqual(told.map(({ subject }) => subject).sort(), subjects, recipient)
    const first = told.find(({ subject }) => subject?.includes('was closed'))
    assert.match(
      first?.text ?? '',
      /was closed on Friday 11 December 2026 at 10:34am\. It was done without signing in, with a code that we sent to the pharmacy’s shared mailbox/,
    )
    assert.match(first?.text ?? '', /^They gave their name as: “Lee Morgan”$/m)
    assert.match(first?.text ?? '', new RegExp(`^http://localhost:3000/manage/${odsCode}$`, 'm'))
    assert.match(first?.text ?? '', /If this does not look right[\s\S]*If it is open, sign in/)
    const last = told.find(({ subject }) => subject?.includes('opened again'))
    assert.match(last?.text ?? '', /If it is shut, sign in with the link above and close it/)
    assert.doesNotMatch(JSON.stringify(told), /900555|900 555/, 'a number that is not public is in no email')
  }
  const history = visible(await owner.open(`/manage/${odsCode}/history`))
  assert.equal(history.split('Somebody with the pharmacy’s shared mailbox').length - 1, 3)
  const filtered = visible(await owner.open(`/manage/${odsCode}/history?who=keyless`))
  assert.match(filtered, /Somebody with the pharmacy’s shared mailbox/)
  assert.doesNotMatch(visible(await owner.open(`/manage/${odsCode}/history?who=list`)), /Somebody with the pharmacy/)
  const receipts = await db.pool.selectFrom('receipt').select('document').where('ods_code', '=', odsCode).execute()
  assert.match(receipts[0]?.document ?? '', /"submittedBy":"Somebody with the pharmacy’s shared mailbox"/)
  const audit = await db.pool
    .selectFrom('audit')
    .select(['actor', 'action'])
    .where('actor', '=', `mailbox:${odsCode}`)
    .execute()
  assert.ok(audit.some(({ action }) => action === 'enter-closure-code'))

  const left = await visitor.submit(open, '/finish')
  assert.match(visible(left), /This browser can change nothing any more/)
  assert.equal(await isIn(visitor), false)
})

describe('the half hour', () => {
  test('opens no other page and no other pharmacy: every route answers as it answers a stranger', async () => {
    at(0)
    const odsCode = await aPharmacy()
    const other = await aPharmacy()
    const inside = browser()
    await comeIn(inside, odsCode)
    const visitor = browser()
    visitor.setCookie(SESSION, inside.cookie(SESSION) ?? '')
    assert.deepEqual(await differingRoutes(visitor, browser(), odsCode), [])
    const manage = await visitor.ask(`/manage/${odsCode}`)
    assert.deepEqual([manage.status, manage.headers.get('location')], [303, `/sign-in?return=%2Fmanage%2F${odsCode}`])

    // A closure of another pharmacy cannot be named.
    const elsewhere = browser('203.0.113.9')
    const closed = await close(elsewhere, await comeIn(elsewhere, other))
    const id = /name="closure" value="([^"]+)"/.exec(closed.body)?.[1] ?? ''
    const tried = await visitor.open(`${HOME}/pharmacy/reopen`, { _csrf: await tokenOf(visitor), closure: id })
    assert.equal(tried.status, 200)
    assert.match(await publicPage(other), /Closed/)
    const stillClosed = await db.pool.selectFrom('closure').select('ended_at').where('id', '=', id).executeTakeFirst()
    assert.equal(stillClosed?.ended_at, null)
  })

  test('ends after 30 minutes, and a cookie that nobody signed opens nothing', async () => {
    at(0)
    const odsCode = await aPharmacy()
    const visitor = browser()
    const form = await comeIn(visitor, odsCode)
    at(29)
    assert.equal(await isIn(visitor), true)
    at(30)
    const late = await close(visitor, form)
    assert.match(visible(late), /Your 30 minutes are over\. What you did before is saved/)
    assert.equal((await db.pool.selectFrom('closure').selectAll().where('ods_code', '=', odsCode).execute()).length, 0)
    at(0)
    const [token = ''] = (visitor.cookie(SESSION) ?? '').split('.')
    for (const value of [token, `${token}.AAAA`, '.', 'x.y']) {
      const forger = browser()
      forger.setCookie(SESSION, value)
      assert.equal(await isIn(forger), false, value)
    }
  })

  test('asks for what the form lacks, and nothing typed is lost', async () => {
    at(0)
    const visitor = browser()
    const form = await comeIn(visitor, await aPharmacy())
    const empty = { reason: '', 'until-when': '', advice: 'x'.repeat(141), name: ' ', phone: '' }
    const refused = await close(visitor, form, empty)
    assert.equal(refused.status, 422)
    assert.deepEqual(Object.keys(errorsOf(refused)), ['reason', 'until-when', 'advice', 'name', 'phone'])
    assert.match(refused.body, /x{141}/)
    const wrongPhone = await close(visitor, refused, { phone: '123', 'until-when': 'today', 'until-time': '9am' })
    assert.deepEqual(Object.keys(errorsOf(wrongPhone)), ['until-time', 'phone'])
    assert.match(visible(await close(visitor, wrongPhone)), /The pharmacy is closed/)
  })

  test('the button pressed twice is one closure, and an old form closes nothing unseen', async () => {
    at(0)
    const odsCode = await aPharmacy()
    const visitor = browser()
    const form = await comeIn(visitor, odsCode)
    const twice = await Promise.all([close(visitor, form), close(visitor, form)])
    for (const page of twice) assert.match(visible(page), /The pharmacy is closed/)
    assert.equal((await db.pool.selectFrom('closure').selectAll().where('ods_code', '=', odsCode).execute()).length, 1)
    at(3)
    await visitor.submit(twice[0] ?? assert.fail(), '/reopen')
    const old = await close(visitor, form)
    assert.equal(old.status, 422)
    assert.match(errorsOf(old)['reason'] ?? '', /This form was used before/)
    assert.match(visible(await close(visitor, old)), /The pharmacy is closed/)
  })

  test('sees services that are shut and opens them again, and can close all of it beside them', async () => {
    at(0)
    const odsCode = await aPharmacy()
    await closedBefore(odsCode, { services: [await uidOf(odsCode)] })
    const visitor = browser()
    const form = await comeIn(visitor, odsCode)
    assert.match(visible(form), /1 service closed from 9am on Friday 11 December 2026/)
    assert.match(visible(await visitor.submit(form, '/reopen')), /The closure is over/)
    await close(visitor, await visitor.open(`${HOME}/pharmacy`))
    const ends = await db.pool.selectFrom('closure').select('how_ended').where('ods_code', '=', odsCode).execute()
    assert.deepEqual(ends.map(({ how_ended }) => how_ended).sort(), ['reopened', null].sort())
  })

  test('is told what to do where a planned closure is in the way, and cannot touch that one', async () => {
    at(0)
    const odsCode = await aPharmacy()
    await closedBefore(odsCode, { from: '2026-12-14T12:00', until: '2026-12-14T15:00' })
    const visitor = browser()
    const late = { 'until-day': '14', 'until-month': '12', 'until-year': '2026', 'until-other-time': '1pm' }
    const refused = await close(visitor, await comeIn(visitor, odsCode), { 'until-when': 'other', ...late })
    assert.deepEqual(errorsOf(refused), {
      'until-when': 'A closure is planned from midday on Monday 14 December 2026. Say that you reopen then or earlier',
    })
    const [planned] = await db.pool.selectFrom('closure').select('id').where('ods_code', '=', odsCode).execute()
    const form = { _csrf: await tokenOf(visitor), closure: planned?.id ?? '' }
    await visitor.open(`${HOME}/pharmacy/reopen`, form)
    await visitor.open(`${HOME}/pharmacy/time`, { ...form, 'until-when': 'unknown' })
    const [still] = await db.pool.selectFrom('closure').selectAll().where('ods_code', '=', odsCode).execute()
    assert.deepEqual([still?.ended_at, still?.expected_at], [null, '2026-12-14T15:00:00.000Z'])
    const day = { 'until-day': '14', 'until-month': '12', 'until-year': '2026', 'until-other-time': '11:30am' }
    assert.match(visible(await close(visitor, refused, { 'until-when': 'other', ...day })), /The pharmacy is closed/)
  })

  test('reopens what somebody signed in has closed', async () => {
    at(0)
    const odsCode = await aPharmacy()
    const [one, two] = [browser(), browser('203.0.113.7')]
    await close(one, await comeIn(one, odsCode))
    await db.pool
      .updateTable('closure')
      .set({ told_by: 'person:a@b.example' })
      .where('ods_code', '=', odsCode)
      .execute()
    const page = await comeIn(two, odsCode)
    assert.match(visible(await two.submit(page, '/reopen')), /The closure is over/)
    const gone = await one.open(`${HOME}/pharmacy`)
    assert.match(visible(gone), /Close the pharmacy now/)
  })
})

describe('who may be closed', () => {
  const refusals = [
    ['hidden', { status: 'hidden' }, 404, /We cannot find that pharmacy/],
    ['closed for good', { status: 'closed' }, 409, /This pharmacy has closed for good/],
    ['distance selling', { kind: 'distance-selling' }, 409, /An online pharmacy cannot be closed here/],
  ] as const
  for (const [what, given, status, words] of refusals) {
    test(`not one that is ${what}`, async () => {
      at(0)
      const odsCode = await aPharmacy(given)
      const page = await browser().open(`/close/${odsCode}`)
      assert.equal(page.status, status)
      assert.match(visible(page), words)
      const visitor = browser()
      const token = /name="_csrf" value="([^"]+)"/.exec((await visitor.open(HOME)).body)?.[1] ?? ''
      const sent = await visitor.open(`${HOME}/${odsCode}`, { _csrf: token, channel: 'mailbox' })
      assert.equal(sent.status, status)
      assert.equal(
        (await db.pool.selectFrom('closure_code').selectAll().where('ods_code', '=', odsCode).execute()).length,
        0,
      )
    })
  }

  test('not the training pharmacy', async () => {
    const page = await browser().open('/close/TRAIN')
    assert.deepEqual([page.status, /training pharmacy cannot be closed/.test(visible(page))], [409, true])
  })

  test('one that was hidden since the code is closed to the half hour too', async () => {
    at(0)
    const odsCode = await aPharmacy()
    const visitor = browser()
    await comeIn(visitor, odsCode)
    await db.pool
      .updateTable('profile')
      .set({ document: JSON.stringify({ ...(await documentOf(odsCode)), status: 'closed' }) })
      .where('ods_code', '=', odsCode)
      .execute()
    assert.equal(await isIn(visitor), false)
  })

  test('one that is hidden is told from none by nobody', async () => {
    at(0)
    const hidden = await aPharmacy({ status: 'hidden' })
    const anonymous = ({ body }: Page, odsCode: string) =>
      body.replaceAll(odsCode, 'CODE').replaceAll(/nonce="[^"]+"|name="_csrf" value="[^"]+"/g, '')
    for (const way of ['short', 'form'] as const) {
      const [one, other] = await Promise.all(
        [hidden, 'FZZZZ'].map(async (odsCode) => {
          const visitor = browser()
          const page =
            way === 'short'
              ? await visitor.open(`/close/${odsCode}`)
              : await visitor.submit(await visitor.open(HOME), HOME, { 'ods-code': odsCode })
          return `${page.status} ${anonymous(page, odsCode)}`
        }),
      )
      assert.equal(one, other, way)
    }
  })

  test('what is not public makes no difference until a code is asked for', async () => {
    at(0)
    const all = await aPharmacy()
    const none = await aPharmacy({ contact: { phone: '01632 960001' } })
    const anonymous = ({ body }: Page, odsCode: string) =>
      body.replaceAll(odsCode, 'CODE').replaceAll(/nonce="[^"]+"|name="_csrf" value="[^"]+"/g, '')
    const [one, other] = [await browser().open(`/close/${all}`), await browser().open(`/close/${none}`)]
    assert.equal(anonymous(one, all), anonymous(other, none))
    const visitor = browser()
    for (const channel of ['mailbox', 'text-professional', 'call-professional']) {
      const page = await askForCode(visitor, none, channel)
      assert.deepEqual(
        [page.status, errorsOf(page)],
        [422, { channel: 'We have none on record for this pharmacy. Select another way' }],
      )
    }
  })

  test('a premium-rate number is offered to nobody and never called', async () => {
    at(0)
    const odsCode = await aPharmacy({ contact: { phone: '0909 879 0001', professionalPhone: '0909 879 0002' } })
    const visitor = browser()
    const page = await visitor.open(`/close/${odsCode}`)
    assert.doesNotMatch(page.body, /value="call-public"/)
    const forced = await askForCode(visitor, odsCode, 'call-public')
    assert.deepEqual(errorsOf(forced), { channel: 'Select where we should send the code' })
    assert.equal((await askForCode(visitor, odsCode, 'call-professional')).status, 422)
    assert.deepEqual(await onPhone(), [], 'nor is any other number rung in this file')
  })
})

for (const [typed, message] of [
  ['', 'Enter an ODS code'],
  ['FA0', 'ODS code must be 5 letters and numbers, like FA002'],
  ['<b>FA</b>', 'ODS code must be 5 letters and numbers, like FA002'],
  ['FZZZZ', 'No pharmacy in this directory has the ODS code FZZZZ'],
] as const) {
  test(`the ODS code ${JSON.stringify(typed)}: ${message}`, async () => {
    const visitor = browser()
    const page = await visitor.submit(await visitor.open(HOME), HOME, { 'ods-code': typed })
    assert.deepEqual([page.status, errorsOf(page)], [422, { 'ods-code': message }])
  })
}

/** Every route that answers one browser otherwise than the other. What is busy for one of them is asked again. */
async function differingRoutes(one: Browser, other: Browser, odsCode: string): Promise<string[]> {
  const routes = routesOf(started.app).filter(({ pattern }) => !pattern.startsWith(`${HOME}/pharmacy`))
  assert.ok(routes.length > 150, 'the routes were read')
  const tokens = new Map([
    [one, await tokenOf(one)],
    [other, await tokenOf(other)],
  ])
  const answer = async (who: Browser, { method, pattern }: AppRoute): Promise<string> => {
    const path = pattern.replace(':odsCode', odsCode).replaceAll(/:(\w+)|\*/g, 'no-such')
    const form = method === 'POST' ? { _csrf: tokens.get(who) ?? '' } : undefined
    const page = await who.ask(path, form)
    const { status, headers } = page.status === 503 ? await who.ask(path, form) : page
    return `${status} ${headers.get('location') ?? ''}`
  }
  const differing: string[] = []
  for (const route of routes) {
    const [mine, theirs] = [await answer(one, route), await answer(other, route)]
    if (mine !== theirs) differing.push(`${route.method} ${route.pattern}: ${mine}, another ${theirs}`)
  }
  return differing
}

/** A closure that somebody signed in told at 9am. */
async function closedBefore(odsCode: string, given: Partial<Parameters<typeof closePharmacy>[2]>): Promise<void> {
  const told = {
    id: `before-${odsCode}`,
    from: '2026-12-11T09:00',
    until: null,
    services: null,
    reason: 'Building work',
    advice: null,
    filledInBy: null,
    phone: null,
    ...given,
  }
  const holidays = started.memory.holidays
  const deps = { db, clock: started.clock, holidays: () => holidays, issueReceipts }
  const by = { actor: 'person:amina@nhs.example', via: 'profile-manager', askedAt: started.clock.now() } as const
  const closed = await closePharmacy(deps, odsCode, told, by)
  assert.ok(closed.ok)
  await started.memory.ledger.reached(closed.value.seq)
}

const uidOf = async (odsCode: string): Promise<number> =>
  (await db.pool.selectFrom('service').select('uid').where('ods_five', '=', odsCode).executeTakeFirstOrThrow()).uid

async function tokenOf(visitor: Browser): Promise<string> {
  const { body } = await visitor.open(HOME)
  return /name="_csrf" value="([^"]+)"/.exec(body)?.[1] ?? assert.fail('the page has no form')
}

async function documentOf(odsCode: string): Promise<object> {
  const row = await db.pool
    .selectFrom('profile')
    .select('document')
    .where('ods_code', '=', odsCode)
    .executeTakeFirstOrThrow()
  return row.document as object
}

test('the form that the tests fill in is one that the page shows', async () => {
  at(0)
  const visitor = browser()
  const { body } = await comeIn(visitor, await aPharmacy())
  for (const name of Object.keys(FILLED_IN)) assert.match(body, new RegExp(`name="${name}"`))
})
