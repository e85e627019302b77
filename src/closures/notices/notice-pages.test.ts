/** The pages about notices, in the real app: what they say word by word, and what they never say. */
import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { emailSecrets } from '#src/background.ts'
import { emailJobs } from '#src/emails/email-jobs.ts'
import { type OpenDb, openDb } from '#src/platform/db/open-db.ts'
import { doReadyJobs } from '#src/platform/jobs/worker.ts'
import { createLog } from '#src/platform/log.ts'
import { smtpMailer } from '#src/platform/mail/smtp.ts'
import { loadProfile } from '#src/profiles/load-profiles.ts'
import type { Browser } from '#test/support/browser.ts'
import { openBrowser } from '#test/support/browser.ts'
import { aProfile, aService, NINE_TO_FIVE, USUAL_WEEK } from '#test/support/builders.ts'
import { pageDatabase, testLog } from '#test/support/databases.ts'
import { inputFile } from '#test/support/input-files.ts'
import { type MailServer, startMailServer } from '#test/support/mail-server.ts'
import { AMINA, errorsOf, type Manager, send, startManager, storePharmacy, visible } from '#test/support/manage.ts'
import { issueReceipts } from '#test/support/receipts.ts'
import { shownInPdf } from '#test/support/words-in-files.ts'
import { cancelClosure, closePharmacy, reopenPharmacy } from '../close-pharmacy.ts'
import { loadClosure } from '../closure-records.ts'
import { doorNoticeOf } from './door-notice-pages.ts'
import { doorNoticePdf } from './door-notice-pdf.ts'
import { importSuspensionContacts } from './import-suspension-contacts.ts'
import { TELL_NEARBY, tellNearby } from './tell-nearby.ts'

const NOW = '2026-12-11T10:34:00.000Z'
const PAGE = '/manage/FX123/closures/c1'
const TOLD = '/manage/FX123/closures/who-is-told'
/** What only professionals or the pharmacy may know: each is marked, so that a leak is seen wherever it comes out. */
const PRIVATE = [
  '01632 960777',
  'private@nhs.example',
  'Hill Secret Ltd',
  'Power or IT failure',
  '01632 960 111',
  'Amina',
]
const VIEWER = { email: 'vi@nhs.example', name: 'Vi Viewer', grants: [{ role: 'viewer', scope: 'ods:FX123' }] }

let db: OpenDb
let manager: Manager
let amina: Browser
let mail: MailServer
let mailer: ReturnType<typeof smtpMailer>
let count = 0

before(async () => {
  db = await openDb({ ...(await pageDatabase()), log: testLog })
  const commissioning = { parentCode: null, icbCode: 'QOP', healthAndWellbeingBoard: null }
  manager = await startManager(db, {
    profile: {
      ownerName: PRIVATE[2] ?? null,
      commissioning,
      contact: { phone: '01632 960001', professionalPhone: PRIVATE[0] ?? null, professionalEmail: PRIVATE[1] ?? null },
    },
  })
  await storeNeighbours()
  await manager.memory.ledger.reached(await head())
  amina = await manager.as(AMINA)
  mail = await startMailServer()
  mailer = smtpMailer(mail.url, 'signpost@nhs.example')
  const csv =
    'icb_code,name,email,phone,tell_within_minutes,phone_over_hours\nQOP,Manchester ICB,closures@icb.example,01632 960500,60,24\n'
  await importSuspensionContacts(inputFile('c.csv', csv), { db, clock: manager.clock, progress: () => {} })
})
after(async () => {
  await manager.close()
  await mailer.close()
  await mail.close()
  await db.close()
})
beforeEach(() => manager.clock.set(NOW))

const head = async () =>
  (await db.pool.selectFrom('ledger_head').select('change_seq').executeTakeFirstOrThrow()).change_seq

