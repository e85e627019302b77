import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decideSetDelivery } from '#src/profiles/decide-delivery.ts'
import { decideSetFacilities, decideSetServices } from '#src/profiles/decide-services.ts'
import type { StoredService } from '#src/profiles/load-profiles.ts'
import { planProjection } from '#src/profiles/plan-projection.ts'
import { holidayCalendar } from '#src/rules/bank-holidays.ts'
import { compileOpeningTimes, isOpenAt } from '#src/rules/compiled-hours.ts'
import { dayOf } from '#src/rules/london-time.ts'
import { invitationIn } from '#src/rules/visit-invitations.ts'
import { demoOtherServices } from './other-services.ts'
import { DEMO_PEOPLE } from './people.ts'
import { demoPharmacies, LARGEST_GROUP } from './pharmacies.ts'

const holidays = holidayCalendar([])
const today = '2026-11-21'
const pharmacies = demoPharmacies({ pharmacies: 1200, today, holidays })
const services = pharmacies.flatMap((pharmacy) => pharmacy.services)

test('the directory is the same every time', () => {
  assert.deepEqual(demoPharmacies({ pharmacies: 1200, today: '2026-11-21', holidays }), pharmacies)
})

test('there are about 6,500 services of the seven pharmacy types', () => {
  assert.ok(services.length > 6300 && services.length < 6700, `${services.length} services`)
  assert.deepEqual(
    [...new Set(services.map(({ typeId }) => typeId))].sort((a, b) => a - b),
    [13, 131, 132, 134, 137, 148, 149],
  )
})

test('codes are unique and start with FZ, and postcodes are unique in the whole directory', () => {
  const codes = new Set(pharmacies.map(({ profile }) => profile.odsCode))
  assert.equal(codes.size, 1200)
  assert.ok([...codes].every((code) => /^FZ[0-9A-Z]{3}$/.test(code)))
  const postcodes = [
    ...pharmacies.map(({ profile }) => profile.address.postcode),
    ...demoOtherServices(1).map(({ postcode }) => postcode),
  ]
  assert.equal(new Set(postcodes).size, postcodes.length)
})

test('one head office has 300 branches', () => {
  const branches = pharmacies.filter(({ profile }) => profile.commissioning.parentCode === LARGEST_GROUP.code)
  assert.equal(branches.length, 300)
})

test('every pharmacy that somebody may sign in for exists', () => {
  const codes = new Set(pharmacies.map(({ profile }) => profile.odsCode))
  const scopes = DEMO_PEOPLE.flatMap(({ grants }) => grants.map(({ scope }) => scope))
  for (const scope of scopes.filter((scope) => scope.startsWith('ods:'))) assert.ok(codes.has(scope.slice(4)), scope)
})

test('most pharmacies say what they offer and what they have, and some say nothing', () => {
  const share = (part: 'services' | 'facilities') =>
    pharmacies.filter(({ profile }) => profile[part] !== undefined).length / pharmacies.length
  assert.ok(share('services') > 0.6 && share('services') < 0.8, `${share('services')}`)
  assert.ok(share('facilities') > 0.6 && share('facilities') < 0.85, `${share('facilities')}`)
})

test('every answer is one that the pharmacy could give today', () => {
  for (const { profile } of pharmacies) {
    const { services: _, facilities: __, ...unanswered } = profile
    const offers = decideSetServices(unanswered, profile.services ?? {}, { today })
    assert.ok(offers.ok, `${profile.odsCode}: ${JSON.stringify(offers)}`)
    assert.deepEqual(offers.value.services, profile.services ?? {})
    assert.deepEqual(decideSetFacilities(unanswered, profile.facilities ?? {}), {
      ok: true,
      value: { ...unanswered, facilities: profile.facilities ?? {} },
    })
  }
})

test('the directory stands as the answers say, and few services have hours beside them', () => {
  let overridden = 0
  for (const { profile, services: drawn } of pharmacies) {
    const plan = (services: readonly StoredService[]) =>
      planProjection({
        before: undefined,
        after: profile,
        services,
        decides: false,
        keep: new Set(),
        onMeeting: 'keep',
        today,
      })
    const stored = plan(
      drawn.map((record, uid) => ({ record: { ...record, uid }, overrides: {}, profileOds: null })),
    ).map(({ after, overrides, profileOds }) => ({ record: after, overrides, profileOds }))
    assert.deepEqual(
      plan(stored).filter(({ touched }) => touched),
      [],
      profile.odsCode,
    )
    overridden += stored.filter(({ overrides }) => Object.keys(overrides).length > 0).length
  }
  assert.ok(overridden > 400 && overridden < 700, `${overridden} services keep values of their own`)
})

// Shares of 8,555 real pharmacies open at half past the hour, from the published list; ours may differ by five points.
const openShares: readonly (readonly [
  when: string,
  day: `${number}-${number}-${number}`,
  minute: number,
  percent: number,
])[] = [
  ['Monday at 8:30am', '2026-11-23', 510, 22.5],
  ['Monday at 12:30pm', '2026-11-23', 750, 96.7],
  ['Monday at 1:30pm', '2026-11-23', 810, 79.9],
  ['Monday at 6:30pm', '2026-11-23', 1110, 22.5],
  ['Monday at 8:30pm', '2026-11-23', 1230, 8.8],
  ['Saturday at 10:30am', '2026-11-28', 630, 72.3],
  ['Saturday at 3:30pm', '2026-11-28', 930, 37.4],
  ['Sunday at 12:30pm', '2026-11-29', 750, 17.1],
]
for (const [when, date, minute, percent] of openShares) {
  test(`about ${percent} % are open on ${when}, as in England`, () => {
    const open = pharmacies.filter(({ profile: { weekly } }) =>
      isOpenAt(compileOpeningTimes({ weekly, bankHoliday: [], openAllHours: false, specified: {} }, holidays), {
        day: dayOf(date),
        minute,
      }),
    )
    const share = (open.length / pharmacies.length) * 100
    assert.ok(Math.abs(share - percent) < 5, `${share.toFixed(1)} %`)
  })
}

test('distance sellers say how they deliver, and nothing of visitors', () => {
  const online = pharmacies.filter(({ profile }) => profile.kind === 'distance-selling')
  assert.ok(online.length > 20, String(online.length))
  for (const { profile, services } of online) {
    const { delivery, ...silent } = profile
    assert.ok(delivery && decideSetDelivery(silent, delivery).ok, profile.odsCode)
    assert.ok(profile.contact.website, profile.odsCode)
    assert.ok(!services.some(({ typeId }) => typeId === 13 || typeId === 148), profile.odsCode)
    for (const { note } of profile.changes) assert.equal(invitationIn(note ?? ''), undefined)
  }
})
