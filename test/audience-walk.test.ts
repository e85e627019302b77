/**
 * Walks whatever the product answers to people who may not know everything: every address of the app itself, asked for by
 * the public, by somebody of another pharmacy and by a professional who did not press "Show professional details"; every
 * email to people outside; every line of the log. The database is full of private values, each marked with its field
 * (`test/support/marked-database.ts`). Wherever one comes out, the test names the field and the address.
 */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { mailboxLinkKey } from '#src/access/mailbox-link.ts'
import { emailSecrets } from '#src/background.ts'
import { closePharmacy } from '#src/closures/close-pharmacy.ts'
import { TELL_NEARBY, tellNearby } from '#src/closures/notices/tell-nearby.ts'
import { saveServices } from '#src/directory/save-services.ts'
import { listenerKeyId } from '#src/emails/closure-nearby.ts'
import { emailJobs } from '#src/emails/email-jobs.ts'
import { linkSubjectOf } from '#src/emails/ticket-link.ts'
import { loadHolidays } from '#src/memory.ts'
import { shareJobs } from '#src/patient-shares/deliver-share.ts'
import { type OpenDb, openDb } from '#src/platform/db/open-db.ts'
import { doReadyJobs } from '#src/platform/jobs/worker.ts'
import { createLog } from '#src/platform/log.ts'
import type { Mailer, Message } from '#src/platform/mail/mail.ts'
import type { Profile } from '#src/profiles/profile.ts'
import { CHANGE_REASONS } from '#src/rules/change-reasons.ts'
import { routesOf } from '#test/support/app-routes.ts'
import { type Browser, openBrowser, signInAs } from '#test/support/browser.ts'
import { aProfile, aService } from '#test/support/builders.ts'
import { freshDatabase, testLog } from '#test/support/databases.ts'
import { FIVE_SERVICES, send, storePharmacy } from '#test/support/manage.ts'
import { fillOtherTables, type Given, secret, secretPhone, secretsIn } from '#test/support/marked-database.ts'
import { issueReceipts } from '#test/support/receipts.ts'
import { type StartedApp, startApp } from '#test/support/start-app.ts'

const NOW = '2026-12-11T10:34:00.000Z'
const LATER = '2026-12-12T10:34:00.000Z'
const UID = 2_000_000_001
/** Of a list of words, so it cannot be a marker; nothing public has these words. */
const CLOSURE_REASON = CHANGE_REASONS[3]
const LISTENER = 'surgery@gp.example'
const PATIENT = 'patient@mail.example'
const SUSPENSIONS = 'closures@icb.example'

const OWNER = {
  email: `${secret('owner.email')}@nhs.example`,
  name: secret('owner.name'),
  grants: [{ role: 'owner', scope: 'ods:FX123' }],
} as const

/** Everything that exists, by the name of the parameter. */
const PARAMETERS: Readonly<Record<string, string>> = {
  odsCode: 'FX123',
  uid: String(UID),
  code: 'QOP',
  areaCode: 'QOP',
  number: '1001',
  version: '1',
  changeId: 'a',
  closureId: 'c1',
  id: '1',
  kind: 'contact',
  rule: 'q1',
  section: 'name',
  member: '1',
  callId: '1',
  requestId: '1',
  findingId: '1',
  listenerId: '1',
  noticeId: '1',
  invitationId: '1',
}

/** Searches and other questions, besides each address without any. */
const QUESTIONS = [
  '/pharmacies?postcode=M33+7AB',
  '/pharmacies?place=M33+7AB',
  '/api/v1/services?latitude=53.42&longitude=-2.31',
  '/api/v1/changes?limit=1000',
  '/finder/results?need=pharmacy&place=M33+7AB',
  '/help/tickets?number=1001',
]
/** Leads to another machine. */
const ELSEWHERE = '/sign-in/nhsmail'