/** Six pharmacies in a row to the north, of which the second is shut on Fridays and the third is hidden. */
async function storeNeighbours(): Promise<void> {
  const [, , , , , ...weekend] = USUAL_WEEK
  for (let index = 1; index <= 8; index += 1) {
    const odsCode = `FN00${index}`
    const position = {
      latitude: 53.424 + index * 0.01,
      longitude: -2.318,
      easting: 378_940,
      northing: 391_980 + index * 1113,
    }
    const weekly = index === 2 ? [...Array.from({ length: 4 }, () => NINE_TO_FIVE), [], ...weekend] : USUAL_WEEK
    const phone = `01632 96010${index}`
    const lines = [`${index} North Road`, 'Sale']
    const profile = aProfile({
      odsCode,
      name: `Neighbour ${index}`,
      address: { lines, postcode: `M33 ${index}AA`, position },
      contact: { phone, professionalPhone: PRIVATE[0] ?? null },
      weekly,
      ...(index === 3 ? { status: 'hidden' as const } : {}),
    })
    const hours = { weekly, bankHoliday: null, openAllHours: false, specified: {} }
    const service = aService({
      uid: 2_100_000_000 + index,
      odsCode,
      name: `Neighbour ${index}`,
      address: lines,
      postcode: `M33 ${index}AA`,
      phone,
      hours,
      ...position,
    })
    await storePharmacy(db, profile, [service])
  }
}

const deps = () => ({ db, clock: manager.clock, issueReceipts, holidays: () => manager.memory.holidays })

/** Closes the pharmacy as its form does, under an id of its own, and answers with the address of the closure. */
async function close(given: object = {}): Promise<string> {
  for (const { id } of await db.pool.selectFrom('closure').select('id').where('ended_at', 'is', null).execute()) {
    await reopenPharmacy(deps(), 'FX123', id, { actor: 'person:amina@nhs.example' })
    await cancelClosure(deps(), 'FX123', id, { actor: 'person:amina@nhs.example' })
  }
  count += 1
  const id = `n${count}`
  const told = {
    id,
    from: '2026-12-11T10:34',
    until: null,
    services: null,
    reason: PRIVATE[3] ?? '',
    advice: 'Please use <Neighbour 1> & friends',
    filledInBy: 'Amina Khan',
    phone: PRIVATE[4] ?? '',
    ...given,
  }
  const by = { actor: 'person:amina@nhs.example', via: 'profile-manager', askedAt: manager.clock.now() } as const
  const closed = await closePharmacy(deps(), 'FX123', told, by)
  assert.ok(closed.ok, JSON.stringify(closed))
  await manager.memory.ledger.reached(closed.value.seq)
  return PAGE.replace('c1', id)
}

async function sendEmails() {
  const log = createLog('silent')
  const { clock } = manager
  const secrets = emailSecrets(manager.config.secretsPepper)
  const jobs = {
    ...emailJobs({ db, clock, mailer, baseUrl: manager.config.baseUrl, secrets }),
    [TELL_NEARBY]: async (job: Parameters<typeof tellNearby>[1]) => {
      await tellNearby({ db, clock, holidays: manager.memory.holidays }, job)
    },
  }
  mail.answerWith(0)
  const before = mail.arrived.length
  // One after the other: they arrive in the order in which they were sent.
  await doReadyJobs(db, jobs, { log, clock, concurrency: 1 })
  return mail.arrived.slice(before)
}

test('the door notice says what a patient needs, with the five nearest pharmacies that are open', async () => {
  const address = await close()
  const words = visible(await amina.open(`${address}/door-notice`))
  for (const line of [
    'Hill & Sons Sorry, we are closed Closed since 10:34am on Friday 11 December 2026. We do not know yet when we will reopen. Please use <Neighbour 1> & friends',
    'If your prescription is with us and not ready, another pharmacy can ask for it.',
    'Go to 111.nhs.uk or call 111',
    'call 999',
    'Pharmacies nearby that are open now',
    'Neighbour 1 1 North Road, Sale, M33 1AA 0.7 miles from here. Open until 5pm. Phone 01632 960101',
    'Neighbour 7 7 North Road, Sale, M33 7AA 4.8 miles from here.',
    'What is so now: http://localhost:3000/pharmacies/FX123',
  ]) {
    assert.ok(words.includes(line), `${line}\n${words}`)
  }
  assert.deepEqual(
    [...words.matchAll(/Neighbour (\d) \d North/g)].map(([, index]) => index),
    ['1', '4', '5', '6', '7'],
    'not the one that is shut on Fridays, nor the hidden one, and no more than five',
  )
})

