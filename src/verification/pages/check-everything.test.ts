import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import type { Profile } from '#src/profiles/profile.ts'
import { QUARTERLY_SECTIONS } from '#src/profiles/sections-due.ts'
import type { Browser, Page } from '#test/support/browser.ts'
import { aProfile, UNCHECKED } from '#test/support/builders.ts'
import { onBothDatabases } from '#test/support/databases.ts'
import { AMINA, BEN, errorsOf, type Manager, send, startManager, storePharmacy, visible } from '#test/support/manage.ts'

const ANSWERED = { '2026-12-25': { answer: 'closed' }, '2026-12-28': { answer: 'closed' } } as const
const PATH = '/manage/FX123/check-everything'
/** Everything answered, so that all of it can be confirmed. */
const READY: Partial<Profile> = {
  contact: { phone: '01632 960001', professionalPhone: '01632 960777' },
  holidays: ANSWERED,
  services: {
    EPS0001: { offered: true, hours: null, byAppointment: false, bookingLink: null, from: null, to: null },
  },
  facilities: { '30': { has: true } },
}
const ALL_CORRECT = Object.fromEntries(QUARTERLY_SECTIONS.map((section) => [section, 'correct']))
const ALL_CHANGE = Object.fromEntries(QUARTERLY_SECTIONS.map((section) => [section, 'change']))
const ALL_UNDEFINED = Object.fromEntries(QUARTERLY_SECTIONS.map((section) => [section, undefined]))

