import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type OpenDb, openDb } from '#src/platform/db/open-db.ts'
import { codeIn, linkIn, MAILBOX, postOffice, type SentEmail } from '#test/support/access.ts'
import { type Browser, openBrowser, type Page } from '#test/support/browser.ts'
import { aProfile } from '#test/support/builders.ts'
import { pageDatabase, testLog } from '#test/support/databases.ts'
import { AMINA, errorsOf, type Manager, send, startManager, storePharmacy, visible } from '#test/support/manage.ts'

const NEWCOMER = { email: 'gus@nhs.net', name: 'Gus Newman', grants: [] }
const LEAD = { email: 'lead@nhs.example', name: 'Lea Dowd', grants: [{ role: 'lead', scope: 'area:QX1' }] }
const MARKUP = '<script>alert(1)</script>&"\''

/** Pharmacies without an owner, each with a shared mailbox unless said otherwise. */
const OTHERS = [
  { odsCode: 'FY001', name: 'Mill Lane Pharmacy', mailbox: 'pharmacy.fy001@nhs.net' },
  { odsCode: 'FY002', name: 'Mill Road Pharmacy', mailbox: 'pharmacy.fy002@nhs.net' },
  { odsCode: 'FY003', name: 'Corner Chemist', mailbox: null },
  { odsCode: 'FY004', name: 'Old Chemist', mailbox: null, status: 'closed' },
  { odsCode: 'FY005', name: 'Gus’s Pharmacy', mailbox: 'gus@nhs.net' },
  { odsCode: 'FY006', name: 'Quay Pharmacy', mailbox: 'pharmacy.fy006@nhs.net' },
] as const