test('the PDF has the same words, tagged, with a title and a language, and nothing below 12 point', async () => {
  const address = await close({ until: '2026-12-14T09:00' })
  const answer = await manager.app.inject({
    url: `${address}/door-notice.pdf`,
    headers: { cookie: `signpost-session=${amina.cookie('signpost-session')}` },
  })
  assert.equal(answer.headers['content-type'], 'application/pdf')
  const text = shownInPdf(answer.rawPayload)
  const notice = (await noticeNow(address)) ?? assert.fail()
  const said = [
    notice.title,
    notice.pharmacy,
    ...notice.lead,
    notice.advice ?? assert.fail(),
    ...notice.sections.flatMap(({ heading, lines }) => [heading, ...lines]),
    notice.nearbyHeading,
    notice.nearbyNote,
    ...notice.nearby.flatMap(({ name, lines }) => [name, ...lines]),
    ...notice.foot,
  ]
  assert.equal(notice.nearby.length, 5)
  assert.ok(said.includes('We expect to reopen at 9am on Monday 14 December 2026.'))
  for (const line of said) assert.ok(text.includes(line), `${line}\n${text}`)
  const raw = (await doorNoticePdf(notice, { madeAt: new Date(NOW), compress: false })).toString('latin1')
  assert.match(raw, /\/Lang \(en-GB\)/)
  assert.match(raw, /\/Marked true/)
  assert.match(raw, /\/DisplayDocTitle true/)
  assert.ok(raw.includes('(Hill & Sons: Sorry, we are closed)'), 'its title')
  for (const tag of ['Document', 'H1', 'H2', 'H3', 'P', 'L', 'LI', 'LBody'])
    assert.match(raw, new RegExp(`/S /${tag}\\b`))
  const sizes = [...raw.matchAll(/\/F\d+ ([\d.]+) Tf/g)].map(([, size]) => Number(size))
  assert.ok(sizes.length > 20 && Math.min(...sizes) >= 12, String(sizes))
  assert.equal([...raw.matchAll(/\/Type \/Page\b/g)].length, 1, 'one sheet of paper')
})

test('no value that is not public is on the door notice', async () => {
  const address = await close()
  const page = await amina.open(`${address}/door-notice`)
  const sheet = page.body.slice(page.body.indexOf('signpost-poster__sheet'), page.body.indexOf('</section>'))
  const pdf = JSON.stringify(await noticeNow(address))
  for (const word of PRIVATE) {
    assert.ok(!sheet.includes(word), `${word} on the page`)
    assert.ok(!pdf.includes(word), `${word} in the PDF`)
  }
})

test('a closure of some services, one to come, and one that is over each say so', async () => {
  const some = visible(await amina.open(`${await close({ services: [2_000_000_003] })}/door-notice`))
  assert.match(some, /Sorry, some of our services are not available Minor illness Not available since/)
  assert.match(some, /We are open for everything else\./)
  const planned = await close({ from: '2026-12-14T12:00', until: '2026-12-14T16:00' })
  const coming = visible(await amina.open(`${planned}/door-notice`))
  assert.match(coming, /We will be closed Closed from midday on Monday 14 December 2026\./)
  assert.match(coming, /open when we close Open at midday on Monday 14 December 2026\..*Neighbour 2 2 North Road/)
  const over = await close()
  await reopenPharmacy(deps(), 'FX123', over.split('/').at(-1) ?? '', { actor: 'person:amina@nhs.example' })
  assert.match(visible(await amina.open(`${over}/door-notice`)), /This closure is over.*take it down/)
  assert.equal((await amina.open(`${over}/door-notice.pdf`)).status, 404)
  assert.equal((await amina.open(`${PAGE.replace('c1', 'other')}/door-notice`)).status, 404)
})

