/** A call from beginning to end on the real app, what everybody is sent, and everything that must not work. */
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import type { Db } from '#src/platform/db/db.ts'
import { doReadyJobs } from '#src/platform/jobs/worker.ts'
import { commitProfiles } from '#src/profiles/commit-profiles.ts'
import { loadProfile, loadServicesOf } from '#src/profiles/load-profiles.ts'
import type { Profile } from '#src/profiles/profile.ts'
import { codeIn, MAILBOX, postOffice } from '#test/support/access.ts'
import type { Browser, Page } from '#test/support/browser.ts'
import { onDatabases, testLog } from '#test/support/databases.ts'
import { fixedClock } from '#test/support/fixed-clock.ts'
import { AMINA, errorsOf, startManager, visible } from '#test/support/manage.ts'
import { blotCallbacks } from './call-store.ts'
import { deskJobs } from './desk-jobs.ts'

const KOFI = { email: 'kofi@nhs.example', name: 'Kofi Mensah', grants: [{ role: 'on-call', scope: '' }] }
const LENA = { email: 'lena@nhs.example', name: 'Lena Fox', grants: [{ role: 'on-call', scope: '' }] }
const FIONA = { email: 'fiona@nhs.example', name: 'Fiona Walsh', grants: [{ role: 'desk', scope: '' }] }
const IVY = { email: 'ivy@nhs.example', name: 'Ivy Stone', grants: [{ role: 'lead', scope: 'area:QOP' }] }
const JON = { email: 'jon@nhs.example', name: 'Jon Elsewhere', grants: [{ role: 'lead', scope: 'area:QHL' }] }

const PROFILE: Partial<Profile> = {
  ownerName: 'Brown Chemists Ltd',
  contact: { phone: '01632 960001', professionalPhone: '01632 960777', professionalEmail: MAILBOX },
  commissioning: { parentCode: null, icbCode: 'QOP', healthAndWellbeingBoard: null },
}
const FACTS: Readonly<Record<string, string>> = {
  'fact-professional-phone': '0777',
  'fact-professional-email': MAILBOX,
  'fact-owner-name': 'brown chemists',
  'fact-member-name': 'Amina Khan',
}
/** Friday 11 December 2026, 8:15pm. */
const EVENING = '2026-12-11T20:15:00Z'
const CALLER = { 'caller-name': 'Sam Lee', callback: '07700 900 333', pharmacy: 'FX123', do: 'take' }

/** The app with people signed in; it stops with the test, however that ends. */
async function desk(t: TestContext, db: Db, profile: Partial<Profile> = PROFILE) {
  const clock = fixedClock(EVENING)
  const manager = await startManager(db, { profile, clock })
  t.after(() => manager.close())
  const open = postOffice(db, clock, { baseUrl: manager.config.baseUrl, pepper: manager.config.secretsPepper })
  // Whoever is told has signed in before.
  for (const person of [AMINA, FIONA, IVY, LENA]) await manager.as(person)
  const kofi = await manager.as(KOFI)
  return {
    manager,
    clock,
    kofi,
    emails: open,
    jobs: () => doReadyJobs(db, deskJobs({ db, clock }), { log: testLog, clock }),
  }
}

async function coachedCall(kofi: Browser): Promise<Page> {
  const call = await kofi.submit(await kofi.open('/on-call/new'), '/on-call/new', CALLER)
  assert.match(visible(call), /Help them to do it themselves/)
  return await kofi.submit(call, '/coach', { tried: 'no', 'why-not': 'Cannot read the shared mailbox' })
}

/** The answers to the questions that a page asks. */
function answersTo(page: Page, change: (words: string) => string = (words) => words): Record<string, string> {
  const asked = Object.keys(FACTS).filter((name) => page.body.includes(`name="${name}"`))
  assert.equal(asked.length, 2, 'two questions are asked')
  return Object.fromEntries(asked.map((name) => [name, change(FACTS[name] ?? '')]))
}
const sendFacts = (browser: Browser, page: Page, said: Record<string, string>) => {
  const form = /name="_csrf" value="([^"]+)"/.exec(page.body)?.[1] ?? ''
  return browser.open(`${page.url.pathname.replace(/\/(challenge|coach)$/, '')}/challenge`, {
    _csrf: form,
    how: 'facts',
    ...said,
  })
}

