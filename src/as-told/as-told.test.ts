import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { saveApiAccount } from '#src/accounts/save-api-account.ts'
import { saveServices } from '#src/directory/save-services.ts'
import { type OpenDb, openDb } from '#src/platform/db/open-db.ts'
import { commitProfiles } from '#src/profiles/commit-profiles.ts'
import { loadProfile } from '#src/profiles/load-profiles.ts'
import type { Profile } from '#src/profiles/profile.ts'
import type { Browser } from '#test/support/browser.ts'
import { aService, USUAL_WEEK } from '#test/support/builders.ts'
import { freshDatabase, testLog } from '#test/support/databases.ts'
import { errorsOf, FIVE_SERVICES, type Manager, startManager, visible } from '#test/support/manage.ts'
import { issueReceipts } from '#test/support/receipts.ts'
import { element, envelope, userInfo, WEB_SERVICES } from '#test/support/soap-client.ts'
import { loadTold } from './load-told.ts'

const UID = 2_000_000_001
const inIcb = (icbCode: string) => ({ parentCode: null, icbCode, healthAndWellbeingBoard: null })
const ENDPOINT = {
  ...{ order: 1, transport: 'email', format: 'PDF', interaction: 'x', scenario: 'Primary' },
  address: 'first@nhs.example',
}
const CLOSURE = {
  ...{ id: 'c1', from: '2026-12-11T13:00', until: '2026-12-11T16:00', writtenTo: '2026-12-11' as const, statutory: [] },
  ...{ ended: false, services: null, reason: 'Power cut', advice: 'Use another pharmacy' },
}

