import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import writeExcelFile from 'write-excel-file/node'
import { type OpenDb, openDb } from '#src/platform/db/open-db.ts'
import type { Job } from '#src/platform/jobs/outbox.ts'
import { doReadyJobs } from '#src/platform/jobs/worker.ts'
import { loadProfile } from '#src/profiles/load-profiles.ts'
import { saveProfileChange } from '#src/profiles/save-profile-change.ts'
import { holidayCalendar } from '#src/rules/bank-holidays.ts'
import { accepted } from '#src/rules/problems.ts'
import type { Browser, Page } from '#test/support/browser.ts'
import { aProfile } from '#test/support/builders.ts'
import { pageDatabase, testLog } from '#test/support/databases.ts'
import { AMINA, errorsOf, type Manager, send, startManager, storePharmacy, visible } from '#test/support/manage.ts'
import { issueReceipts } from '#test/support/receipts.ts'
import { BRANCH_QUEUES, runBranchJob } from '../run-branch-change.ts'
import { LARGEST_FILE } from '../sheet.ts'

const HOME = '/manage/branches'
const DEV = { email: 'dev@nhs.example', name: 'Dev Patel', grants: [{ role: 'group', scope: 'group:PX001' }] }
const VIEWER = { email: 'ellie@nhs.example', name: 'Ellie', grants: [{ role: 'viewer', scope: 'ods:FX123' }] }
const CODES = ['FX201', 'FX202', 'FX203']