async function actingCall(kofi: Browser): Promise<Page> {
  const asked = await coachedCall(kofi)
  const proved = await sendFacts(kofi, asked, answersTo(asked))
  return await kofi.submit(proved, '/acting', { reason: 'A burst pipe, and the mailbox is out of reach', review: '2' })
}

async function close(kofi: Browser, page: Page): Promise<Page> {
  const form = await kofi.open(`${page.url.pathname}/close`)
  return await kofi.submit(form, '/close', { since: 'now', until: 'unknown', reason: 'Fire, flood or other damage' })
}

onDatabases(['postgres'], (_kind, openDb) => {
  test('a caller who answers two questions has the pharmacy closed, and everybody concerned is told and acknowledges', async (t) => {
    const db = await openDb()
    const { manager, clock, kofi, emails, jobs } = await desk(t, db)
    const acting = await actingCall(kofi)
    assert.match(acting.body, /signpost-acting[\s\S]*Hill &amp; Sons \(FX123\)[\s\S]*A burst pipe/)
    assert.match((await kofi.open('/')).body, /signpost-acting/, 'the banner is on every page')
    const done = await close(kofi, acting)
    assert.match(
      visible(done),
      /Read this out “I have told 111 and the public page that Hill & Sons has been closed since Friday 11 December 2026 at 8:15pm, because: fire, flood or other damage/,
    )
    const services = await loadServicesOf(db.pool, 'FX123')
    const alive = services.filter(({ record }) => record.status === 'ACTIVE')
    assert.ok(alive.length > 2 && alive.every(({ record }) => record.closures?.length === 1), 'each service is closed')
    const told = (await emails()).filter(({ subject }) => subject.startsWith('The emergency desk acted'))
    assert.deepEqual(told.map(({ recipient }) => recipient).sort(), [AMINA.email, FIONA.email, IVY.email])
    const own = told.find(({ recipient }) => recipient === AMINA.email)?.body ?? ''
    assert.match(
      own,
      /Closed since Friday 11 December 2026 at 8:15pm\. It is not known when it reopens\. Reason: Fire, flood or other damage\./,
    )
    assert.match(own, /Done by: Kofi Mensah\nWhy they acted: “A burst pipe, and the mailbox is out of reach”/)
    assert.doesNotMatch(
      told.map(({ body }) => body).join(),
      /07700 900 333|Sam Lee|960777/,
      'no callback number, caller or private fact',
    )
    const link = new URL(/^(http\S+\/on-call\/notices\/\d+)$/m.exec(own)?.[1] ?? assert.fail(own)).pathname

    const amina = await manager.as(AMINA)
    const seen = await amina.submit(await amina.open(link), '/on-call/notices/', {})
    assert.match(visible(seen), /Acknowledged Amina Khan, 11 December 2026 at 8:15pm/)
    assert.equal((await (await manager.as(JON)).ask(link)).status, 404, 'it is not for others')
    assert.match(visible(await kofi.open(acting.url.pathname)), /Owners Acknowledged/)

    clock.set('2026-12-12T00:16:00Z')
    await jobs()
    const reminders = (await emails()).filter(({ subject }) => subject.startsWith('Reminder: '))
    assert.deepEqual(reminders.map(({ recipient }) => recipient).sort(), [FIONA.email, IVY.email])
    await jobs()
    assert.deepEqual(
      (await emails()).filter(({ subject }) => subject.startsWith('Reminder: ')),
      [],
      'once',
    )
  })

  test('a code from the shared mailbox proves the caller, and reopening and another time go the same way', async (t) => {
    const db = await openDb()
    const { kofi, emails } = await desk(t, db)
    const asked = await coachedCall(kofi)
    const sent = await kofi.submit(asked, '/code', {})
    const [email] = (await emails()).filter(({ recipient }) => recipient === MAILBOX)
    const proved = await kofi.submit(sent, '/challenge', {
      how: 'code',
      code: codeIn(email ?? assert.fail('no email')),
    })
    assert.match(visible(proved), /Why do you act for the pharmacy/)
    const closed = await close(kofi, await kofi.submit(proved, '/acting', { reason: 'Power cut', review: 'desk' }))
    const expect = /href="([^"]*\/expect\?closure=[^"]+)"/.exec(closed.body)?.[1] ?? assert.fail(visible(closed))
    const later = await kofi.submit(await kofi.open(expect), '/expect', {
      until: 'known',
      'until-day': '12',
      'until-month': '12',
      'until-year': '2026',
      'until-time': '9am',
    })
    assert.match(visible(later), /It will show as open again from Saturday 12 December 2026 at 9am/)
    const reopened = await kofi.submit(later, '/reopen', {})
    assert.match(visible(reopened), /Hill & Sons is open again, by its usual hours/)
    const ended = await kofi.submit(reopened, '/end', {})
    assert.match(visible(ended), /Acted for the pharmacy/)
    assert.doesNotMatch((await kofi.open('/')).body, /signpost-acting/)
    const vias = await db.pool.selectFrom('closure').select(['via', 'told_by', 'filled_in_by', 'phone']).execute()
    const filledIn = { filled_in_by: 'Sam Lee, by telephone to Kofi Mensah', phone: '01632 960 150' }
    assert.deepEqual(vias, [{ via: 'desk', told_by: `person:${KOFI.email}`, ...filledIn }])
  })

  test('wrong answers are counted, never explained, and stop the call and the day; nothing private is on any page', async (t) => {
    const db = await openDb()
    const { kofi } = await desk(t, db)
    let page = await coachedCall(kofi)
    const asked = answersTo(page)
    for (const left of [2, 1]) {
      page = await sendFacts(
        kofi,
        page,
        answersTo(page, () => 'nonsense'),
      )
      assert.equal(errorsOf(page)['facts'], 'That is not right. Do not say what was wrong. Ask again')
      assert.match(visible(page), left === 1 ? /has 1 try left/ : /has 2 tries left/)
      assert.deepEqual(answersTo(page), asked, 'the same questions as before')
      const withoutRandomIds = page.body.replaceAll(/[\w+/-]{20,}/g, '')
      assert.doesNotMatch(withoutRandomIds, /0777/)
      assert.doesNotMatch(page.body, /Brown|pharmacy\.fx123|Amina|nonsense/i)
    }
    page = await sendFacts(kofi, page, { ...asked, [Object.keys(asked)[0] ?? '']: 'half right' })
    assert.match(visible(page), /Do not act for this pharmacy/)
    assert.match(errorsOf(await sendFacts(kofi, page, asked))['facts'] ?? '', /too many wrong answers/i)
    let again = await coachedCall(kofi)
    for (let wrong = 0; wrong < 2; wrong++)
      again = await sendFacts(
        kofi,
        again,
        answersTo(again, () => 'x'),
      )
    assert.match(visible(again), /Do not act for this pharmacy/, 'another call is no way round')
    const attempts = await db.pool.selectFrom('on_call_attempt').selectAll().execute()
    assert.equal(attempts.length, 5)
    const acting = await kofi.submit(again, '/end', { outcome: 'not-proved' })
    assert.match(visible(acting), /Did not show who they are/)
  })

  test('nobody acts before the caller has shown who they are, nor in another’s call', async (t) => {
    const db = await openDb()
    const { manager, kofi } = await desk(t, db)
    const asked = await coachedCall(kofi)
    const token = /name="_csrf" value="([^"]+)"/.exec(asked.body)?.[1] ?? ''
    const tried = await kofi.open(`${asked.url.pathname}/acting`, { _csrf: token, reason: 'x', review: '1' })
    assert.equal(tried.status, 403)
    assert.equal((await kofi.ask(`${asked.url.pathname}/close`)).status, 403)
    await sendFacts(kofi, asked, answersTo(asked))
    await kofi.submit(await kofi.open(asked.url.pathname), '/acting', { reason: 'Power cut', review: '1' })
    const lena = await manager.as(LENA)
    assert.equal((await lena.ask(`${asked.url.pathname}/close`)).status, 403)
    assert.equal((await (await manager.as(JON)).ask(asked.url.pathname)).status, 403, 'a lead of another area')
    assert.equal((await (await manager.as(IVY)).ask(asked.url.pathname)).status, 200)
  })

  test('in office hours the caller is sent to the service desk, and a call is taken only with a reason', async (t) => {
    const db = await openDb()
    const { manager, clock, kofi } = await desk(t, db)
    clock.set('2026-12-14T10:34:00Z')
    const day = await manager.as(KOFI)
    const form = await day.open('/on-call/new')
    assert.match(visible(form), /Send the caller to the service desk It is open until 5pm today: 01632 960 150/)
    const refused = await day.submit(form, '/on-call/new', CALLER)
    assert.deepEqual(errorsOf(refused), {
      'override-reason': 'Enter why you take the call although the service desk is open',
    })
    const sent = await day.submit(form, '/on-call/new', { 'caller-name': 'Sam Lee', pharmacy: 'FX123', do: 'sent' })
    assert.match(visible(sent), /Sent to the service desk/)
    const byName = await day.submit(form, '/on-call/new', {
      ...CALLER,
      pharmacy: 'hill & s',
      'override-reason': 'Its line is down',
    })
    assert.match(visible(byName), /Which pharmacy is it\? .*Hill & Sons \(FX123\) 1 High Street, Sale, M33 7AB/)
    const taken = await day.submit(byName, '/on-call/new', { pick: 'FX123', do: 'take' })
    assert.match(visible(taken), /Taken in office hours, because Its line is down/)
    const bad = await day.submit(form, '/on-call/new', {
      do: 'take',
      callback: 'no',
      pharmacy: 'zzzz',
      'override-reason': 'x',
    })
    assert.deepEqual(Object.keys(errorsOf(bad)), ['caller-name', 'callback'])
    assert.ok(kofi)
  })

  test('the link goes to the shared mailbox once, and a pharmacy without one or without private facts says so', async (t) => {
    const db = await openDb()
    const { kofi, emails } = await desk(t, db)
    const call = await kofi.submit(await kofi.open('/on-call/new'), '/on-call/new', CALLER)
    await kofi.submit(await kofi.submit(call, '/link', {}), '/link', {})
    const links = (await emails()).filter(({ subject }) => subject.startsWith('Say that'))
    assert.deepEqual(
      links.map(({ recipient }) => recipient),
      [MAILBOX],
    )
    assert.match(links[0]?.body ?? '', /^http\S+\/closed-now$/m)
    await db.transact(async (tx) => {
      const before = (await loadProfile(tx, 'FX123')) ?? assert.fail()
      const profile = { ...before.profile, ownerName: null, contact: { phone: '01632 960001' } }
      const context = {
        actor: 'command:import',
        action: 'import',
        recordedAt: EVENING,
        decides: false,
        onMeeting: 'keep',
      } as const
      await commitProfiles(tx, [{ before, profile, sections: before.sections }], context)
    })
    const bare = await kofi.submit(await kofi.open(call.url.pathname), '/coach', {
      tried: 'yes',
      'why-not': 'Another reason',
    })
    assert.match(visible(bare), /does not hold what the questions need: .+\. You cannot act for it/)
  })

  test('at the review whoever is on call then is asked, and after 10 minutes the second', async (t) => {
    const db = await openDb()
    const { manager, clock, kofi, emails, jobs } = await desk(t, db)
    const rota = [
      [KOFI.email, 'first', '2026-12-11T17:00:00Z', '2026-12-11T22:00:00Z'],
      [LENA.email, 'first', '2026-12-11T22:00:00Z', '2026-12-14T08:00:00Z'],
      [KOFI.email, 'second', '2026-12-11T22:00:00Z', '2026-12-14T08:00:00Z'],
    ] as const
    for (const [email, place, starts_at, ends_at] of rota) {
      await db.pool
        .insertInto('on_call_shift')
        .values({
          email,
          place,
          starts_at,
          ends_at,
          phone: '07700 900 001',
          made_at: EVENING,
          made_by: 'system:test',
        })
        .execute()
    }
    const acting = await close(kofi, await actingCall(kofi))
    const asked = async () =>
      (await emails()).filter(({ subject }) => subject.startsWith('Look again')).map(({ recipient }) => recipient)
    clock.set('2026-12-11T22:14:00Z')
    await jobs()
    assert.deepEqual(await asked(), [], 'not yet')
    clock.set('2026-12-11T22:15:00Z')
    await jobs()
    assert.deepEqual(await asked(), [LENA.email])
    const later = await manager.as(KOFI)
    assert.match(visible(await later.open('/on-call')), /Look again now Hill & Sons/)
    clock.set('2026-12-11T22:25:00Z')
    await jobs()
    assert.deepEqual(await asked(), [KOFI.email])
    const page = acting.url.pathname.replace(/\?.*/, '')
    const lena = await manager.as(LENA)
    assert.match(visible(await lena.submit(await lena.open(page), '/review', { do: 'take' })), /Lena Fox has it/)
    await lena.submit(await lena.open(page), '/review', { do: 'done' })
    assert.doesNotMatch(visible(await later.open('/on-call')), /Look again now/)
  })

  test('in office hours the service desk is asked to look again, and can say that it is settled', async (t) => {
    const db = await openDb()
    const { manager, clock, kofi, emails, jobs } = await desk(t, db)
    const asked = await coachedCall(kofi)
    const proved = await sendFacts(kofi, asked, answersTo(asked))
    const call = await close(kofi, await kofi.submit(proved, '/acting', { reason: 'Power cut', review: 'desk' }))
    clock.set('2026-12-14T08:00:00Z')
    await jobs()
    const reviews = (await emails()).filter(({ subject }) => subject.startsWith('Look again'))
    assert.deepEqual(
      reviews.map(({ recipient }) => recipient),
      [FIONA.email],
    )
    const fiona = await manager.as(FIONA)
    const page = await fiona.open(call.url.pathname)
    assert.match(visible(page), /Look again now Due 14 December 2026 at 8am/)
    assert.doesNotMatch(visible(page), /End the call/, 'the desk does not act')
    const settled = await fiona.submit(page, '/review', { do: 'done' })
    assert.match(visible(settled), /Nobody needs to look at this again/)
  })

  test('an act that was cut short after its change is told of all the same, and one that never happened is not', async (t) => {
    const db = await openDb()
    const { clock, kofi, emails, jobs } = await desk(t, db)
    const acting = await close(kofi, await actingCall(kofi))
    await db.pool.updateTable('on_call_act').set({ done_at: null }).execute()
    await db.pool.deleteFrom('on_call_notice').execute()
    await db.pool.deleteFrom('job').where('queue', '=', 'email').execute()
    const { id, call_id, actor } = await db.pool.selectFrom('on_call_act').selectAll().executeTakeFirstOrThrow()
    const never = { call_id, actor, begun_at: EVENING, what: 'reopen', closure_id: 'none' }
    await db.pool.insertInto('on_call_act').values(never).execute()
    clock.set('2026-12-11T20:18:00Z')
    await jobs()
    assert.equal((await emails()).filter(({ subject }) => subject.startsWith('The emergency desk acted')).length, 3)
    const done = await db.pool.selectFrom('on_call_act').select('id').where('done_at', 'is not', null).execute()
    assert.deepEqual(done, [{ id }])
    assert.ok(acting)
  })

  test('the rota is kept by the service desk, shows its gaps, is copied a week on, and hands over', async (t) => {
    const db = await openDb()
    const { manager, kofi } = await desk(t, db)
    const fiona = await manager.as(FIONA)
    assert.match(visible(await kofi.open('/on-call')), /Nobody is on call now/)
    assert.match(
      visible(await fiona.open('/on-call/rota')),
      /The rota of the next 4 weeks is not complete Nobody is on call/,
    )
    const form = await fiona.open('/on-call/rota/add')
    const empty = await fiona.submit(form, '/rota/add', {})
    assert.deepEqual(Object.keys(errorsOf(empty)), [
      'person',
      'phone',
      'place',
      'from-day',
      'from-time',
      'to-day',
      'to-time',
    ])
    const shift = {
      person: KOFI.email,
      phone: '07700900121',
      place: 'first',
      'from-day': '7',
      'from-month': '12',
      'from-year': '2026',
      'from-time': '8am',
      'to-day': '14',
      'to-month': '12',
      'to-year': '2026',
      'to-time': '8am',
    }
    const added = await fiona.submit(form, '/rota/add', shift)
    assert.match(
      visible(added),
      /Monday 7 December, 8am to Monday 14 December, 8am First: Kofi Mensah, 07700 900 121 Now/,
    )
    const copied = await fiona.submit(await fiona.submit(added, '/rota/copy', {}), '/rota/copy', {})
    assert.equal(visible(copied).match(/Kofi Mensah, 07700/g)?.length, 2, 'copied twice it is there once')
    assert.match(visible(copied), /Bank holiday Friday 25 December 2026: Christmas Day/)
    assert.match(visible(await kofi.open('/on-call')), /First on call Kofi Mensah, 07700 900 121/)
    const noted = await kofi.submit(await kofi.open('/on-call/rota'), '/rota/notes', {
      note: 'Phones in Sale are down',
    })
    assert.match(visible(noted), /Nobody has read it yet/)
    const lena = await manager.as(LENA)
    assert.match(visible(await lena.open('/on-call')), /Handed over by Kofi Mensah/)
    const read = await lena.submit(await lena.open('/on-call/rota'), '/read', {})
    assert.match(visible(read), /Read by Lena Fox, 11 December 2026 at 8:15pm/)
    const removed = await fiona.submit(await fiona.open('/on-call/rota'), '/remove', {})
    assert.equal(visible(removed).match(/Kofi Mensah, 07700/g)?.length, 1)
  })

  test('calls are found by pharmacy and date, and callback numbers are blotted out', async (t) => {
    const db = await openDb()
    const { kofi } = await desk(t, db)
    const call = await coachedCall(kofi)
    const found = async (query: string) => visible(await kofi.open(`/on-call/history?${query}`))
    assert.match(await found('pharmacy=hill'), /1 call Hill & Sons \(FX123\) Call 1 from Sam Lee/)
    assert.match(await found('pharmacy=FX999'), /0 calls/)
    assert.match(await found('from-day=12&from-month=12&from-year=2026'), /0 calls/)
    assert.match(await found('to-day=11&to-month=12&to-year=2026'), /1 call /)
    assert.match(await found('to-day=40&to-month=12&to-year=2026'), /There is a problem/)
    assert.match(visible(await kofi.open(call.url.pathname)), /07700 900 333/)
    await blotCallbacks(db.pool, new Date('2026-12-11T20:15:00Z'))
    assert.match(visible(await kofi.open(call.url.pathname)), /07700 900 333/, 'not before its time')
    await blotCallbacks(db.pool, new Date('2026-12-11T20:15:01Z'))
    assert.match(visible(await kofi.open(call.url.pathname)), /Ring back on Not kept/)
  })
})
