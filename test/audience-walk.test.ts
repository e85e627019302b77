/**
 * Walks whatever the product answers to people who may not know everything: every address of the app itself, asked for by
 * the public, by somebody of another pharmacy and by a professional who did not press "Show professional details"; every
 * form, sent empty and filled in; the words inside PDFs and spreadsheets; every email to people outside; every line of the
 * log. The database is full of private values, each marked with its field (`test/support/marked-database.ts`). Wherever
 * one comes out, the test names the field and the address.
 */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { mailboxLinkKey } from '#src/access/mailbox-link.ts'
import { emailSecrets } from '#src/background.ts'
import { closePharmacy } from '#src/closures/close-pharmacy.ts'
import { TELL_NEARBY, tellNearby } from '#src/closures/notices/tell-nearby.ts'
import { listenerKeyId } from '#src/emails/closure-nearby.ts'
import { emailJobs } from '#src/emails/email-jobs.ts'
import { linkSubjectOf } from '#src/emails/ticket-link.ts'
import { loadHolidays } from '#src/memory.ts'
import { shareJobs } from '#src/patient-shares/deliver-share.ts'
import { type OpenDb, openDb } from '#src/platform/db/open-db.ts'
import { doReadyJobs } from '#src/platform/jobs/worker.ts'
import { createLog } from '#src/platform/log.ts'
import type { Mailer, Message } from '#src/platform/mail/mail.ts'
import { simulatedPhone } from '#src/platform/phone/simulated-phone.ts'
import { wrongReportJobs } from '#src/wrong-reports/report-jobs.ts'
import { type AppRoute, routesOf } from '#test/support/app-routes.ts'
import { type Browser, openBrowser, type Page, signInAs } from '#test/support/browser.ts'
import { freshDatabase, testLog } from '#test/support/databases.ts'
import {
  ASKER,
  fillIn,
  PATIENT,
  PROFESSIONAL_FORMS,
  PUBLIC_FORMS,
  REPORTER,
  VISITOR,
} from '#test/support/filled-forms.ts'
import { send } from '#test/support/manage.ts'
import { secret, secretPhone, secretsIn } from '#test/support/marked-database.ts'
import {
  CLOSURE_REASON,
  LISTENER,
  OWNER,
  SUSPENSIONS,
  storeMarkedPharmacy,
  THERE_IS,
  UID,
} from '#test/support/marked-pharmacy.ts'
import { issueReceipts } from '#test/support/receipts.ts'
import { type StartedApp, startApp } from '#test/support/start-app.ts'
import { wordsIn } from '#test/support/words-in-files.ts'

/** Searches and other questions, besides each address without any. */
const QUESTIONS = [
  '/pharmacies?postcode=M33+7AB',
  '/pharmacies?place=M33+7AB',
  '/api/v1/services?latitude=53.42&longitude=-2.31',
  '/api/v1/changes?limit=1000',
  '/finder/results?need=pharmacy&place=M33+7AB',
  '/help/tickets?number=1001',
  '/finder/results?need=pharmacy&place=nowhere',
]
/** Leads to another machine. */
const ELSEWHERE = '/sign-in/nhsmail'
/** Sending these ends what the other forms need. */
const ENDS = /sign-out|\/leave$/
/** Shows professional details: a test of its own looks at what it tells. */
const PRESS = '/finder/services/:uid/professional'
/** There a fault is answered with 500, as SOAP says. */
const SOAP = '/app/api/webservices'

