import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { sql } from 'kysely'
import { closePharmacy, reopenPharmacy } from '#src/closures/close-pharmacy.ts'
import { proposeValue } from '#src/field-queries/values.ts'
import { signUp } from '#src/onboarding/sign-up.ts'
import { holidayCalendar } from '#src/rules/bank-holidays.ts'
import { quarterOf } from '#src/rules/financial-quarter.ts'
import type { Browser } from '#test/support/browser.ts'
import { aProfile, aService } from '#test/support/builders.ts'
import { onBothDatabases } from '#test/support/databases.ts'
import { startManager, storePharmacy, visible } from '#test/support/manage.ts'
import { issueReceipts } from '#test/support/receipts.ts'

const LIST = '/workspace/closures'
const AMINA = 'person:amina@nhs.example'
const inIcb = (icbCode: string) => ({ parentCode: null, icbCode, healthAndWellbeingBoard: null })
const told = { services: null, advice: null, filledInBy: 'Amina Khan', phone: null } as const
const holidays = holidayCalendar([])
const proposing = { sharedMailboxOf: () => null, holidays: () => holidays, issueReceipts }

/** The values of a column of a CSV without commas in its values before it. */
const column = (csv: string, name: string): readonly string[] => {
  const [head = '', ...lines] = csv.replace('\uFEFF', '').trim().split('\n')
  const at = head.split(',').indexOf(name)
  return lines.map((line) => line.split(',')[at] ?? '')
}
const figuresOf = async (browser: Browser) =>
  /Your area now (.*) Look into it/.exec(visible(await browser.open('/workspace')))?.[1]

