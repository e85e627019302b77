import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type OpenDb, openDb } from '#src/platform/db/open-db.ts'
import { commitProfiles } from '#src/profiles/commit-profiles.ts'
import { loadProfile } from '#src/profiles/load-profiles.ts'
import type { Profile } from '#src/profiles/profile.ts'
import type { Browser } from '#test/support/browser.ts'
import { aProfile, aService } from '#test/support/builders.ts'
import { pageDatabase, testLog } from '#test/support/databases.ts'
import { errorsOf, type Manager, send, startManager, storePharmacy, visible } from '#test/support/manage.ts'
import { issueReceipts } from '#test/support/receipts.ts'

const formAction = (body: string): string =>
  /action="(\/reports\/verification\/letters[^"]+)"/.exec(body)?.[1]?.replaceAll('&amp;', '&') ?? ''

const inIcb = (icbCode: string) => ({ parentCode: null, icbCode, healthAndWellbeingBoard: null })

describe('reports', () => {
  let db: OpenDb
  let manager: Manager
  let lead: Browser
  before(async () => {
    db = await openDb({ ...(await pageDatabase()), log: testLog })
    manager = await startManager(db, { profile: { commissioning: inIcb('QOP') } })
    const theirs = aProfile({ odsCode: 'FX999', name: 'Elsewhere Pharmacy', commissioning: inIcb('QHL') })
    await storePharmacy(db, theirs, [aService({ uid: 2_000_000_099, odsCode: 'FX999', name: 'Elsewhere service' })])
    await edit('FX123', { contact: { phone: '01632 960 555' } })
    await edit('FX999', { contact: { phone: '01632 960 666' } })
    lead = await manager.as({ email: 'lee@nhs.example', grants: [{ role: 'lead', scope: 'area:QOP' }] })
  })
  after(async () => {
    await manager.close()
    await db.close()
  })

  const edit = (odsCode: string, given: Partial<Profile>, at = manager.clock.now()) =>
    db.transact(async (tx) => {
      const stored = await loadProfile(tx, odsCode)
      assert.ok(stored)
      await commitProfiles(
        tx,
        [{ before: stored, profile: { ...stored.profile, ...given }, sections: stored.sections }],
        {
          actor: 'person:amina@nhs.example',
          action: 'set-contact',
          recordedAt: at.toISOString(),
          decides: true,
          issueReceipts,
          onMeeting: 'take',
        },
      )
    })

  test('a day shows the changes of one’s own area, in words, whatever area the address names', async () => {
    for (const address of ['/reports/daily-changes', '/reports/daily-changes?area=QHL&date=2026-12-11']) {
      const page = visible(await lead.open(address))
      assert.match(page, /Friday 11 December 2026/)
      assert.match(page, /01632 960 555/)
      assert.doesNotMatch(page, /01632 960 666|Elsewhere/)
    }
    assert.match(visible(await lead.open('/reports/daily-changes?area=QHL')), /no area with the code QHL among those/)
    const file = await lead.ask('/reports/daily-changes.csv?area=QOP&date=2026-12-11')
    assert.match(file.body, /FX123,/)
    assert.doesNotMatch(file.body, /FX999/)
    for (const path of ['daily-changes', 'verification', 'verification/late', 'gaps']) {
      const sent = await lead.ask(`/reports/${path}.csv?area=QOP`)
      assert.deepEqual([sent.status, sent.headers.get('content-length')], [200, null], `${path} is sent as it is read`)
    }
    const other = await lead.ask('/reports/daily-changes.csv?area=QHL&date=2026-12-11')
    assert.deepEqual([other.status, /FX/.test(other.body)], [400, false], 'a file of another area would be believed')
  })

  test('a day can be narrowed to a field and a pharmacy, in the file as well, and never to another area’s', async () => {
    const lines = async (query: string) =>
      (await lead.ask(`/reports/daily-changes.csv?${query}`)).body.trim().split('\n').length - 1
    assert.ok((await lines('field=phone')) > 0)
    assert.equal(await lines('field=phone'), await lines('field=phone&ods=fx123'))
    assert.equal(await lines('field=status'), 0)
    assert.equal(await lines('field=new&all=yes'), 0, 'the services came on another day')
    assert.equal(await lines('ods=FX999'), 0, 'of another area')
    assert.equal(await lines('field=nonsense'), await lines(''), 'a field that is none leaves nothing out')
    const page = await lead.open('/reports/daily-changes?field=phone&ods=FX123')
    assert.match(visible(page), /Only: Phone, pharmacy FX123\./)
    assert.match(page.body, /daily-changes\.csv\?date=2026-12-11&amp;field=phone&amp;ods=FX123"/)
    assert.match(visible(await lead.open('/reports/daily-changes?field=status')), /Nothing of this changed on this day/)
    const wrong = await lead.open('/reports/daily-changes?ods=FX1')
    assert.deepEqual(errorsOf(wrong), { ods: 'ODS code must be 5 letters and numbers, like FA002' })
    assert.match(wrong.body, /id="ods-error"/)
  })

  test('who reads reports chooses on the account when they come by email, and others are not asked', async () => {
    const page = await lead.open('/account/daily-email')
    assert.match(page.body, /value="all-days" checked/, 'a lead gets them on all days until they say otherwise')
    const saved = await send(lead, page, '/account/daily-email', { days: 'working-days' })
    assert.match(saved.body, /Your choice is saved\./)
    assert.match((await lead.open('/account/daily-email')).body, /value="working-days" checked/)
    await send(lead, page, '/account/daily-email', { days: 'working-days' })
    const entries = await db.pool
      .selectFrom('audit')
      .select(['target', 'detail'])
      .where('action', '=', 'choose-daily-email')
      .execute()
    assert.deepEqual(
      entries.map(({ target, detail }) => [target, detail]),
      [['person:lee@nhs.example', '{"days":"working-days"}']],
      'the same again is no change',
    )
    const wrong = await send(lead, page, '/account/daily-email', { days: 'hourly' })
    assert.deepEqual(errorsOf(wrong), { days: 'Select whether you want the email' })
    const owner = await manager.as({ email: 'amina@nhs.example', grants: [{ role: 'owner', scope: 'ods:FX123' }] })
    assert.doesNotMatch((await owner.open('/account')).body, /daily-email/)
    assert.equal((await owner.ask('/account/daily-email')).status, 403)
  })

  test('an empty day says so, and a day that is no date or still to come is refused', async () => {
    assert.match(visible(await lead.open('/reports/daily-changes?date=2026-12-01')), /Nothing changed on this day/)
    await edit('FX123', { contact: { phone: '01632960555' } }, new Date('2026-12-09T10:00:00Z'))
    const spelling = visible(await lead.open('/reports/daily-changes?date=2026-12-09'))
    assert.match(spelling, /Nothing changed on this day\. .* 4 services changed in spelling alone\./)
    const odd = [
      ['date-day=31&date-month=2&date-year=2026', /The day must be a real date/],
      ['date=2026-02-31', /The day must be a real date/],
      ['date-day=12&date-month=12&date-year=2026', /The day must be today or in the past/],
    ] as const
    for (const [query, message] of odd) {
      const page = visible(await lead.open(`/reports/daily-changes?${query}`))
      assert.equal(page.match(/There is a problem/g)?.length, 1)
      assert.match(page, message)
    }
  })

  test('the verification of a quarter counts the pharmacies of one’s own area, and names those that are late', async () => {
    const page = visible(await lead.open('/reports/verification?area=QHL'))
    assert.match(page, /October to December 2026/)
    assert.match(page, /Everything : 0 of 1 \(0%\)/)
    assert.match(page, /no area with the code QHL among those that you may see/)
    assert.match(
      page,
      /Hill & Sons , FX123 Contact details Not checked .* Last heard from 11 December 2026 Last reminder None/,
    )
    const beyond = visible(await lead.open('/reports/verification?page=99'))
    assert.match(beyond, /FX123/, 'a page beyond the last is the last')
    assert.doesNotMatch(beyond, /Previous page/)
    assert.doesNotMatch(page, /Elsewhere/)
    const file = await lead.ask('/reports/verification.csv?quarter=2026-27-Q3')
    assert.deepEqual(
      file.body
        .trim()
        .split('\n')
        .map((line) => line.split(',')[1]),
      ['odsCode', 'FX123'],
    )
    const later = visible(await lead.open('/reports/verification?quarter=2027-28-Q1'))
    assert.match(
      later,
      /The quarter April to June 2027 is still to come: there is no report of it yet\. This is October/,
    )
    const nonsense = visible(await lead.open('/reports/verification?quarter=Q9&area=%00'))
    assert.match(nonsense, /There is no such quarter: quarters are written like 2026-27-Q3/)
    for (const kind of ['csv', 'xlsx', 'pdf']) {
      assert.equal((await lead.ask(`/reports/verification.${kind}?quarter=2027-28-Q1`)).status, 400)
      assert.equal((await lead.ask(`/reports/verification.${kind}?area=QHL`)).status, 400)
      assert.equal((await lead.ask(`/reports/verification.${kind}?area=QOP`)).status, 200)
    }
    const empty = await manager.as({ email: 'eve@nhs.example', grants: [{ role: 'lead', scope: 'area:QXX' }] })
    assert.match(visible(await empty.open('/reports/verification')), /There are no pharmacies in this area/)
    assert.equal((await empty.ask('/reports/verification.csv')).body.trim().split('\n').length, 1)
  })

  test('letters are drafted for those of one’s area that are late, changed by whoever sends them, and kept nowhere', async () => {
    const address = '/reports/verification/letters/FX123?kind=reminder'
    const page = await lead.open(address)
    assert.match(visible(page), /Reminder to check the profile .* Nothing is sent or kept here/)
    assert.match(page.body, /Please check them by 31 December 2026/)
    const action = formAction(page.body)
    const file = await lead.submit(page, action, { text: 'Dear Hill,\r\n\r\n=1+1\r\n' })
    assert.equal(file.body, 'Dear Hill,\n\n=1+1\n')
    for (const [text, message] of [
      ['  ', 'Enter the letter'],
      ['x'.repeat(20_001), 'The letter must be 20,000 characters or fewer'],
    ] as const) {
      const wrong = await lead.submit(page, action, { text })
      assert.deepEqual([wrong.status, errorsOf(wrong)], [400, { text: message }])
    }
    for (const odd of ['FX999', 'FX124', '%00', 'a'.repeat(200)])
      assert.equal((await lead.ask(`/reports/verification/letters/${odd}?kind=reminder`)).status, 404, odd)
    for (const odd of ['kind=remedial', 'kind=nonsense', ''])
      assert.equal((await lead.ask(`/reports/verification/letters/FX123?${odd}`)).status, 404, odd)
    const all = await lead.ask('/reports/verification/letters.txt?kind=reminder')
    assert.match(all.body, /Hill & Sons \(FX123\)/)
    assert.doesNotMatch(all.body, /FX999/)
  })

  test('a lead who is moved to another area sees that one alone from the next page on', async () => {
    const moved = await manager.as({ email: 'mo@nhs.example', grants: [{ role: 'lead', scope: 'area:QOP' }] })
    const pages = [
      '/reports/daily-changes',
      '/reports/daily-changes.csv',
      '/reports/verification',
      '/reports/verification.csv',
    ]
    for (const address of pages) assert.match((await moved.open(address)).body, /FX123/)
    await db.pool.updateTable('role_grant').set({ scope: 'area:QHL' }).where('email', '=', 'mo@nhs.example').execute()
    for (const address of pages) {
      const { body } = await moved.open(address)
      assert.match(body, /FX999/, address)
      assert.doesNotMatch(body, /FX123/, address)
    }
    await db.pool.deleteFrom('role_grant').where('email', '=', 'mo@nhs.example').execute()
    for (const address of pages) assert.equal((await moved.ask(address)).status, 403, address)
  })

  test('the national team sees all of England and may choose an area', async () => {
    const national = await manager.as({ email: 'nia@nhs.example', grants: [{ role: 'national', scope: '' }] })
    assert.match(visible(await national.open('/reports/verification')), /0 of 2/)
    assert.match(visible(await national.open('/reports/verification?area=QHL')), /Elsewhere Pharmacy/)
    const workspace = await national.open('/workspace?area=QHL')
    assert.match(visible(workspace), /\(QHL\) now .* Not verified this quarter 1 pharmacy with something left to check/)
    assert.match(workspace.body, /href="\/reports\/verification\?area=QHL"/, 'a figure opens the list of the same area')
    assert.match(visible(await lead.open('/workspace?area=QHL')), /no area with the code QHL .* about all your areas/)
  })
})