test('the page of the notice shows its state, what the area asks, and what to do while the mail server is down', async () => {
  const address = await close({ until: '2026-12-13T11:00' })
  const watched = await amina.open(address)
  assert.match(visible(watched), /Waiting Your ICB, by email/)
  assert.equal(watched.headers.get('refresh'), '2', 'whoever waits for the tick sees it come')
  const before = visible(await amina.open(`${address}/notice`))
  assert.match(before, /Being sent The email to closures@icb\.example leaves within seconds\./)
  assert.match(before, /Manchester ICB wants to know within 1 hour of closing\./)
  assert.match(before, /Phone the ICB too, on 01632 960 500: closures over 24 hours\./)
  assert.match(before, /This closure is one of those that you phone about\./)
  assert.match(before, /by 11:34am on Friday 11 December 2026/)
  mail.answerWith(451)
  const { clock } = manager
  const jobs = emailJobs({ db, clock, mailer, baseUrl: manager.config.baseUrl, secrets: emailSecrets('x') })
  await doReadyJobs(db, jobs, { log: createLog('silent'), clock, concurrency: 1 })
  const down = await amina.open(`${address}/notice`)
  assert.match(visible(down), /Not sent yet We have tried to send it to closures@icb\.example since 10:34am/)
  assert.match(visible(down), /What to do Phone Manchester ICB on 01632 960 500 now/)
  const viewer = await manager.as(VIEWER)
  const readOnly = await viewer.open(`${address}/notice`)
  assert.doesNotMatch(readOnly.body, /try-again|notice\/edit/)
  const again = await amina.submit(down, 'try-again')
  assert.match(visible(again), /We are trying again now/)
  await sendEmails()
  assert.match(visible(await amina.open(`${address}/notice`)), /Sent to closures@icb\.example at 10:34am\./)
})

test('somebody puts the notice into their own words; every version is kept and can be taken away as text', async () => {
  const address = await close({ reason: 'Fire, flood or other damage' })
  const form = await amina.open(`${address}/notice/edit`)
  const wrong = await send(amina, form, 'notice/edit', { 'completed-email': 'nobody', reason: 'x'.repeat(1001) })
  assert.equal(wrong.status, 422)
  assert.deepEqual(Object.keys(errorsOf(wrong)), ['reason', 'completed-email'])
  const same = await send(amina, form, 'notice/edit')
  assert.match(visible(same), /Nothing was changed, so nothing is sent\./)
  const saved = await send(amina, form, 'notice/edit', { reason: 'A burst pipe <above> the dispensary', phone: '' })
  const words = visible(saved)
  assert.match(words, /The notice is changed/)
  assert.match(words, /Still missing: Pharmacy phone number/)
  assert.match(
    words,
    /Version 2: The pharmacy changed: Pharmacy phone number, Reason\. Written on 11 December 2026 at 10:34am by Amina Khan/,
  )
  assert.match(words, /Version 1: The first notice\..*Fire, flood or other damage/)
  const text = (await amina.open(`${address}/notice.txt`)).body
  assert.match(text, /^Reason: A burst pipe <above> the dispensary$/m)
  assert.match(text, /^Pharmacy phone number: Not given yet$/m)
  await reopenPharmacy(deps(), 'FX123', address.split('/').at(-1) ?? '', { actor: 'person:amina@nhs.example' })
  manager.clock.set('2026-12-19T10:34:00Z')
  amina = await manager.as(AMINA)
  const late = await amina.open(`${address}/notice/edit`)
  assert.ok(late.url.pathname.endsWith('/notice'), 'sent back to the notice')
  assert.match(visible(late), /It could be changed until 10:34am on Friday 18 December 2026/)
  manager.clock.set(NOW)
  amina = await manager.as(AMINA)
})