onBothDatabases((_kind, open) => {
  /** FX123 and FX456 in QX1, FX999 in QX2; FX456 has a Red service. */
  async function area(t: TestContext) {
    const db = await open()
    const manager = await startManager(db, { profile: { commissioning: inIcb('QX1') } })
    t.after(() => manager.close())
    const red = { capacity: { status: 'RED', resetAt: null } }
    const here = aProfile({ odsCode: 'FX456', name: 'Second Chemist', commissioning: inIcb('QX1') })
    await storePharmacy(db, here, [aService({ uid: 2_000_000_050, odsCode: 'FX456', other: red })])
    const there = aProfile({ odsCode: 'FX999', name: 'Far Chemist', commissioning: inIcb('QX2') })
    await storePharmacy(db, there, [aService({ uid: 2_000_000_099, odsCode: 'FX999' })])
    const deps = { db, clock: manager.clock, issueReceipts, holidays: () => holidays }
    const by = () => ({ actor: AMINA, via: 'profile-manager', askedAt: manager.clock.now() }) as const
    const close = async (odsCode: string, id: string, from: string, until: string | null, reason = 'Building work') => {
      const closed = await closePharmacy(deps, odsCode, { ...told, id, from, until, reason }, by())
      assert.ok(closed.ok, JSON.stringify(closed))
    }
    const leadOf = (icb: string) =>
      manager.as({ email: `${icb.toLowerCase()}@nhs.example`, grants: [{ role: 'lead', scope: `area:${icb}` }] })
    return { db, manager, deps, close, leadOf }
  }

  test('the closures of an area: now, planned and over, with what each pharmacy lost this month', async (t) => {
    const { manager, deps, close, leadOf } = await area(t)
    await close('FX123', 'c1', '2026-12-11T10:34', null, 'Power or IT failure')
    await close('FX456', 'c2', '2026-12-14T09:00', '2026-12-14T12:00')
    await close('FX999', 'c3', '2026-12-11T10:34', '2026-12-11T16:00')
    manager.clock.set('2026-12-11T12:44:00Z')
    const lead = await leadOf('QX1')
    const now = visible(await lead.open(LIST))
    assert.match(
      now,
      /1 closure now Hill & Sons \(FX123\) Closed from 10:34am Reopening Nobody knows yet Reason Power or IT failure Notice to the ICB .* Opening hours lost this month 2 hours 10 minutes/,
    )
    assert.doesNotMatch(now, /Second|Far/)
    assert.match(
      visible(await lead.open(`${LIST}?show=planned`)),
      /1 closure planned Second Chemist \(FX456\) Closed from 9am on 14 December 2026 Reopening midday on 14 December 2026 .* lost this month None/,
    )
    for (const query of ['show=x', 'page=0', 'page=9999', 'page=x', 'show=now&show=over', 'show=%00']) {
      assert.equal((await lead.ask(`${LIST}?${query}`)).status, 200, query)
    }
    assert.match(visible(await lead.open(`${LIST}?show=over`)), /No closures over in the last 7 days/)
    assert.ok((await reopenPharmacy(deps, 'FX123', 'c1', { actor: AMINA })).ok)
    assert.match(visible(await lead.open(LIST)), /No closures now/)
    assert.match(
      visible(await lead.open(`${LIST}?show=over`)),
      /1 closure over .* Hill & Sons .* Open again since 12:44pm .* 2 hours 10 minutes/,
    )
    const other = visible(await (await leadOf('QX2')).open(LIST))
    assert.match(other, /1 closure now Far Chemist \(FX999\) .* Reopening 4pm/)
    assert.doesNotMatch(other, /Hill|Second/)
    manager.clock.set('2026-12-11T16:00:00Z')
    const over = `${LIST}?show=over`
    assert.match(visible(await (await leadOf('QX2')).open(over)), /Open again since 4pm .* 5 hours 26 minutes/)
    manager.clock.set('2026-12-19T16:00:00Z')
    assert.match(visible(await (await leadOf('QX2')).open(over)), /No closures over/)
  })

  test('each figure counts the list that it opens, of one’s own area alone', async (t) => {
    const { manager, close, leadOf } = await area(t)
    await close('FX123', 'c1', '2026-12-11T10:34', null)
    const lead = await leadOf('QX1')
    const changed = new Set(column((await lead.open('/reports/daily-changes.csv')).body, 'uid')).size
    const incomplete = column((await lead.open('/reports/verification.csv')).body, 'complete').filter(
      (is) => is === 'no',
    )
    assert.ok(changed > 1)
    assert.equal(
      await figuresOf(lead),
      `Changes today ${changed} services changed Not verified this quarter ${incomplete.length} pharmacies with something left to check Closures now 1 closure Quality flags No things to put right Red now 1 service`,
    )
    const words = new RegExp(`changes of ${changed} services on this day`)
    assert.match(visible(await lead.open('/reports/daily-changes')), words)
    assert.match(visible(await lead.open('/capacity?show=red')), /Second Chemist, FX456/)
    const nothing =
      'Changes today No services changed Not verified this quarter No pharmacies with something left to check Closures now No closures Quality flags No things to put right Red now No services'
    assert.equal(await figuresOf(await leadOf('QX9')), nothing)
    assert.equal(await figuresOf(await leadOf('QX2')), nothing.replace('No pharmacies with', '1 pharmacy with'))
    const national = await manager.as({ email: 'nat@nhs.example', grants: [{ role: 'national', scope: '' }] })
    assert.match(
      (await figuresOf(national)) ?? '',
      /3 pharmacies with .* 1 closure Quality flags No things to put right Red now 1 service/,
    )
  })

  test('a queue counts what waits in the area that is chosen, and its list shows that alone', async (t) => {
    const { db, manager } = await area(t)
    const asker = { personId: 1, email: 'nat@nhs.example', name: 'Nat', grants: [] }
    const proposal = {
      odsCode: 'FX999',
      field: 'phone',
      base: '01632 960001',
      asked: '01632 960999',
      reason: 'Rang it',
    }
    const asked = await proposeValue({ ...proposing, db, clock: manager.clock }, asker as never, proposal as never)
    assert.equal(asked.outcome, 'proposed')
    const national = await manager.as({ email: 'nat@nhs.example', grants: [{ role: 'national', scope: '' }] })
    const count = async (query: string) =>
      /waiting changes and proposals (\w+) waiting/.exec(visible(await national.open(`/workspace${query}`)))?.[1]
    assert.deepEqual([await count(''), await count('?area=QX2'), await count('?area=QX1')], ['1', '1', 'Nothing'])
    const page = await national.open('/workspace?area=QX1')
    const lists = ['access-requests', 'place-changes', 'queries', 'queries?show=overdue', 'conflicts']
    for (const list of [...lists, 'approvals', 'onboarding', 'wrong-reports']) {
      const address = `/workspace/${list}${list.includes('?') ? '&' : '?'}area=QX1`
      assert.ok(page.body.includes(`href="${address.replace('&', '&amp;')}"`), address)
      assert.doesNotMatch(visible(await national.open(address)), /Far Chemist|no area with the code/)
    }
    assert.match(visible(await national.open('/workspace/conflicts?area=QX2')), /Far Chemist, FX999/)
    assert.match(visible(page), /Tickets Nothing waiting in all of England/)
  })

  test('contacts to confirm and to put right are those of the area, its ICBs with it', async (t) => {
    const { db, manager } = await area(t)
    const contact = { level: 'local', mailbox: 'a@b.example', owner: 'Lee', version: 1, changed_by: 'person:lee' }
    const changed_at = manager.clock.now().toISOString()
    const contacts = [
      { ...contact, changed_at, area_code: 'QX1', name: 'Near team' },
      { ...contact, changed_at, area_code: 'QX2', name: 'Far team' },
    ]
    await db.pool.insertInto('dos_contact').values(contacts).execute()
    const wrong = { area_code: 'QX2', words: 'Nobody answers', asked_by: 'person:lee', asked_at: changed_at }
    await db.pool.insertInto('dos_contact_correction').values(wrong).execute()
    const region = { icb_ods_code: 'QX2', kind: 'region', code: 'YFAR', name: 'Far Region' } as const
    await db.pool.insertInto('area_choice').values(region).execute()
    const national = await manager.as({ email: 'nat@nhs.example', grants: [{ role: 'national', scope: '' }] })
    for (const [query, due, open, there, absent] of [
      ['', '2', '1', /Near team|Far team/, /no area with the code/],
      ['area=QX1', '1', 'Nothing', /Near team/, /Far team/],
      ['area=QX2', '1', '1', /Far team/, /Near team/],
      ['area=YFAR', '1', '1', /Far team/, /Near team/],
    ] as const) {
      const workspace = await national.open(`/workspace?${query}`)
      const words = visible(workspace)
      assert.ok(words.includes(`Contacts to confirm ${due} waiting`), `${query}: ${words}`)
      assert.ok(words.includes(`Contacts that readers say are wrong ${open} waiting`), `${query}: ${words}`)
      const list = visible(await national.open(`/workspace/contacts?show=due&${query}`))
      assert.match(list, there)
      assert.doesNotMatch(list, absent)
      assert.ok(list.includes(`${due} contact`), list)
      const corrections = visible(await national.open(`/workspace/contact-corrections?${query}`))
      assert.equal(corrections.includes('Nobody answers'), open === '1', query)
    }
  })

  test('changes to approve, sign-ups and reports of an area are those of its pharmacies', async (t) => {
    const { db, manager } = await area(t)
    const asker = { personId: 1, email: 'lee@nhs.example', name: 'Lee', grants: [] }
    const signing = { db, clock: manager.clock, sharedMailboxOf: () => null }
    const signed = await signUp(signing, asker as never, { odsCode: 'FX999', serviceCode: 'OWN-PHARMACY-FIRST' })
    assert.equal(signed.outcome, 'signed-up')
    const at = manager.clock.now().toISOString()
    await sql`
      insert into service_edit (uid, author, state, base, proposed, reason, begun_at, changed_at, submitted_at)
      values
        (2000000099, 'person:lee@nhs.example', 'waiting', '{}', '{"name":"Far Chemist"}', '', ${at}, ${at}, ${at}),
        (null, 'person:lee@nhs.example', 'waiting', '{}', '{"name":"Far Chemist clinic","odsCode":"FX99901"}', '',
          ${at}, ${at}, ${at})`.execute(db.pool)
    await sql`
      insert into wrong_report (ods_code, what, told_at, due_at, state)
      values ('FX999', 'phone', ${at}, ${at}, 'waiting')`.execute(db.pool)
    const national = await manager.as({ email: 'nat@nhs.example', grants: [{ role: 'national', scope: '' }] })
    const table = [
      ['approvals', 'Record changes to approve', '2'],
      ['onboarding', 'Referral services to set up', '1'],
      ['wrong-reports', 'What people say is wrong', '1'],
    ] as const
    for (const [list, title, waiting] of table) {
      for (const [query, expected] of [
        ['', waiting] as const,
        ['?area=QX2', waiting] as const,
        ['?area=QX1', 'Nothing'] as const,
      ]) {
        const workspace = visible(await national.open(`/workspace${query}`))
        assert.ok(workspace.includes(`${title} ${expected} waiting`), `${title}${query}: ${workspace}`)
        const shown = visible(await national.open(`/workspace/${list}${query}`))
        assert.equal(shown.includes('Far Chemist'), expected !== 'Nothing', `${list}${query}`)
      }
    }
  })

  test('a pharmacy that checks everything leaves the figure, as it leaves the report', async (t) => {
    const { db, manager, leadOf } = await area(t)
    const lead = await leadOf('QX1')
    const attest = (section: string) =>
      db.pool
        .insertInto('attestation')
        .values({
          ...{ ods_code: 'FX456', section, attested_at: manager.clock.now().toISOString(), person: AMINA },
          ...{ quarter: quarterOf('2026-12-11').id, profile_version: 1, content_hash: 'x', audit_seq: 1 },
        })
        .execute()
    for (const section of ['contact', 'hours', 'holidays', 'services']) await attest(section)
    assert.match((await figuresOf(lead)) ?? '', /2 pharmacies with/)
    await attest('facilities')
    const report = column((await lead.open('/reports/verification.csv')).body, 'complete')
    assert.deepEqual(report, ['no', 'yes'])
    assert.match((await figuresOf(lead)) ?? '', /1 pharmacy with/)
  })
})