/** What whoever holds the link of an email wrote themselves, or is asked about. */
const OWN = [
  /^ticket\.(about|evidence) at \/help\/tickets\//,
  /^access_request\.(email|name|job_role) at \/confirm-access\//,
]
/** What the register of contacts is for, and why a pharmacy is closed. */
const PROFESSIONAL = [/^dos_contact\.\w+ at \/workspace\/contacts/, /^closures\.reason at \/finder\//]

/** Who gets an email without being of the pharmacy, with the private facts that are for them. */
const OUTSIDE: Readonly<Record<string, readonly string[]>> = {
  [PATIENT]: [],
  // A surgery is a professional; its own name is its own.
  [LISTENER]: ['closure_listener.name', 'professionalPhone'],
  // The notice that a contractor owes the ICB says who closes, and who is asked about it.
  [SUSPENSIONS]: ['suspension_contact.name', 'ownerName', 'closure.filledInBy', 'closurePhone', 'owner.email'],
}

/** What a rule of the table asks for, or what decides whether the row is shown. */
const GIVEN: Given = {
  capacity_setting: { status: 'RED', reset_at: '2026-12-11T16:00:00.000Z', record_reset: NOW },
  closure_listener: { email: LISTENER, kind: 'surgery', confirmed_at: NOW },
  suspension_contact: { icb_code: 'QOP', email: SUSPENSIONS, tell_within_minutes: 60, edit_days: 1 },
  dos_contact: { area_code: 'QOP' },
  on_call_shift: { ends_at: LATER },
  dos_contact_correction: { answer: null, answered_by: null },
  field_hold: { field: 'phone', ends_at: LATER, released_by: null },
  field_query: { field: 'phone' },
  asked_value: { field: 'phone', kind: 'waiting' },
  wish: { decided_by: null },
  quality_exemption: { ended_by: null },
  ticket: { state: 'answered', closed_by: null, category: 'something-else' },
  ticket_message: { kind: 'note' },
  page_feedback: { done_by: null },
  wrong_report: { answered_by: null },
  job: { dead_at: NOW },
}

const PROFILE: Profile = aProfile({
  ownerName: secret('ownerName'),
  contact: {
    phone: '01632 960001',
    website: 'https://hill.example',
    email: 'hello@hill.example',
    professionalPhone: secretPhone('professionalPhone'),
    professionalEmail: `${secret('professionalEmail')}@nhs.example`,
  },
  changes: [
    {
      id: 'a',
      from: '2026-12-14',
      to: '2026-12-14',
      sessions: [],
      reason: secret('changes.reason'),
      note: 'Shut for the day',
    },
  ],
  commissioning: { parentCode: null, icbCode: 'QOP', healthAndWellbeingBoard: null },
})

const PRIVATE_FACTS = {
  nonPublicPhone: secretPhone('nonPublicPhone'),
  email: `${secret('service.email')}@nhs.example`,
  referralInformation: secret('referralInformation'),
  publicInformation: 'Come in',
  other: {
    genders: ['M', 'F'],
    ages: [[0, 47_481.5]],
    roles: [1, 2],
    capacity: { status: 'AMBER', notes: secret('capacity.notes') },
    endpoints: [
      {
        order: 1,
        transport: 'itk',
        address: `https://${secret('endpoint.address')}/in`,
        comment: secret('comment'),
      },
      { order: 2, transport: 'telno', address: secretPhone('endpointPhone') },
    ],
    attributes: [{ name: secret('attribute.name'), value: secret('attribute.value') }],
    hospitalScore: { total: 1, note: secret('hospitalScore.note'), updatedAt: NOW },
    [secret('unknownKey')]: secret('unknownValue'),
  },
} as const

describe('what is private comes out nowhere', () => {
  let db: OpenDb
  let started: StartedApp
  const lines: string[] = []
  const mails: Message[] = []
  let reference: string | undefined

  before(async () => {
    db = await openDb({ ...(await freshDatabase('embedded')), log: testLog })
    await fill()
    started = await startApp(db, { readLog: (line) => lines.push(line) })
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

  /** Pharmacies and services as an import brings them, then changed, so that there is a before and an after. */
  async function fill(): Promise<void> {
    const place = { postcode_key: 'M337AB', latitude: 53.424, longitude: -2.318, source: 'test', icb_code: 'QOP' }
    await db.pool.insertInto('postcode').values(place).execute()
    const context = { actor: `person:${OWNER.email}`, action: 'import', recordedAt: NOW }
    await db.transact((tx) => saveServices(tx, FIVE_SERVICES, context))
    await storePharmacy(db, aProfile({ odsCode: 'FB003', name: 'Other Pharmacy' }))
    const services = FIVE_SERVICES.map((service) => aService({ ...service, ...PRIVATE_FACTS }))
    await db.transact((tx) => saveServices(tx, services, context))
    await storePharmacy(db, PROFILE)
    await fillOtherTables(db, GIVEN, NOW)
  }

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
      phone: null,
      secrets: emailSecrets(config.secretsPepper),
    }
    const handlers = {
      ...emailJobs(deps),
      ...shareJobs(deps),
      [TELL_NEARBY]: async (job: Parameters<typeof tellNearby>[1]) => {
        await tellNearby({ db, clock, holidays }, job)
      },
    }
    await doReadyJobs(db, handlers, { log: createLog('trace', (line) => lines.push(line)), clock })
  }

  async function sendToPatient(): Promise<void> {
    const browser = await as({ email: 'other@nhs.example', grants: [{ role: 'professional', scope: '' }] })
    const form = await browser.open(`/finder/services/${UID}/send`)
    const preview = await send(browser, form, '/send', { means: 'email', 'patient-email': PATIENT })
    await send(browser, preview, '/send/now', { consent: 'yes' })
  }

  const mailer: Mailer = { send: async (message) => void mails.push(message), close: async () => {} }

  async function as(person: Parameters<typeof signInAs>[1] | null): Promise<Browser> {
    const browser = openBrowser(started.app, started.config.baseUrl)
    if (person) await signInAs(browser, person, { db, clock: started.clock })
    return browser
  }

  /** What somebody is told that they may not know, which addresses failed or were not there, and how many pages there were. */
  async function walk(browser: Browser, may: readonly RegExp[]) {
    const asked: { address: string; status: number; told: string[] }[] = []
    for (const address of [...addresses(), ...QUESTIONS]) {
      const page = await browser.ask(address)
      const text = `${[...page.headers].join('\n')}\n${page.body}`
      const fields = [...secretsIn(text), ...(text.includes(CLOSURE_REASON) ? ['closures.reason'] : [])]
      const told = fields.map((field) => `${field} at ${address}`)
      asked.push({ address, status: page.status, told: told.filter((each) => !may.some((one) => one.test(each))) })
    }
    const answered = (from: number) => asked.filter(({ status }) => status >= from && status < from + 100)
    return {
      told: asked.flatMap(({ told }) => told),
      failed: answered(500).map(({ address }) => address),
      missing: asked.filter(({ status }) => status === 404).map(({ address }) => address),
      seen: answered(200).length,
    }
  }

  function addresses(): readonly string[] {
    const { config } = started
    const keyOf = (subject: string) => mailboxLinkKey(subject, config.secretsPepper)
    const named: Readonly<Record<string, string>> = {
      ...PARAMETERS,
      reference: reference ?? '',
      '/help/tickets/:number/:key': keyOf(linkSubjectOf(1001)),
      '/closure-emails/:listenerId/:key': keyOf(listenerKeyId(1)),
      '/confirm-access/:requestId/:key': keyOf(secret('access_request.code_id')),
    }
    return routesOf(started.app)
      .filter(({ method, pattern }) => method === 'GET' && pattern !== ELSEWHERE)
      .map(({ pattern }) =>
        pattern.replace(/\*$/, '').replaceAll(/:(\w+)/g, (_all, name: string) => {
          const value = name === 'key' ? named[pattern] : named[name]
          return value ?? assert.fail(`Say in test/audience-walk.test.ts a value for :${name} of ${pattern}`)
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
    { who: 'somebody of another pharmacy', grants: [{ role: 'viewer', scope: 'ods:FB003' }] },
    { who: 'a professional who did not press', grants: [{ role: 'professional', scope: '' }] },
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
  test('no email tells people outside more than they may know', async () => {
    await sendToPatient()
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
    const strangers = mails.filter(({ to }) => !(to in OUTSIDE) && to !== OWNER.email)
    assert.deepEqual(strangers, [], 'Say in this file what they may know')
  })
  test('no line of the log holds anything that is private', () => {
    const told = lines.flatMap((line) => secretsIn(line).map((field) => `${field} in ${line}`))
    assert.deepEqual(told, [])
    assert.ok(lines.length > 500, `only ${lines.length} lines were written`)
    assert.doesNotMatch(lines.join(''), new RegExp(`${PATIENT}|M33.?7AB`), 'nor where a patient is')
  })
})
