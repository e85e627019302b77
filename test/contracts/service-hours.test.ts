/** Services with hours of their own, seen from everywhere: the search of NHS 111, open data, public pages, the hub. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { decideSetServices } from '#src/profiles/decide-services.ts'
import { loadProfile } from '#src/profiles/load-profiles.ts'
import type { ServiceAnswer } from '#src/profiles/profile.ts'
import { saveProfileChange } from '#src/profiles/save-profile-change.ts'
import { openBrowser, signInAs } from '#test/support/browser.ts'
import { issueReceipts } from '#test/support/receipts.ts'
import { REFERENCE, type SoapClient, serviceLine, startSoap, uidsIn } from '#test/support/soap-client.ts'

const NINE_TO_SEVEN = {
  openAllHours: false,
  weekly: [...Array.from({ length: 5 }, () => [['09:00', '19:00']]), [], []],
}
const PHARMACY = 1001
const FIRST = 1002
const PRESSURE = 1003
const LINES = [
  serviceLine(PHARMACY, { ...NINE_TO_SEVEN, odsCode: 'FZ001', postcode: 'ZZ1 1AA', name: 'Hill Pharmacy' }),
  serviceLine(FIRST, { ...NINE_TO_SEVEN, odsCode: 'FZ001PF1', typeId: 132, name: 'Pharmacy First at Hill' }),
  serviceLine(PRESSURE, { ...NINE_TO_SEVEN, odsCode: 'FZ001BPS', typeId: 148, status: 'CLOSED', name: 'Pressure' }),
]
const TYPES = [
  ...REFERENCE.types,
  { id: 132, name: 'Pharmacy Enhanced', rank: 3 },
  { id: 148, name: 'Blood pressure', rank: 4 },
]

const yes: ServiceAnswer = {
  offered: true,
  hours: null,
  byAppointment: false,
  bookingLink: null,
  from: null,
  to: null,
}
const NINE_TO_FIVE = [...Array.from({ length: 5 }, () => [{ opens: 540, closes: 1020 }]), [], []]

describe('a service that ends at 5pm in a pharmacy that closes at 7pm', () => {
  let client: SoapClient
  /** A Wednesday in summer: London is an hour ahead. */
  const at = (clockTime: string) => client.clock.set(`2026-08-05T${clockTime}:00+01:00`)
  const found = async (minute: string) => {
    at(minute)
    return uidsIn(await client.ask())
  }

  before(async () => {
    client = await startSoap(LINES, { reference: { ...REFERENCE, types: TYPES } })
  })
  after(() => client.close())

  const say = async (answers: Record<string, ServiceAnswer>) => {
    const { db, clock, memory } = client
    const stored = await loadProfile(db.pool, 'FZ001')
    const saved = await saveProfileChange(
      { db, clock, issueReceipts },
      {
        odsCode: 'FZ001',
        section: 'services',
        expectedVersion: stored?.version ?? 0,
        actor: 'person:amina@nhs.example',
        action: 'set-services',
        decide: (profile) => decideSetServices(profile, answers, { today: '2026-08-05' }),
      },
    )
    assert.ok(saved.outcome === 'saved', JSON.stringify(saved))
    await memory.ledger.reached(saved.seq)
  }

  test('is found at 5:30pm as long as nobody says otherwise, and the closed one is not', async () => {
    assert.equal(await found('17:30'), `${PHARMACY} ${FIRST}`)
  })

  test('is not found at 5:30pm once it has hours of its own, and a service that is offered is', async () => {
    await say({ 'OWN-PHARMACY-FIRST': { ...yes, hours: NINE_TO_FIVE }, SRV0560: yes })
    assert.equal(await found('16:30'), `${PHARMACY} ${FIRST} ${PRESSURE}`)
    assert.equal(await found('17:30'), `${PHARMACY} ${PRESSURE}`)
  })

  test('is closed at 5:30pm in open data, which says until when it is given', async () => {
    at('17:30')
    const services = await client.app.inject('/api/v1/services?postcode=ZZ1%201AA&type=13,132,148')
    assert.deepEqual(
      (services.json() as { results: { uid: number; openState: { open: boolean } }[] }).results.map((one) => [
        one.uid,
        one.openState.open,
      ]),
      [
        [PHARMACY, true],
        [FIRST, false],
        [PRESSURE, true],
      ],
    )
    const pharmacy = (await client.app.inject('/api/v1/pharmacies/FZ001')).json() as {
      openState: { open: boolean }
      services: { uid: number; openState: { open: boolean } }[]
      offeredServices: { code: string; weekly: unknown[] | null }[]
    }
    assert.equal(pharmacy.openState.open, true)
    assert.deepEqual(
      pharmacy.services.map(({ uid, openState }) => [uid, openState.open]),
      [
        [PHARMACY, true],
        [FIRST, false],
        [PRESSURE, true],
      ],
    )
    assert.deepEqual(
      pharmacy.offeredServices.map(({ code, weekly }) => [code, weekly?.[0] ?? null]),
      [
        ['OWN-PHARMACY-FIRST', [['09:00', '17:00']]],
        ['SRV0560', null],
      ],
    )
  })

  test('shows its hours on the public page and on the hub', async () => {
    at('17:30')
    const page = (await client.app.inject('/pharmacies/FZ001')).body
    assert.match(page, /Open until 7pm/)
    assert.match(page, /<strong>Pharmacy First<\/strong>[\s\S]*?Monday to Friday: 9am to 5pm/)
    assert.match(page, /<strong>NHS Blood Pressure Check<\/strong>/)
    const browser = openBrowser(client.app, client.config.baseUrl)
    const amina = {
      email: 'amina@nhs.example',
      name: 'Amina',
      grants: [{ role: 'owner', scope: 'ods:FZ001' }],
    } as const
    await signInAs(browser, amina, client)
    const hub = (await browser.open('/manage/FZ001')).body
    assert.match(hub, /Pharmacy First at Hill[\s\S]*?Closed now. Today: 9am to 5pm/)
  })

  test('is not found at all once it is not offered any more', async () => {
    await say({ 'OWN-PHARMACY-FIRST': { ...yes, hours: NINE_TO_FIVE }, SRV0560: { ...yes, offered: false } })
    assert.equal(await found('16:30'), `${PHARMACY} ${FIRST}`)
  })
})