describe('asking for access', () => {
  let db: OpenDb
  let manager: Manager
  let post: () => Promise<readonly SentEmail[]>
  before(async () => {
    db = await openDb({ ...(await pageDatabase()), log: testLog })
    const commissioning = { parentCode: 'PX1', icbCode: 'QX1', healthAndWellbeingBoard: null }
    manager = await startManager(db, {
      profile: { contact: { phone: '01632 960001', professionalEmail: MAILBOX }, commissioning },
    })
    for (const { odsCode, name, mailbox, ...rest } of OTHERS) {
      const contact = { phone: '01632 960001', ...(mailbox ? { professionalEmail: mailbox } : {}) }
      await storePharmacy(db, aProfile({ odsCode, name, contact, commissioning, ...rest }))
    }
    await manager.as(AMINA)
    post = postOffice(db, manager.clock, { baseUrl: manager.config.baseUrl, pepper: manager.config.secretsPepper })
  })
  after(async () => {
    await manager.close()
    await db.close()
  })

  const FORM = { 'full-name': 'Gus Newman', 'job-role': 'Pharmacist', role: 'editor' }
  let people = 0
  const somebody = (name = 'Gus Newman') => ({ email: `person-${++people}@nhs.net`, name, grants: [] })
  /** Fills both steps in and sends them. */
  const ask = async (browser: Browser, pharmacies: string, changed: Record<string, string> = {}): Promise<Page> => {
    const form = await browser.open('/manage/access')
    const check = await send(browser, form, '/manage/access', { ...FORM, pharmacies, ...changed })
    assert.match(visible(check), /Check your request/, visible(check))
    return await send(browser, check, '/manage/access', { declaration: 'yes' })
  }
  const grantsAt = async (odsCode: string) =>
    (await db.pool.selectFrom('role_grant').select(['email', 'role']).where('scope', '=', `ods:${odsCode}`).execute())
      .map(({ email, role }) => `${email} ${role}`)
      .sort()
  const to = (emails: readonly SentEmail[], recipient: string) =>
    emails.find((email) => email.recipient === recipient) ?? assert.fail(`nothing for ${recipient}`)

  const WRONG: readonly (readonly [Record<string, string>, Record<string, string>, string])[] = [
    [
      { 'full-name': '', 'job-role': '', pharmacies: '', role: '' },
      {
        'full-name': 'Enter a full name',
        'job-role': 'Enter your job role',
        pharmacies: 'Enter at least one pharmacy',
        role: 'Select what you need to do',
      },
      'nothing is filled in',
    ],
    [
      { pharmacies: 'FX12' },
      { pharmacies: 'ODS code must be 5 letters and numbers: “FX12” is not' },
      'a code too short',
    ],
    [{ pharmacies: 'FX1234' }, { pharmacies: 'ODS code must be 5 letters and numbers: “FX1234” is not' }, 'too long'],
    [{ pharmacies: 'fz999' }, { pharmacies: 'No pharmacy has the ODS code FZ999' }, 'a code that nobody has'],
    [
      { pharmacies: 'Nowhere Chemist' },
      { pharmacies: 'No pharmacy matches “Nowhere Chemist”' },
      'a name that nobody has',
    ],
    [{ pharmacies: MARKUP }, { pharmacies: `No pharmacy matches “${MARKUP}”` }, 'markup means itself'],
    [
      { pharmacies: 'FX123,'.repeat(3) + Array.from({ length: 21 }, (_, i) => `FA${100 + i}`).join('\n') },
      { pharmacies: 'Ask for up to 20 pharmacies at once' },
      'too many',
    ],
    [{ role: 'group' }, { role: 'Select what you need to do' }, 'a role that no pharmacy has'],
    [{ 'full-name': 'x'.repeat(101) }, { 'full-name': 'Full name must be 100 characters or fewer' }, 'too long a name'],
  ]
  for (const [changed, problems, because] of WRONG) {
    test(`says what is wrong: ${because}`, async () => {
      const browser = await manager.as(NEWCOMER)
      const form = await browser.open('/manage/access')
      const page = await send(browser, form, '/manage/access', { ...FORM, pharmacies: 'FY001', ...changed })
      assert.equal(page.status, 422)
      assert.deepEqual(errorsOf(page), problems)
      assert.match(page.body, /<title>Error: /)
      assert.doesNotMatch(page.body, /<script>alert/)
    })
  }

  test('finds pharmacies by code, name and postcode, and lets one choose where several fit', async () => {
    const browser = await manager.as(NEWCOMER)
    const form = await browser.open('/manage/access')
    const check = await send(browser, form, '/manage/access', { ...FORM, pharmacies: 'fy 003\nmill' })
    const words = visible(check)
    assert.match(
      words,
      /Pharmacies Corner Chemist \(FY003\).*Pharmacies that match “mill” Mill Lane Pharmacy \(FY001\)/,
    )
    const ticked = [...check.body.matchAll(/name="(pick-\w+)"[^>]*checked/g)].map(([, name]) => name)
    assert.deepEqual(ticked, ['pick-fy003'], 'only what was named by its code is ticked')
    const none = await send(browser, check, '/manage/access', { 'pick-fy003': undefined })
    assert.deepEqual(errorsOf(none), {
      picks: 'Select the pharmacies you are asking for',
      declaration: 'Confirm that you are allowed to act for these pharmacies',
    })
  })

  test('refuses, for each pharmacy, what cannot be: closed for good, asked already, access already', async () => {
    const browser = await manager.as({ ...NEWCOMER, email: 'many@nhs.net' })
    await ask(browser, 'FY003')
    await db.pool
      .updateTable('access_request')
      .set({ asked_at: '2026-12-11T09:00:00Z' })
      .where('email', '=', 'many@nhs.net')
      .execute()
    await db.pool
      .insertInto('role_grant')
      .values({
        email: 'many@nhs.net',
        role: 'editor',
        scope: 'ods:FY001',
        granted_at: '2026-12-01T00:00:00Z',
        granted_by: 'command:test',
        expires_at: null,
      })
      .execute()
    const page = await ask(browser, 'FY001, FY003, FY004')
    assert.deepEqual(errorsOf(page), {
      'pick-fy001': 'You have access to Mill Lane Pharmacy (FY001) already as editor',
      'pick-fy003': 'You have asked for Corner Chemist (FY003) already',
      'pick-fy004': 'Old Chemist (FY004) has closed for good',
    })
  })

  test('a newcomer with the code from the shared mailbox is in, and everybody concerned is told', async () => {
    await post()
    const person = somebody()
    const browser = await manager.as(person)
    assert.match(
      visible(await browser.open('/manage')),
      /This address has not been given access to a pharmacy yet.*Ask for access/,
    )
    const page = await ask(browser, 'FX123')
    assert.match(
      visible(page),
      /We have your request.*Hill & Sons \(FX123\) Editor\. Asked on 11 December 2026 at 10:34am Waiting/,
    )
    assert.match(visible(await browser.open('/manage')), /You asked for access to a pharmacy\./)
    const emails = await post()
    assert.deepEqual(emails.map(({ recipient }) => recipient).sort(), [AMINA.email, person.email, MAILBOX].sort())
    assert.match(to(emails, AMINA.email).body, /\/manage\/FX123\/people\/requests\/\d+$/m)
    assert.match(to(emails, person.email).body, /We sent a code to the pharmacy’s shared NHSmail mailbox/)
    const mail = to(emails, MAILBOX)
    assert.match(mail.body, new RegExp(`Email address: ${person.email}`))
    assert.match(mail.body, /They say that their job is: “Pharmacist”/)

    const code = codeIn(mail)
    const guess = code === '000000' ? '000001' : '000000'
    const wrong = await send(browser, page, '/code', { [fieldIn(page)]: guess })
    assert.deepEqual(Object.values(errorsOf(wrong)), ['This is not the code we sent. Check the newest email'])
    const nonsense = await send(browser, page, '/code', { [fieldIn(page)]: MARKUP })
    assert.deepEqual(Object.values(errorsOf(nonsense)), ['Enter the 6 numbers of the code'])
    const hub = await send(browser, page, '/code', { [fieldIn(page)]: ` ${code.slice(0, 3)} ${code.slice(3)}` })
    assert.equal(hub.url.pathname, '/manage/FX123')
    assert.match(visible(hub), /You can look after this pharmacy now\./)
    assert.ok((await grantsAt('FX123')).includes(`${person.email} editor`))
    const again = await send(browser, page, '/code', { [fieldIn(page)]: code })
    assert.match(
      visible(again),
      /Hill & Sons \(FX123\) Editor.*Approved/,
      'the code is used up and nothing happens twice',
    )

    const told = await post()
    assert.match(to(told, person.email).subject, /^You have access to Hill & Sons \(FX123\)$/)
    assert.match(to(told, AMINA.email).body, /has access now\.\n\nRole: Editor\nDone by: the pharmacy’s shared mailbox/)
    assert.match(to(told, MAILBOX).body, /has access now/)
    const audit = await db.pool
      .selectFrom('audit')
      .select(['actor', 'action', 'detail'])
      .orderBy('seq', 'desc')
      .limit(2)
      .execute()
    assert.deepEqual(
      audit.map(({ actor, action }) => `${actor} ${action}`),
      ['system:shared-mailbox grant-role', 'system:shared-mailbox approve-access'],
    )
    assert.match(audit[1]?.detail ?? '', new RegExp(`"mailbox":"${MAILBOX}"`))
  })

  test('the form sent twice is one request and one email each', async () => {
    await post()
    const person = somebody()
    const browser = await manager.as(person)
    const form = await browser.open('/manage/access')
    const check = await send(browser, form, '/manage/access', { ...FORM, pharmacies: 'FY006' })
    const both = await Promise.all(
      [1, 2].map(() => send(browser.copy(), check, '/manage/access', { declaration: 'yes' })),
    )
    assert.deepEqual(
      both.map(({ status }) => status),
      [200, 200],
    )
    const rows = await db.pool.selectFrom('access_request').select('id').where('email', '=', person.email).execute()
    assert.equal(rows.length, 1)
    assert.deepEqual(
      (await post()).map(({ recipient }) => recipient).sort(),
      [person.email, 'pharmacy.fy006@nhs.net'].sort(),
    )
  })

  test('a code is guessed five times and no more, and five codes are all there are', async () => {
    await post()
    const person = somebody()
    const browser = await manager.as(person)
    let page = await ask(browser, 'FY006')
    const field = fieldIn(page)
    let code = codeIn(to(await post(), 'pharmacy.fy006@nhs.net'))
    const guess = code === '111111' ? '111112' : '111111'
    for (let tried = 0; tried < 5; tried++) await send(browser, page, '/code', { [field]: guess })
    const dead = await send(browser, page, '/code', { [field]: code })
    assert.deepEqual(errorsOf(dead), { [field]: 'This code has been tried too often. Send a new one' })
    for (let sent = 1; sent < 5; sent++) {
      manager.clock.set(`2026-12-11T10:${34 + sent * 5}:00Z`)
      page = await send(browser, page, '/new-code')
      assert.match(visible(page), /A new code is on its way/)
    }
    const codes = (await post()).map(codeIn)
    assert.equal(codes.length, 4)
    assert.doesNotMatch(page.body, /Send a new code/)
    manager.clock.set('2026-12-11T11:00:00Z')
    const more = await browser.open(`/manage/access/requests/${field.slice(5)}/new-code`, csrfOf(page))
    assert.match(Object.values(errorsOf(more))[0] ?? '', /We have sent 5 codes for this request/)
    manager.clock.set('2026-12-11T11:20:00Z')
    const id = Number(field.slice(5))
    const row = await db.pool
      .selectFrom('access_request')
      .select('code_id')
      .where('id', '=', id)
      .executeTakeFirstOrThrow()
    assert.ok(row.code_id)
    code = codes.at(-1) ?? ''
    const old = await send(browser, page, '/code', { [field]: code })
    assert.deepEqual(errorsOf(old), { [field]: 'This code is too old. Send a new one' })
    assert.deepEqual(await grantsAt('FY006'), [])
    manager.clock.set('2026-12-11T10:34:00Z')
  })

  test('a code is good only for the person it was sent about', async () => {
    await post()
    const one = await manager.as(somebody())
    const page = await ask(one, 'FY002')
    const code = codeIn(to(await post(), 'pharmacy.fy002@nhs.net'))
    const thief = await manager.as(somebody('Thief'))
    const sign = csrfOf(await thief.open('/manage/access'))
    const stolen = await thief.open(`/manage/access/requests/${fieldIn(page).slice(5)}/code`, {
      ...sign,
      [fieldIn(page)]: code,
    })
    assert.equal(stolen.status, 404)
    const withdrawn = await thief.open(`/manage/access/requests/${fieldIn(page).slice(5)}/withdraw`, sign)
    assert.match(visible(withdrawn), /You have not asked for anything/)
    assert.deepEqual(await grantsAt('FY002'), [])
    assert.equal((await send(one, page, '/code', { [fieldIn(page)]: code })).url.pathname, '/manage/FY002')
  })

  test('the link in the mailbox changes nothing when it is opened, by a person or a mail scanner', async () => {
    await post()
    const person = somebody()
    const page = await ask(await manager.as(person), 'FY001')
    const link = linkIn(to(await post(), 'pharmacy.fy001@nhs.net'))
    const reader = openBrowser(manager.app, manager.config.baseUrl)
    for (const method of ['GET', 'HEAD'] as const) {
      for (let round = 0; round < 3; round++) await manager.app.inject({ method, url: link })
    }
    assert.deepEqual(await grantsAt('FY001'), ['many@nhs.net editor'])
    const forged = await manager.app.inject({ method: 'POST', url: link, payload: { verdict: 'yes' } })
    assert.equal(forged.statusCode, 403, 'a form of another site')
    const asked = await reader.open(link)
    assert.match(visible(asked), new RegExp(`Email address ${person.email} Address is an NHSmail address`))
    assert.deepEqual(errorsOf(await send(reader, asked, link, {})), { verdict: 'Select yes or no' })
    assert.deepEqual(errorsOf(await send(reader, asked, link, { verdict: 'no' })), { reason: 'Enter why you say no' })
    const yes = await send(reader, asked, link, { verdict: 'yes' })
    assert.match(visible(yes), /You said yes/)
    assert.deepEqual(await grantsAt('FY001'), ['many@nhs.net editor', `${person.email} editor`])
    const replayed = await send(reader, asked, link, { verdict: 'no', reason: 'Too late' })
    assert.equal(replayed.status, 404)
    assert.match(visible(replayed), /This link does not work any more/)
    assert.ok((await grantsAt('FY001')).includes(`${person.email} editor`), 'a replay takes nothing back')
    void page
  })

  const DEAD: readonly (readonly [string, (link: string) => string])[] = [
    ['another key', (link) => `${link.slice(0, -1)}${link.endsWith('A') ? 'B' : 'A'}`],
    ['another request', (link) => link.replace(/\/(\d+)\//, (_all, id) => `/${Number(id) + 1}/`)],
    ['no number', (link) => link.replace(/\/(\d+)\//, '/x/')],
    ['a number beyond all', (link) => link.replace(/\/(\d+)\//, '/999999999999999/')],
  ]
  for (const [because, changed] of DEAD) {
    test(`a link that was tampered with leads nowhere: ${because}`, async () => {
      await post()
      const browser = await manager.as(somebody())
      const page = await ask(browser, 'FY006')
      const link = linkIn((await post()).find(({ body }) => body.includes('/confirm-access/')) ?? assert.fail())
      assert.equal((await manager.app.inject(changed(link))).statusCode, 404)
      await send(browser, page, '/withdraw')
      assert.equal((await manager.app.inject(link)).statusCode, 404, 'and that of a request taken back too')
    })
  }

  test('the mailbox that may say no says why, and the asker reads it as text', async () => {
    await post()
    const person = somebody()
    const browser = await manager.as(person)
    await ask(browser, 'FY002', { 'full-name': MARKUP, 'job-role': MARKUP })
    const mail = to(await post(), 'pharmacy.fy002@nhs.net')
    const reader = openBrowser(manager.app, manager.config.baseUrl)
    const asked = await reader.open(linkIn(mail))
    assert.doesNotMatch(asked.body, /<script>alert/)
    await send(reader, asked, linkIn(mail), { verdict: 'no', reason: MARKUP })
    const told = to(await post(), person.email)
    assert.match(told.subject, /^You were not given access to Mill Road Pharmacy \(FY002\)$/)
    assert.ok(told.body.includes(`They wrote: “${MARKUP}”`))
    const page = await browser.open('/manage/access/requests')
    assert.match(visible(page), /Refused They wrote: “<script>/)
    assert.doesNotMatch(page.body, /<script>alert/)
  })

  const POWERLESS: readonly (readonly [string, string, Record<string, string>, string])[] = [
    ['gus@nhs.net', 'FY005', {}, 'one’s own mailbox proves nothing'],
    ['asks-owner@nhs.net', 'FX123', { role: 'owner' }, 'where there is an owner, an owner decides about another'],
  ]
  for (const [email, odsCode, changed, because] of POWERLESS) {
    test(`the mailbox cannot decide: ${because}`, async () => {
      await post()
      const page = await ask(await manager.as({ ...NEWCOMER, email }), odsCode, changed)
      assert.match(visible(page), /An owner of the pharmacy’s profile, or the team that looks after/)
      assert.ok((await post()).every(({ body }) => !body.includes('/confirm-access/')))
    })
  }

  test('a mailbox that a person wrote into the profile this week cannot decide; a week later it can', async () => {
    await post()
    const editor = await manager.as({ email: 'e@nhs.example', grants: [{ role: 'editor', scope: 'ods:FY006' }] })
    const form = await editor.open('/manage/FY006/contact-details/change')
    const check = await send(editor, form, 'contact-details/change', {
      'professional-email': 'my.own@nhs.net',
      do: 'continue',
    })
    await send(editor, check, '/check', { do: 'save' })
    const mailbox = await db.pool
      .selectFrom('profile')
      .select('document')
      .where('ods_code', '=', 'FY006')
      .executeTakeFirstOrThrow()
    assert.match(JSON.stringify(mailbox.document), /my\.own@nhs\.net/)
    const early = await ask(await manager.as(somebody()), 'FY006', { role: 'owner' })
    assert.match(visible(early), /or the team that looks after the Directory of Services, decides/)
    assert.ok((await post()).every(({ body }) => !body.includes('/confirm-access/')))
    manager.clock.set('2026-12-18T10:35:00Z')
    await ask(await manager.as(somebody()), 'FY006', { role: 'owner' })
    assert.match(codeIn(to(await post(), 'my.own@nhs.net')), /^\d{6}$/)
    manager.clock.set('2026-12-11T10:34:00Z')
  })

  test('two people decide at once: one counts, the other is told', async () => {
    await post()
    const person = somebody()
    await ask(await manager.as(person), 'FX123', { role: 'viewer' })
    const { id } = await db.pool
      .selectFrom('access_request')
      .select('id')
      .where('email', '=', person.email)
      .executeTakeFirstOrThrow()
    const amina = await manager.as(AMINA)
    const lead = await manager.as(LEAD)
    const ours = await amina.open(`/manage/FX123/people/requests/${id}`)
    const theirs = await lead.open(`/workspace/access-requests/${id}`)
    const answers = await Promise.all([
      send(amina, ours, `requests/${id}`, { verdict: 'yes' }),
      send(lead, theirs, `requests/${id}`, { verdict: 'no', reason: 'Not known here' }),
    ])
    const states = answers.map(({ status }) => status).sort()
    assert.deepEqual(states, [200, 409])
    const late = answers.find(({ status }) => status === 409) ?? assert.fail()
    assert.match(visible(late), /This request was (approved|refused) by .* on Friday 11 December 2026 at 10:34am\./)
    const told = (await post()).filter(
      ({ recipient, subject }) => recipient === person.email && !/You asked/.test(subject),
    )
    assert.equal(told.length, 1)
  })

  test('nobody decides about their own request, whatever else they may', async () => {
    const lead = { ...LEAD, email: 'self@nhs.example' }
    const browser = await manager.as(lead)
    await ask(browser, 'FY003')
    const { id } = await db.pool
      .selectFrom('access_request')
      .select('id')
      .where('email', '=', lead.email)
      .executeTakeFirstOrThrow()
    const page = await browser.open(`/workspace/access-requests/${id}`)
    assert.match(visible(page), /This is your own request\. Somebody else has to decide\./)
    const forced = await browser.open(`/workspace/access-requests/${id}`, { ...csrfOf(page), verdict: 'yes' })
    assert.equal(forced.status, 409)
    assert.ok(!(await grantsAt('FY003')).some((grant) => grant.startsWith(lead.email)))
  })

  test('for the same pharmacy somebody asks three times in a month and then talks to somebody', async () => {
    const browser = await manager.as(somebody())
    for (let round = 0; round < 3; round++) await send(browser, await ask(browser, 'FY003'), '/withdraw')
    assert.deepEqual(errorsOf(await ask(browser, 'FY003')), {
      'pick-fy003': 'You have asked for Corner Chemist (FY003) 3 times in 30 days. Contact us',
    })
  })
})

const fieldIn = (page: Page): string => /name="(code-\d+)"/.exec(page.body)?.[1] ?? assert.fail(visible(page))
const csrfOf = (page: Page) => ({ _csrf: /name="_csrf" value="([^"]*)"/.exec(page.body)?.[1] ?? '' })