describe('changing many branches', () => {
  let db: OpenDb
  let manager: Manager
  let dev: Browser
  const holidaysOf = async (odsCode: string) => (await loadProfile(db.pool, odsCode))?.profile.holidays
  const work = () => {
    const deps = { db, clock: manager.clock, holidays: () => holidayCalendar([]), issueReceipts }
    const jobs = Object.fromEntries(BRANCH_QUEUES.map((queue) => [queue, (job: Job) => runBranchJob(deps, job)]))
    // One after the other: they arrive in the order in which they were sent.
    return doReadyJobs(db, jobs, { log: testLog, clock: manager.clock, concurrency: 1 })
  }
  /** Sends a form with a file, as a browser does. */
  const upload = async (page: Page, kind: string, name: string, content: Buffer): Promise<Page> => {
    const csrf = /name="_csrf" value="([^"]+)"/.exec(page.body)?.[1] ?? ''
    const form = new FormData()
    form.set('_csrf', csrf)
    form.set('file', new File([new Uint8Array(content)], name))
    return dev.open(`${HOME}/upload/${kind}`, form)
  }

  /** Somebody at a branch says that it opens in the morning of 3 May 2027, and until when. */
  const answerEarlyMay = async (odsCode: string, closesAt = 13): Promise<void> => {
    const { version = 0 } = (await loadProfile(db.pool, odsCode)) ?? {}
    const sessions = [{ opens: 540, closes: closesAt * 60 }]
    await saveProfileChange(
      { db, clock: manager.clock, issueReceipts },
      {
        odsCode,
        section: 'holidays',
        expectedVersion: version,
        actor: 'person:branch@nhs.example',
        action: 'answer-holidays',
        decide: (now) =>
          accepted({ ...now, holidays: { ...now.holidays, '2027-05-03': { answer: 'other', sessions } } }),
      },
    )
  }

  before(async () => {
    db = await openDb({ ...(await pageDatabase()), log: testLog })
    manager = await startManager(db)
    const commissioning = { parentCode: 'PX001', icbCode: null, healthAndWellbeingBoard: null }
    for (const odsCode of CODES)
      await storePharmacy(db, aProfile({ odsCode, name: `Branch ${odsCode}`, commissioning }))
    dev = await manager.as(DEV)
  })
  after(async () => {
    await manager.close()
    await db.close()
  })

  test('only who may edit pharmacies gets there, and nobody sees the changes of others', async () => {
    const wayIn = /href="\/manage\/branches"/
    assert.match((await dev.open('/manage')).body, wayIn)
    assert.doesNotMatch((await (await manager.as(AMINA)).open('/manage')).body, wayIn, 'one pharmacy is not many')
    assert.match(visible(await dev.open(HOME)), /You can change 3 pharmacies/)
    assert.equal((await (await manager.as(VIEWER)).open(HOME)).status, 403)
    const form = await dev.open(`${HOME}/new/check`)
    const draft = await send(dev, form, 'new/check', { which: 'all' })
    assert.equal((await (await manager.as(AMINA)).open(draft.url.pathname)).status, 404)
    assert.equal((await dev.open(`${HOME}/new/prices`)).status, 404)
  })

  test('what is missing is asked for, and everything that was entered stays', async () => {
    const form = await dev.open(`${HOME}/new/change`)
    const refused = await send(dev, form, 'new/change', { note: '<b>x</b>'.repeat(30) })
    assert.equal(refused.status, 422)
    assert.deepEqual(Object.keys(errorsOf(refused)), ['from-day', 'what', 'reason', 'note', 'which'])
    assert.doesNotMatch(refused.body, /<b>x/)
  })

  test('bank holidays of all branches: previewed, made, shown branch by branch, and undone', async () => {
    const form = await dev.open(`${HOME}/new/holidays`)
    const draft = await send(dev, form, 'new/holidays', {
      'holiday-2026-12-25': 'closed',
      'holiday-2026-12-28': 'other',
      'hours-2026-12-28': '10am to 2pm',
      which: 'all',
    })
    assert.equal(draft.status, 200, visible(draft))
    assert.match(visible(draft), /3 will change .* Boxing Day, Monday 28 December 2026: after: 10am to 2pm/)
    assert.deepEqual(await holidaysOf('FX201'), {}, 'nothing is saved yet')
    const without = await send(dev, draft, 'leave-out', { 'out-fx203': 'yes' })
    assert.match(visible(without), /2 will change/)
    const unsaid = await send(dev, without, 'run')
    assert.deepEqual(errorsOf(unsaid), { when: 'Select when to make the change' })
    const waiting = await send(dev, unsaid, 'run', { when: 'now' })
    assert.match(visible(waiting), /0 of 2 pharmacies/)
    await work()
    const done = await dev.open(waiting.url.pathname)
    assert.match(visible(done), /2 changed You can undo this change until/)
    assert.equal((await holidaysOf('FX202'))?.['2026-12-28']?.answer, 'other')
    assert.deepEqual(await holidaysOf('FX203'), {})
    const results = await dev.open(`${done.url.pathname}/results.csv`)
    assert.equal(results.body, 'ODS code,Line,Result,Reason\nFX201,,Changed,\nFX202,,Changed,\n')
    await send(dev, done, 'undo')
    await work()
    assert.match(visible(await dev.open(done.url.pathname)), /2 changed back/)
    assert.deepEqual(await holidaysOf('FX202'), {})
  })

  test('only who proved who they are a moment ago makes a change or takes it back', async () => {
    const draft = await send(dev, await dev.open(`${HOME}/new/contact`), 'new/contact', {
      phone: '01632 960123',
      which: 'all',
    })
    manager.clock.set('2026-12-11T10:50:00Z')
    const asked = await send(dev, draft, 'run', { when: 'now' })
    assert.equal(asked.url.pathname, '/sign-in/again')
    assert.equal(asked.url.searchParams.get('return'), draft.url.pathname)
    manager.clock.set('2026-12-11T10:34:00Z')
    assert.match(visible(await dev.open(draft.url.pathname)), /Check before anything is saved/)
  })

  test('a change for later can be cancelled until then, and a time that is over is refused', async () => {
    const form = await dev.open(`${HOME}/new/contact`)
    const draft = await send(dev, form, 'new/contact', {
      website: 'www.example.com/{ods}',
      which: 'matching',
      text: 'branch fx20',
    })
    assert.match(visible(draft), /example\.com\/fx201/)
    const past = { when: 'later', 'at-day': '1', 'at-month': '12', 'at-year': '2026', time: '6am' }
    const refused = await send(dev, draft, 'run', past)
    assert.deepEqual(errorsOf(refused), { 'at-day': 'The day and time must be in the future' })
    const waiting = await send(dev, refused, 'run', { ...past, 'at-day': '12' })
    assert.match(visible(waiting), /On 12 December 2026 at 6am/)
    await work()
    await send(dev, await dev.open(waiting.url.pathname), 'cancel')
    manager.clock.set('2026-12-12T07:00:00Z')
    await work()
    manager.clock.set('2026-12-11T10:34:00Z')
    assert.equal((await loadProfile(db.pool, 'FX201'))?.profile.contact.website, undefined)
  })

  test('a file changes each branch in its own way, and its bad lines are told with their reasons', async () => {
    const form = await dev.open(`${HOME}/new/contact`)
    const csv = 'ODS code,Phone,Website\nFX201,01632 960201,\nFX202,call us,\nFX999,01632 960999,\n=1+1,01632 960203,\n'
    const draft = await upload(form, 'contact', 'C:\\temp\\<i>phones.csv', Buffer.from(csv))
    const words = visible(draft)
    assert.match(words, /Contact details, from <i>phones\.csv/)
    assert.doesNotMatch(draft.body, /<i>phones/)
    assert.match(words, /1 will change .*1 cannot be changed 2 lines of the file cannot be used/)
    assert.match(words, /Line 3, FX202: Phone:/)
    await send(dev, draft, 'run', { when: 'now' })
    await work()
    assert.equal((await loadProfile(db.pool, 'FX201'))?.profile.contact.phone, '01632 960 201')
    const results = await dev.open(`${draft.url.pathname}/results.csv`)
    assert.match(results.body, /\n'=1\+1,5,Not changed,/, 'a formula is text')
  })

  test('a spreadsheet is read as a file of text is: with dates and times as its cells hold them', async () => {
    const cells = [
      [{ value: 'ODS code' }, { value: 'Date' }, { value: 'Answer' }],
      [{ value: 'FX201' }, { value: new Date('2027-03-26'), format: 'dd/mm/yyyy' }, { value: '10am to 2pm' }],
      [{ value: 'FX202' }, { value: '26 March 2027' }, { value: 'closed' }],
      [{ value: 'FX202' }, { value: 'Easter' }, { value: 'closed' }],
    ]
    const file = await writeExcelFile(cells).toBuffer()
    const draft = await upload(await dev.open(`${HOME}/new/holidays`), 'holidays', 'easter.xlsx', file)
    const words = visible(draft)
    assert.match(words, /2 will change .*1 line of the file cannot be used Line 4, FX202: “Easter” is not a date/)
    assert.match(words, /Good Friday, Friday 26 March 2027: after: 10am to 2pm/)
    assert.match(words, /Good Friday, Friday 26 March 2027: after: Closed/)
  })

  test('who looks again before the change is made has seen what somebody changed meanwhile', async () => {
    const form = await dev.open(`${HOME}/new/holidays`)
    const answer = { 'holiday-2027-05-03': 'closed', which: 'codes', codes: 'fx201 fx202' }
    const draft = await send(dev, form, 'new/holidays', answer)
    for (const odsCode of ['FX201', 'FX202']) await answerEarlyMay(odsCode)
    const seen = await dev.open(`${draft.url.pathname}`)
    await answerEarlyMay('FX202', 12)
    await send(dev, seen, 'run', { when: 'now' })
    await work()
    const done = await dev.open(`${draft.url.pathname}?show=not-changed`)
    assert.match(visible(done), /1 changed 1 not changed/)
    assert.match(visible(done), /FX202 Not changed Somebody changed this pharmacy after you looked at it/)
  })

  const badFiles: [name: string, content: () => Buffer, message: RegExp, because: string][] = [
    ['none.csv', () => Buffer.alloc(0), /Select a file/, 'nothing was chosen'],
    ['photo.png', () => Buffer.from([0x89, 0x50, 0, 1]), /neither CSV nor XLSX/, 'a picture'],
    ['wrong.csv', () => Buffer.from('a,b\n1,2'), /lacks the column/, 'another file'],
    ['large.csv', () => Buffer.alloc(50_000_000, 'a'), /smaller than 5 MB/, '50 MB'],
  ]
  for (const [name, content, message, because] of badFiles) {
    test(`${name} is refused kindly: ${because}`, async () => {
      const refused = await upload(await dev.open(`${HOME}/new/contact`), 'contact', name, content())
      assert.equal(refused.status, 422)
      assert.match(errorsOf(refused)['file'] ?? '', message)
    })
  }

  test('the templates are files that a spreadsheet opens', async () => {
    const csv = await dev.open(`${HOME}/templates/holidays.csv`)
    assert.equal(csv.body, 'ODS code,Date,Answer\nFA002,26 December 2026,10am to 2pm\n')
    const xlsx = await dev.open(`${HOME}/templates/holidays.xlsx`)
    assert.equal(xlsx.status, 200)
    assert.match(xlsx.body, /^PK/)
    assert.ok(LARGEST_FILE > xlsx.body.length)
  })

  test('a file without the token of its form is refused', async () => {
    const form = new FormData()
    form.set('file', new File(['ODS code,Phone\nFX201,01632 960555'], 'x.csv'))
    assert.equal((await dev.open(`${HOME}/upload/contact`, form)).status, 403)
  })
})