test('a surgery says yes by a button, is told when the pharmacy closes and reopens, and stops by a button', async () => {
  await sendEmails()
  const page = await amina.open(TOLD)
  const wrong = await send(amina, page, '/surgery', { 'surgery-name': '', 'surgery-email': 'x' })
  assert.deepEqual(Object.keys(errorsOf(wrong)), ['surgery-name', 'surgery-email'])
  const added = await send(amina, page, '/surgery', {
    'surgery-name': 'Park Surgery',
    'surgery-email': 'Desk@Park.example',
  })
  assert.match(visible(added), /We have sent an email to ask.*Park Surgery desk@park\.example Waiting for a yes/)
  const twice = await send(amina, page, '/surgery', { 'surgery-name': 'Park', 'surgery-email': 'desk@park.example' })
  assert.deepEqual(errorsOf(twice), { 'surgery-email': 'This address is on the list already' })
  const [asked] = await sendEmails()
  assert.deepEqual(asked?.to, ['desk@park.example'])
  assert.match(
    asked?.mail.text ?? '',
    /Amina Khan gave us this address, so that you get an email when Hill & Sons, M33 7AB \(FX123\) closes/,
  )
  const link = /^http\S+closure-emails\S+$/m.exec(asked?.mail.text ?? '')?.[0] ?? assert.fail()

  const unasked = await close()
  assert.ok(!(await sendEmails()).some(({ to }) => to.includes('desk@park.example')), 'nobody is told before a yes')
  const surgery = openBrowser(manager.app, manager.config.baseUrl)
  assert.equal((await surgery.open(link.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A')))).status, 404)
  const question = await surgery.open(link)
  assert.match(visible(question), /Do you want these emails\?/)
  assert.match(visible(await amina.open(TOLD)), /Waiting for a yes/, 'looking changes nothing')
  const yes = await surgery.open(link, { ...csrfOf(question.body), act: 'yes' })
  assert.match(visible(yes), /You get these emails/)

  await reopenPharmacy(deps(), 'FX123', unasked.split('/').at(-1) ?? '', { actor: 'person:amina@nhs.example' })
  const silent = await sendEmails()
  assert.ok(!silent.some(({ to }) => to.includes('desk@park.example')), 'of a closure it never heard of')
  const address = await close({ until: '2026-12-11T14:00' })
  const id = address.split('/').at(-1) ?? ''
  const closed = (await sendEmails()).find(({ to }) => to.includes('desk@park.example'))?.mail ?? assert.fail()
  assert.equal(closed.subject, 'Hill & Sons, M33 7AB (FX123) is closed')
  for (const line of [
    'From: 10:34am on Friday 11 December 2026',
    'Until: 2pm on Friday 11 December 2026',
    'Advice for patients: Please use <Neighbour 1> & friends',
    'Phone number for professionals, not for patients: 01632 960777',
    'Neighbour 1, 1 North Road, Sale, M33 1AA (0.7 miles). Open until 5pm. Phone 01632 960101',
    'http://localhost:3000/pharmacies/FX123',
    link,
  ]) {
    assert.ok((closed.text ?? '').includes(`\n${line}\n`), `${line}\n${closed.text}`)
  }
  assert.doesNotMatch(closed.text ?? '', /Power or IT failure|01632 960 111/)
  manager.clock.set('2026-12-11T12:00:00Z')
  await reopenPharmacy(deps(), 'FX123', id, { actor: 'person:amina@nhs.example' })
  const open = (await sendEmails()).filter(({ to }) => to.includes('desk@park.example'))
  assert.equal(open.length, 1)
  assert.equal(open[0]?.mail.subject, 'Hill & Sons, M33 7AB (FX123) is open again')
  assert.equal(open[0]?.mail.inReplyTo, closed.messageId)

  const subjects = async () =>
    (await sendEmails()).filter(({ to }) => to.includes('desk@park.example')).map(({ mail }) => mail.subject)
  const sudden = await close({ from: '2026-12-11T12:00' })
  const planned = { from: '2026-12-11T12:30', until: '2026-12-11T16:00', services: null, reason: 'Building work' }
  const by = { actor: 'person:amina@nhs.example', via: 'profile-manager', askedAt: manager.clock.now() } as const
  const quiet = { advice: null, filledInBy: null, phone: null }
  assert.ok((await closePharmacy(deps(), 'FX123', { id: 'later', ...planned, ...quiet }, by)).ok)
  assert.equal((await subjects()).length, 2)
  manager.clock.set('2026-12-11T12:40:00Z')
  await reopenPharmacy(deps(), 'FX123', sudden.split('/').at(-1) ?? '', { actor: 'person:amina@nhs.example' })
  assert.deepEqual(await subjects(), [], 'it is not open: the other closure is in force')
  await reopenPharmacy(deps(), 'FX123', 'later', { actor: 'person:amina@nhs.example' })
  assert.deepEqual(await subjects(), ['Hill & Sons, M33 7AB (FX123) is open again'])
  const stopped = await surgery.open(link, { ...csrfOf((await surgery.open(link)).body), act: 'stop' })
  assert.match(visible(stopped), /You get none of these emails/)
  manager.clock.set(NOW)
  amina = await manager.as(AMINA)
  const again = await send(amina, await amina.open(TOLD), '/surgery', {
    'surgery-name': 'Park',
    'surgery-email': 'desk@park.example',
  })
  assert.deepEqual(errorsOf(again), { 'surgery-email': 'Whoever reads this address wants no more of these emails' })
  await close({ from: '2026-12-11T10:35' })
  assert.ok(!(await sendEmails()).some(({ to }) => to.includes('desk@park.example')))
})

test('a neighbour that asked is told of a pharmacy as near as it chose, and not of itself', async () => {
  const near = await manager.as({
    ...AMINA,
    email: 'n1@nhs.example',
    name: 'Nora',
    grants: [
      { role: 'owner', scope: 'ods:FN001' },
      { role: 'owner', scope: 'ods:FN008' },
    ],
  })
  for (const [code, miles] of [
    ['FN001', '1'],
    ['FN008', '5'],
  ] as const) {
    const page = await near.open(`/manage/${code}/closures/who-is-told`)
    const added = await send(near, page, '/own', { 'pharmacy-email': 'n1@nhs.example', miles })
    assert.match(
      visible(added),
      /You get an email when a pharmacy near you closes.*Said yes/,
      'their own address needs no link',
    )
  }
  await sendEmails()
  await close({ until: '2026-12-11T15:00' })
  const told = (await sendEmails()).filter(({ to }) => to.includes('n1@nhs.example'))
  assert.equal(told.length, 1, 'FN008 is 5.5 miles away and asked for 5')
  assert.doesNotMatch(told[0]?.mail.text ?? '', /^Neighbour 1,/m)
  assert.match(told[0]?.mail.text ?? '', /^Neighbour 4,/m)
  const page = await near.open('/manage/FN001/closures/who-is-told')
  const removed = await near.submit(page, '/remove')
  assert.match(visible(removed), /You get no emails about pharmacies near you/)
})

const csrfOf = (html: string) => ({ _csrf: /name="_csrf" value="([^"]+)"/.exec(html)?.[1] ?? '' })

async function noticeNow(address: string) {
  const closure = await loadClosure(db.pool, address.split('/').at(-1) ?? '')
  const stored = await loadProfile(db.pool, 'FX123')
  assert.ok(closure && stored)
  const { baseUrl } = manager.config
  const parts = { db, baseUrl, services: manager.memory.services, profiles: manager.memory.profiles }
  return doorNoticeOf(parts, { profile: stored.profile, closure, now: manager.clock.now() })
}