/** What whoever holds the link of an email wrote themselves, or is asked about. */
const OWN = [
  /^ticket\.(about|evidence) at \/help\/tickets\//,
  /^access_request\.(email|name|job_role) at \/confirm-access\//,
]
/** What the register of contacts is for, and why a pharmacy is closed. */
const PROFESSIONAL = [/^dos_contact\.\w+ at \/workspace\/contacts/, /^closures\.reason at \/finder\//]

/** What whoever sends a form is shown of it again. */
const TYPED = [/^patient\.email at \/finder\/services\/\d+\/send/, /^(asker|reporter)\.email at /]
/** The code was sent there: whoever has it acts for the pharmacy until it is open again. */
const WITH_CODE = [/^closures?\.(reason|advice|id) at /]

type Person = Parameters<typeof signInAs>[1]

const AFTER_FOUR_WORKING_HOURS = '2026-12-11T14:40:00.000Z'
const LEAD = { email: 'lead@icb.example', grants: [{ role: 'lead', scope: 'area:QOP' }] } as const
const HEAD_OFFICE = { email: 'head@group.example', grants: [{ role: 'group', scope: 'group:P1' }] } as const
const MAILBOX = `${secret('professionalEmail')}@nhs.example`.toLowerCase()
/** Who gets an email without being of the pharmacy, with the private facts that are for them. */
const OUTSIDE: Readonly<Record<string, readonly string[]>> = {
  [PATIENT]: ['patient.email'],
  [REPORTER]: ['reporter.email'],
  [ASKER]: ['asker.email'],
  [VISITOR]: [],
  [LEAD.email]: [],
  // A surgery is a professional; its own name is its own.
  [LISTENER]: ['closure_listener.name', 'professionalPhone'],
  // The notice that a contractor owes the ICB says who closes, and who is asked about it.
  [SUSPENSIONS]: ['suspension_contact.name', 'ownerName', 'closure.filledInBy', 'closurePhone', 'owner.email'],
}

describe('what is private comes out nowhere', () => {
  let db: OpenDb
  let started: StartedApp
  const lines: string[] = []
  const mails: Message[] = []
  let reference: string | undefined

  before(async () => {
    db = await openDb({ ...(await freshDatabase('embedded')), log: testLog })
    await storeMarkedPharmacy(db)
    started = await startApp(db, {
      readLog: (line) => lines.push(line),
      phone: { href: null },
      settings: { SHARED_MAILBOX_DOMAINS: 'nhs.example' },
    })
    reference = await aReceipt()
    await closeAndTell()
  })
  after(async () => {
    try {
      await started?.close()
    } finally {
      await db.close()
    }
  })

  async function aReceipt(): Promise<string> {
    const owner = await as(OWNER)
    const page = await owner.open('/manage/FX123/contact-details')
    await send(owner, page, 'confirm')
    const { reference } = await db.pool
      .selectFrom('receipt')
      .select('reference')
      .where('reference', 'like', 'SP%')
      .executeTakeFirstOrThrow()
    return reference
  }

  /** Closes the pharmacy and lets every email of it go out. */
  async function closeAndTell(): Promise<void> {
    const { clock } = started
    const holidays = await loadHolidays(db.pool)
    const told = {
      id: 'c1',
      from: '2026-12-11T10:30',
      until: null,
      services: null,
      reason: CLOSURE_REASON,
      advice: 'Call 111',
      filledInBy: secret('closure.filledInBy'),
      phone: secretPhone('closurePhone'),
    } as const
    const by = { actor: `person:${OWNER.email}`, via: 'profile-manager', askedAt: clock.now() } as const
    const closed = await closePharmacy({ db, clock, holidays: () => holidays, issueReceipts }, 'FX123', told, by)
    assert.ok(closed.ok)
    await started.memory.ledger.reached(closed.value.seq)
    await work()
  }

  /** Lets every email go out. */
  async function work(): Promise<void> {
    const { clock, config } = started
    const holidays = await loadHolidays(db.pool)
    const deps = {
      db,
      clock,
      mailer,
      baseUrl: config.baseUrl,
      phone: simulatedPhone({ db, clock }),
      secrets: emailSecrets(config.secretsPepper),
    }
    const handlers = {
      ...emailJobs(deps),
      ...shareJobs(deps),
      ...wrongReportJobs(deps),
      [TELL_NEARBY]: async (job: Parameters<typeof tellNearby>[1]) => {
        await tellNearby({ db, clock, holidays }, job)
      },
    }
    await doReadyJobs(db, handlers, { log: createLog('trace', (line) => lines.push(line)), clock })
  }

  /** Every step of a share, with the consent forgotten first. */
  async function sendToPatient(browser: Browser): Promise<readonly Page[]> {
    const form = await browser.open(`/finder/services/${UID}/send`)
    const preview = await send(browser, form, '/send', { means: 'email', 'patient-email': PATIENT })
    const unagreed = await send(browser, preview, '/send/now')
    return [preview, unagreed, await send(browser, preview, '/send/now', { consent: 'yes' })]
  }

  const mailer: Mailer = { send: async (message) => void mails.push(message), close: async () => {} }

  async function as(person: Person | null): Promise<Browser> {
    const browser = openBrowser(started.app, started.config.baseUrl)
    if (person) await signInAs(browser, person, { db, clock: started.clock })
    return browser
  }

  /** What somebody is told that they may not know, which addresses failed or were not there, and how many pages there were. */
  function findingsIn(pages: readonly Page[], may: readonly RegExp[]) {
    const told = pages.flatMap((page) => {
      const text = `${[...page.headers].join('\n')}\n${wordsIn(page.bytes)}`
      const fields = [...secretsIn(text), ...(text.includes(CLOSURE_REASON) ? ['closures.reason'] : [])]
      return fields.map((field) => `${field} at ${page.url.pathname}${page.url.search}`)
    })
    const answered = (from: number) => pages.filter(({ status }) => status >= from && status < from + 100)
    return {
      told: told.filter((each) => !may.some((one) => one.test(each))),
      failed: answered(500).flatMap(({ url }) => (url.pathname === SOAP ? [] : [url.pathname])),
      missing: pages.filter(({ status }) => status === 404).map(({ url }) => url.pathname),
      seen: answered(200).length,
    }
  }

  async function walk(browser: Browser, may: readonly RegExp[]) {
    const pages: Page[] = []
    for (const address of [...addresses('GET'), ...QUESTIONS]) pages.push(await browser.ask(address))
    return findingsIn(pages, may)
  }

  /** Sends every form of the product, of which the address matches, without a word in it. */
  async function sendAllEmpty(browser: Browser, sends: RegExp, may: readonly RegExp[]) {
    const { body } = await browser.open('/help/feedback')
    const _csrf = /name="_csrf" value="([^"]+)"/.exec(body)?.[1] ?? assert.fail('the page has no form')
    const pages: Page[] = []
    for (const address of addresses('POST').filter((one) => sends.test(one)))
      pages.push(await browser.ask(address, { _csrf }))
    return findingsIn(pages, may)
  }

  function addresses(method: AppRoute['method']): readonly string[] {
    const { config } = started
    const keyOf = (subject: string) => mailboxLinkKey(subject, config.secretsPepper)
    const named: Readonly<Record<string, string>> = {
      ...THERE_IS,
      reference: reference ?? '',
      '/help/tickets/:number/:key': keyOf(linkSubjectOf(1001)),
      '/closure-emails/:listenerId/:key': keyOf(listenerKeyId(1)),
      '/confirm-access/:requestId/:key': keyOf(secret('access_request.code_id')),
    }
    return routesOf(started.app)
      .filter((route) => route.method === method && route.pattern !== ELSEWHERE && !ENDS.test(route.pattern))
      .filter((route) => method === 'GET' || route.pattern !== PRESS)
      .map(({ pattern }) =>
        pattern.replace(/\*$/, '').replaceAll(/:(\w+)/g, (_all, name: string) => {
          const value = name === 'key' ? named[pattern] : named[name]
          return value ?? assert.fail(`Say in test/support/marked-pharmacy.ts a value for :${name} of ${pattern}`)
        }),
      )
  }

  test('the public is told of nothing that is private', async () => {
    const { told, failed, missing, seen } = await walk(await as(null), OWN)
    assert.deepEqual(told, [])
    assert.deepEqual(failed, [])
    assert.deepEqual(missing, [], 'Say in this file what exists there: its page was not walked')
    assert.ok(seen > 45, `only ${seen} pages were walked`)
    const searched = await Promise.all(QUESTIONS.slice(0, 4).map(async (one) => (await (await as(null)).ask(one)).body))
    for (const body of searched) assert.match(body, /Hill|2000000001/, 'the searches find what is marked')
  })
  const others = [
    {
      who: 'somebody of another pharmacy',
      grants: [{ role: 'viewer', scope: 'ods:FB003' }],
      sends: /^\/manage/,
    },
    {
      who: 'a professional who did not press',
      grants: [{ role: 'professional', scope: '' }],
      sends: /^\/(?!manage|api|app|dosapi|authentication)/,
    },
  ] as const
  for (const { who, grants } of others) {
    test(`${who} is told of nothing that is private`, async () => {
      const { told, failed, seen } = await walk(await as({ email: 'other@nhs.example', grants }), [
        ...OWN,
        ...PROFESSIONAL,
      ])
      assert.deepEqual(told, [])
      assert.deepEqual(failed, [])
      assert.ok(seen > 60, `only ${seen} pages were walked`)
    })
  }
  // Each form is sent by the public and by one who is signed in: a second one would be told the same.
  const senders = [
    { who: 'the public', person: null, sends: /^/, may: OWN },
    ...others.map(({ who, grants, sends }) => ({
      ...{ who, person: { email: 'other@nhs.example', grants }, sends, may: [...OWN, ...PROFESSIONAL] },
    })),
  ]
  for (const { who, person, sends, may } of senders) {
    test(`no form tells ${who} anything private when it is sent empty`, async () => {
      const { told, failed } = await sendAllEmpty(await as(person), sends, may)
      assert.deepEqual(told, [])
      assert.deepEqual(failed, [])
    })
  }
  test('forms tell nothing private when they are filled in', async () => {
    const professional = await as({ email: 'other@nhs.example', grants: [{ role: 'professional', scope: '' }] })
    const pages = [
      ...(await fillIn(await as(null), PUBLIC_FORMS)),
      ...(await fillIn(professional, PROFESSIONAL_FORMS)),
      ...(await sendToPatient(professional)),
    ]
    const { told, failed, missing } = findingsIn(pages, [...OWN, ...PROFESSIONAL, ...TYPED])
    assert.deepEqual([told, failed, missing], [[], [], []])
  })
  test('who presses is told, which shows that the walk would see it', async () => {
    const browser = await as({ email: 'other@nhs.example', grants: [{ role: 'professional', scope: '' }] })
    const page = await browser.open(`/finder/services/${UID}`)
    const pressed = secretsIn((await browser.submit(page, '/professional')).body)
    assert.deepEqual(pressed, [
      'nonPublicPhone',
      'service.email',
      'referralInformation',
      'endpoint.address',
      'endpointPhone',
    ])
  })
  test('a code to its mailbox lets nobody read more of the pharmacy than why it is closed', async () => {
    const visitor = await as(null)
    const home = '/close-without-sign-in'
    const asked = await visitor.submit(await visitor.open(`${home}/FX123`), `${home}/FX123`, { channel: 'mailbox' })
    await work()
    const code = /^(\d{6})$/m.exec(mails.findLast(({ to }) => to === MAILBOX)?.text ?? '')?.[1] ?? ''
    const closed = await visitor.submit(asked, `${home}/code`, { code })
    const door = await visitor.ask(`${home}/pharmacy/door-notice.pdf?closure=c1`)
    const time = await visitor.open(`${home}/pharmacy/time?closure=c1`)
    const mistaken = await visitor.submit(time, `${home}/pharmacy/time`, { 'until-when': 'today', 'until-time': 'x' })
    assert.deepEqual(
      [closed, door, time, mistaken].map(({ status }) => status),
      [200, 200, 200, 422],
    )
    assert.match(wordsIn(door.bytes), /Hill & Sons.*Call 111/, 'the words of the notice are read')
    assert.deepEqual(findingsIn([closed, time, mistaken], WITH_CODE).told, [])
    assert.deepEqual(findingsIn([door], []).told, [], 'it hangs on a door')
  })
  test('files that are handed on hold nothing private', async () => {
    const files: readonly (readonly [who: Person, address: string, words: RegExp, may: readonly RegExp[]])[] = [
      [OWNER, '/manage/FX123/closures/c1/door-notice.pdf', /Call 111/, []],
      // Who checked it is what a receipt is for.
      [OWNER, `/manage/FX123/receipts/${reference}/pdf`, /FX123/, [/^owner\.name at /]],
      [LEAD, '/reports/verification.pdf', /Hill|FX123/, []],
      [LEAD, '/reports/verification.xlsx', /FX123/, []],
      [HEAD_OFFICE, '/manage/branches/templates/holidays.xlsx', /ods/i, []],
    ]
    for (const [who, address, words, may] of files) {
      const file = await (await as(who)).ask(address)
      assert.equal(file.status, 200, address)
      assert.match(wordsIn(file.bytes), words, address)
      assert.deepEqual(findingsIn([file], may).told, [])
    }
  })
  test('no email tells people outside more than they may know', async () => {
    await as(LEAD)
    const owner = await as(OWNER)
    const reports = await owner.open('/manage/FX123/wrong-reports')
    const { id } = await db.pool
      .selectFrom('wrong_report')
      .select('id')
      .where('reporter_email', '=', REPORTER)
      .executeTakeFirstOrThrow()
    await owner.submit(reports, `/wrong-reports/${id}`, { do: 'correct' })
    const visitor = await as(null)
    await visitor.submit(await visitor.open('/pharmacies/FX123/wrong'), '/wrong', { what: 'phone' })
    await work()
    started.clock.set(AFTER_FOUR_WORKING_HOURS)
    await work()
    for (const [to, may] of Object.entries(OUTSIDE)) {
      const theirs = mails.filter((mail) => mail.to === to)
      assert.ok(theirs.length > 0, `${to} got an email`)
      const told = theirs.flatMap((mail) => secretsIn(JSON.stringify(mail)))
      assert.deepEqual(
        [...new Set(told)].filter((field) => !may.includes(field)),
        [],
        `in an email to ${to}`,
      )
    }
    const inside: readonly string[] = [OWNER.email, MAILBOX]
    const strangers = mails.filter(({ to }) => !(to in OUTSIDE) && !inside.includes(to))
    assert.deepEqual(strangers, [], 'Say in this file what they may know')
    const whoTold = mails.filter(
      (mail) => !(mail.to in OUTSIDE) && /reporter\.email|patient\.email/.test(JSON.stringify(mail)),
    )
    assert.deepEqual(whoTold, [], 'the pharmacy is not told who told us')
  })
  test('no line of the log holds anything that is private', () => {
    const told = lines.flatMap((line) => secretsIn(line).map((field) => `${field} in ${line}`))
    assert.deepEqual(told, [])
    assert.ok(lines.length > 500, `only ${lines.length} lines were written`)
    assert.doesNotMatch(lines.join(''), /patient\.email|M33.?7AB/, 'nor where a patient is')
  })
})