onBothDatabases((kind, open) => {
  let manager: Manager
  let amina: Browser
  before(async () => {
    manager = await startManager(await open(), { profile: READY })
  })
  after(() => manager.close())
  // Every test has a day of its own, so that nothing is a second click.
  let day = 11
  beforeEach(async () => {
    day += 1
    manager.clock.set(`2026-12-${day}T10:34:00Z`)
    amina = await manager.as(AMINA)
  })
  const submit = async (given: Record<string, string | undefined>, as = amina): Promise<Page> =>
    send(as, await as.open(PATH), PATH, { declaration: 'yes', ...ALL_CORRECT, ...given })
  const receiptCount = async () => (await manager.db.pool.selectFrom('receipt').select('hash').execute()).length

  describe(`${kind}: check everything`, () => {
    test('one button confirms all sections and leads to the receipt', async () => {
      const hub = await amina.open('/manage/FX123')
      assert.match(hub.body, /href="\/manage\/FX123\/check-everything"[^>]*>\s*Check everything/)
      const page = await amina.open(PATH)
      assert.match(visible(page), /Nobody has checked this yet/)
      const receipt = await amina.submit(page, PATH, { do: 'all' })
      assert.equal(receipt.url.pathname, '/manage/FX123/receipts/SP-2026-27-Q3-FX123-0001')
      const words = visible(receipt)
      assert.match(
        words,
        /You confirmed your contact details, standard opening times, bank holidays, services and facilities/,
      )
      assert.match(words, /Submitted by Amina Khan/)
      assert.match(words, /Monday: 9am to 5pm/)
      assert.match(words, /Services: checked, everything is correct .*: Yes/)
      assert.match(page.body, /value="all"/)
      assert.match(words, /Professional phone number: checked \(not public, so not shown here\)/)
      assert.doesNotMatch(receipt.body, /960777/)
      const rows = await manager.db.pool.selectFrom('attestation').selectAll().orderBy('section').execute()
      assert.deepEqual(
        rows.map(({ section, quarter, person, profile_version }) => [section, quarter, person, profile_version]),
        ['contact', 'facilities', 'holidays', 'hours', 'services'].map((section) => [
          section,
          '2026-27-Q3',
          'person:amina@nhs.example',
          1,
        ]),
      )
      assert.equal(new Set(rows.map(({ submission_id }) => submission_id)).size, 1, 'one submission')
      assert.match(
        visible(await amina.open(PATH)),
        /Nothing has changed since Amina Khan checked it on 12 December 2026/,
      )
    })

    test('the same page sent twice is one check', async () => {
      const page = await amina.open(PATH)
      const count = await receiptCount()
      const twice = await Promise.all([
        amina.copy().submit(page, PATH, { ...ALL_CORRECT, declaration: 'yes' }),
        amina.copy().submit(page, PATH, { ...ALL_CORRECT, declaration: 'yes' }),
      ])
      assert.equal(new Set(twice.map(({ url }) => url.pathname)).size, 1)
      assert.equal(await receiptCount(), count + 1)
    })

    test('two people who check at once get a receipt each, one after the other in the chain', async () => {
      const ben = await manager.as(BEN)
      const [first, second] = [await amina.open(PATH), await ben.open(PATH)]
      const receipts = await Promise.all([
        amina.submit(first, PATH, { do: 'all' }),
        ben.submit(second, PATH, { do: 'all' }),
      ])
      const numbers = receipts.map(({ url }) => Number(url.pathname.slice(-4)))
      assert.equal(Math.abs((numbers[0] ?? 0) - (numbers[1] ?? 0)), 1)
    })

    const wrong: readonly (readonly [because: string, given: Record<string, string | undefined>, errors: object])[] = [
      [
        'a section without an answer',
        { hours: undefined },
        { hours: 'Tell us if your standard opening times are correct' },
      ],
      [
        'nothing answered',
        { ...ALL_UNDEFINED, declaration: undefined },
        {
          contact: 'Tell us if your contact details are correct',
          hours: 'Tell us if your standard opening times are correct',
          holidays: 'Tell us if your bank holidays are correct',
          services: 'Tell us if your services are correct',
          facilities: 'Tell us if your facilities are correct',
          declaration: 'Confirm that you have read these details',
        },
      ],
      ['no declaration', { declaration: undefined }, { declaration: 'Confirm that you have read these details' }],
      [
        'an answer that no form of ours has',
        { contact: 'maybe' },
        { contact: 'Tell us if your contact details are correct' },
      ],
    ]
    for (const [because, given, errors] of wrong) {
      test(`is not taken with ${because}, and says so`, async () => {
        const count = await receiptCount()
        const page = await submit(given)
        assert.equal(page.status, 422, visible(page))
        assert.deepEqual(errorsOf(page), errors)
        assert.match(page.body, /<title>\s*Error: /)
        assert.equal(await receiptCount(), count)
      })
    }

    test('a section to change is not confirmed: the others are, and its form comes next', async () => {
      const page = await submit({ hours: 'change' })
      assert.equal(page.url.pathname, '/manage/FX123/opening-times/change')
      const last = await manager.db.pool.selectFrom('submission').selectAll().orderBy('id', 'desc').executeTakeFirst()
      assert.deepEqual(last?.checked, ['contact', 'holidays', 'services', 'facilities'])
    })

    test('several sections to change wait on the receipt', async () => {
      const page = await submit({ hours: 'change', holidays: 'change' })
      assert.match(page.url.pathname, /\/receipts\/SP-/)
      assert.match(page.body, /href="\/manage\/FX123\/opening-times\/change">Change standard opening times/)
      assert.match(page.body, /href="\/manage\/FX123\/bank-holidays\/change">Change bank holidays/)
    })

    test('when all is to change nothing is declared and nothing recorded', async () => {
      const count = await receiptCount()
      const page = await submit({ ...ALL_CHANGE, declaration: undefined })
      assert.equal(page.url.pathname, '/manage/FX123/contact-details/change')
      assert.equal(await receiptCount(), count)
    })

    test('what somebody changed meanwhile is shown, and nothing is recorded until it was read', async () => {
      const page = await amina.open(PATH)
      const ben = await manager.as(BEN)
      manager.clock.set(`2026-12-${day}T10:44:00Z`)
      const form = await ben.open('/manage/FX123/contact-details/change')
      const check = await send(ben, form, 'contact-details/change', {
        phone: '01632 960123',
        'professional-phone': '01632 960888',
      })
      await ben.submit(check, 'contact-details/change/check')
      const count = await receiptCount()
      const stale = await amina.submit(page, PATH, { ...ALL_CORRECT, declaration: 'yes' })
      assert.equal(stale.status, 409)
      assert.deepEqual(errorsOf(stale), {
        'contact-theirs': 'Ben Okafor changed contact details at 10:44am. Read their change',
      })
      assert.match(visible(stale), /Public phone number Before: 01632 960001 Now: 01632 960 123/)
      assert.match(
        visible(stale),
        /Professional phone number Before: 01632 960777 Now: 01632 960 888/,
        'it is their own',
      )
      assert.equal(await receiptCount(), count)
      const done = await send(amina, stale, PATH, { contact: 'correct', declaration: 'yes' })
      assert.match(done.url.pathname, /\/receipts\//, 'the other answers were kept')
    })

    test('what changed since the last check is told in words', async () => {
      const ben = await manager.as(BEN)
      const form = await ben.open('/manage/FX123/contact-details/change')
      const check = await send(ben, form, 'contact-details/change', { phone: '01632 960001' })
      const saved = await ben.submit(check, 'contact-details/change/check')
      assert.equal(saved.status, 200)
      const words = visible(await amina.open(PATH))
      assert.match(
        words,
        /Changed since .* checked it on \d+ December 2026: Public phone number Before: 01632 960 123 Now: 01632 960 001/,
      )
    })

    test('a page that does not say what was read confirms nothing', async () => {
      for (const version of [undefined, '99', 'x', '0']) {
        const page = await submit({ version })
        assert.equal(page.status, 409, `version ${version}`)
        assert.match(errorsOf(page)['contact'] ?? '', /Read your contact details again/)
      }
    })
  })

  test(`${kind}: what cannot be confirmed says why, and the rest can be`, async () => {
    const odsCode = 'FX456'
    const profile = aProfile({ odsCode, weekly: [null, [], [], [], [], [], []] })
    await storePharmacy(manager.db, profile)
    const owner = await manager.as({
      ...AMINA,
      email: 'olu@nhs.example',
      grants: [{ role: 'owner', scope: 'ods:FX456' }],
    })
    await manager.memory.ledger.reached(0)
    const page = await owner.open('/manage/FX456/check-everything')
    const words = visible(page)
    assert.match(
      words,
      /You cannot confirm your bank holidays yet Tell us if you are open on Christmas Day, Friday 25 December 2026, before you confirm/,
    )
    assert.match(words, /Tell us the hours of every day before you confirm them/)
    assert.match(page.body, /href="\/manage\/FX456\/bank-holidays\/change">Answer bank holidays/)
    assert.doesNotMatch(page.body, /value="all"/, 'no shortcut')
    const done = await send(owner, page, 'check-everything', { contact: 'correct', declaration: 'yes' })
    assert.match(visible(done), /You confirmed your contact details\./)
    const [row] = await manager.db.pool.selectFrom('submission').selectAll().where('ods_code', '=', odsCode).execute()
    assert.deepEqual(row?.checked, ['contact'])
    assert.equal(UNCHECKED.contact.checkedAt, null)
  })
})