describe('what was told', () => {
  let db: OpenDb
  let manager: Manager
  let lead: Browser
  /** What the memory of the running product held at each moment, taken down while it was the present. */
  const live: { at: string; hash: string | undefined; page: string; soap: string }[] = []

  before(async () => {
    db = await openDb({ ...(await freshDatabase('embedded')), log: testLog })
    manager = await startManager(db, { profile: { commissioning: inIcb('QOP') } })
    const by = { by: 'command:client create', now: manager.clock.now(), pepper: manager.config.secretsPepper }
    const account = { api: 'urgent-care', username: 'u1', password: 'p', role: '1' } as const
    assert.ok((await saveApiAccount(db, account, by)).ok)
    await manager.memory.apiAccounts.refresh()
    await takeDown('2026-12-11T10:34:00.000Z')
    await change('2026-12-11T11:00:00.000Z', { contact: { phone: '01632 960 555' } })
    await change('2026-12-11T11:30:00.000Z', {
      weekly: [...USUAL_WEEK.slice(0, 4), [{ opens: 600, closes: 780 }], [], []],
    })
    await setOther('2026-12-11T11:45:00.000Z', { endpoints: [ENDPOINT] })
    await setOther('2026-12-11T12:00:00.000Z', {
      endpoints: [{ ...ENDPOINT, address: 'second@nhs.example' }],
      capacity: { status: 'RED', resetAt: '2026-12-11T12:45' },
    })
    await change('2026-12-11T13:00:00.000Z', { closures: [CLOSURE] })
    await change('2026-12-11T14:00:00.000Z', { closures: [{ ...CLOSURE, until: '2026-12-11T14:00', ended: true }] })
    lead = await manager.as({
      email: 'lee@nhs.example',
      name: 'Lee Park',
      grants: [{ role: 'lead', scope: 'area:QOP' }],
    })
  })
  after(async () => {
    await manager.close()
    await db.close()
  })

  const context = (at: string) => ({
    ...{ actor: 'person:amina@nhs.example', action: 'set-contact', recordedAt: at, decides: true, issueReceipts },
    onMeeting: 'take' as const,
  })
  async function change(at: string, given: Partial<Profile>) {
    manager.clock.set(at)
    const [done] = await db.transact(async (tx) => {
      const stored = await loadProfile(tx, 'FX123')
      assert.ok(stored)
      const profile = { ...stored.profile, ...given }
      return commitProfiles(tx, [{ before: stored, profile, sections: stored.sections }], {
        ...context(at),
        decides: true,
      })
    })
    await manager.memory.ledger.reached(done?.seq ?? 0)
    await takeDown(at)
  }
  async function setOther(at: string, other: object) {
    manager.clock.set(at)
    const row = await db.pool.selectFrom('service').select('record').where('uid', '=', UID).executeTakeFirstOrThrow()
    const record = {
      ...(row.record as ReturnType<typeof aService>),
      other: { ...other },
    }
    await db.transact((tx) => saveServices(tx, [record], context(at)))
    const { seq } = await db.pool.selectFrom('service').select('seq').where('uid', '=', UID).executeTakeFirstOrThrow()
    await manager.memory.ledger.reached(seq)
    await takeDown(at)
  }
  async function takeDown(at: string) {
    const { body } = await manager.app.inject('/pharmacies/FX123')
    const page = /class="signpost-open[^>]*>([\s\S]*?)<\/p>/.exec(body)?.[0] ?? visibleOf(body)
    const payload = envelope('ServiceDetailsById', userInfo() + element('serviceId', String(UID)), '1.5')
    const headers = { 'content-type': 'application/soap+xml; charset=utf-8' }
    const { body: soap } = await manager.app.inject({ method: 'POST', url: WEB_SERVICES, payload, headers })
    live.push({ at, hash: manager.memory.services.service(UID)?.hash, page, soap })
  }

  const rules = () => ({ holidays: manager.memory.holidays, onlyRecentCapacity: false })
  const tell = (at: string, uid = UID) =>
    loadTold(db.pool, { uid, reach: { everywhere: true }, asAt: new Date(at), knownAt: new Date(at), rules: rules() })

  test('at every moment it is, to the byte, what the running product held then', async () => {
    assert.ok(new Set(live.map(({ hash }) => hash)).size >= 5, 'the moments differ')
    assert.equal(new Set(live.map(({ soap }) => soap)).size, 3, 'none, and two endpoints')
    for (const { at, hash, page, soap } of live) {
      const { answer, agrees } = await tell(at)
      assert.ok(answer.known && agrees, at)
      assert.equal(answer.told.service.hash, hash, at)
      assert.equal(answer.told.soapDetails?.['1.5'], soap, at)
      assert.ok(page.includes(answer.told.page?.state?.sentence ?? 'no state'), `${at}: ${page}`)
    }
  })

  test('capacity lapses and closures lie over it as they did', async () => {
    const cases: readonly [because: string, at: string, capacity: string, closed: boolean][] = [
      ['nobody had set it', '2026-12-11T11:59:59Z', 'GREEN', false],
      ['Red from the moment it was set', '2026-12-11T12:00:00Z', 'RED', false],
      ['it lapsed at a quarter to one', '2026-12-11T12:45:00Z', 'GREEN', false],
      ['a closure is Red', '2026-12-11T13:00:00Z', 'RED', true],
      ['and over when it ended', '2026-12-11T14:00:00Z', 'GREEN', false],
    ]
    for (const [because, at, capacity, closed] of cases) {
      const { answer } = await tell(at)
      assert.ok(answer.known)
      assert.deepEqual([answer.told.capacity, answer.told.isClosed], [capacity, closed], because)
    }
  })

  test('the page says it to each consumer, what changed since, and who changed what when', async () => {
    const page = visible(await lead.open(`/workspace/as-told?uid=${UID}&at=2026-12-11T13:05`))
    assert.match(page, /At 1:05pm on 11 December 2026/)
    assert.match(page, /The public .*The page said Closed now\. Expected to reopen/)
    assert.match(page, /Professionals .*Closed since 1pm today.*Reason: Power cut/)
    assert.match(page, /Capacity Red: it was closed/)
    assert.match(page, /The XML of ServiceDetailsById in SOAP 1\.5.*second@nhs\.example/)
    assert.match(page, /01632 960 555/)
    assert.match(page, /by amina@nhs\.example/)
    assert.match(page, /11:30am on 11 December 2026/)
  })

  test('what was known later of an earlier moment is another answer', async () => {
    const at = 'at=2026-12-11T11:10'
    const then = visible(await lead.open(`/workspace/as-told?uid=${UID}&${at}`))
    const later = visible(await lead.open(`/workspace/as-told?uid=${UID}&${at}&knownAt=2026-12-11T11:45`))
    assert.match(then, /Open Open until 5pm/)
    assert.match(later, /By what was known at 11:45am/)
    assert.match(later, /Open Open until 1pm/)
  })

  test('says "we cannot say" before the directory began, and before a service came', async () => {
    const early = visible(await lead.open(`/workspace/as-told?uid=${UID}&at=2020-05-03T14:05`))
    assert.match(early, /We cannot say.*keeps nothing of that day/)
    const late =
      FIVE_SERVICES[0] && aService({ uid: 2_000_000_050, odsCode: 'FX123', name: 'Late', status: 'COMMISSIONING' })
    assert.ok(late)
    await db.transact((tx) => saveServices(tx, [late], context('2026-12-11T14:10:00.000Z')))
    const before = visible(await lead.open('/workspace/as-told?uid=2000000050&at=2026-12-11T14:05'))
    assert.match(before, /did not have this service yet.*It came at 2:10pm on 11 December 2026/)
    const after = visible(
      await lead.open('/workspace/as-told?uid=2000000050&at=2026-12-11T14:30&knownAt=2026-12-11T14:00'),
    )
    assert.match(after, /did not have this service yet/, 'by what was known before it came')
  })

  test('a minute that never was, that was twice, that is none, and what is to come', async () => {
    const cases: readonly [query: string, status: number, words: RegExp][] = [
      ['at=2026-03-29T01:30', 400, /Clocks went forward over this time/],
      ['at=2025-10-26T01:30', 200, /1:30am \(the first time\).*the second time, after clocks went back/],
      ['at=2025-10-26T01:30-second', 200, /1:30am \(the second time, after clocks went back\)/],
      ['at=2026-05-03T14:05-second', 400, /must be a real date and time/],
      ['at=2026-02-30T10:00', 400, /must be a real date and time/],
      ['at=%00', 400, /must be a real date and time/],
      [`at=${'9'.repeat(10_000)}`, 400, /must be a real date and time/],
      ['at=a&at=b', 400, /must be a real date and time/],
      ['at=2026-12-11T10:40&knownAt=2027-12-11T10:40', 400, /must be now or in the past/],
      ['at=2026-12-14T10:40', 200, /By what was known at 2pm/],
    ]
    for (const [query, status, words] of cases) {
      const page = await lead.ask(`/workspace/as-told?uid=${UID}&${query}`)
      assert.equal(page.status, status, query.slice(0, 60))
      assert.match(visibleOf(page.body), words, query.slice(0, 60))
    }
    for (const uid of ['0', '99999999999', '%00', 'x'.repeat(10_000), "1' or 1=1"]) {
      const { status } = await lead.ask(`/workspace/as-told?uid=${uid}`)
      assert.ok(status === 404 || status === 400, `${uid.slice(0, 20)}: ${status}`)
    }
  })

  test('the form leads to the address of the answer, and by a code to the services of one’s own area only', async () => {
    const when = 'at-day=11&at-month=12&at-year=2026&at-time=1%3A05pm'
    const found = await lead.ask(`/workspace/as-told?service=${UID}&${when}`)
    assert.equal(found.headers.get('location'), `/workspace/as-told?uid=${UID}&at=2026-12-11T13%3A05`)
    assert.match(
      visible(await lead.open(`/workspace/as-told?service=fx123bps&${when}`)),
      /Which service\?.*Minor illness/,
    )
    const wrong = await lead.open('/workspace/as-told?service=&at-day=31&at-month=2&at-year=2026&at-time=late')
    assert.deepEqual(errorsOf(wrong), {
      service: 'Enter a service number or an ODS code',
      'at-day': 'The date must be a real date',
      'at-time': 'Enter a time, like 2:05pm or 14:05',
    })
    const other = await manager.as({ email: 'ola@nhs.example', grants: [{ role: 'lead', scope: 'area:QHL' }] })
    assert.equal((await other.ask(`/workspace/as-told?uid=${UID}&at=2026-12-11T13:05`)).status, 404)
    assert.match(visible(await other.open(`/workspace/as-told?service=FX123&${when}`)), /No service of your area/)
  })
})

const visibleOf = (body: string): string =>
  body
    .replaceAll(/<(script|style)[\s\S]*?<\/\1>/g, ' ')
    .replaceAll(/<[^>]+>/g, ' ')
    .replaceAll(/\s+/g, ' ')
