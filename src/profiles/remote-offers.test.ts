import assert from 'node:assert/strict'
import { test } from 'node:test'
import { offeredServiceKind } from '#src/rules/offered-services.ts'
import { BLOOD_PRESSURE_CHECK, CONTRACEPTION } from '#src/rules/service-matching.ts'
import { aProfile } from '#test/support/builders.ts'
import { decideSetFacilities, NOT_OFFERED } from './decide-services.ts'
import { offerFacts } from './offer-facts.ts'
import { askedFacilities, askedServices, canOffer, remoteLimits } from './remote-offers.ts'

const online = aProfile({ kind: 'distance-selling' })
const yes = { ...NOT_OFFERED, offered: true }

const SERVICES: readonly (readonly [code: string, online: boolean, because: string])[] = [
  [BLOOD_PRESSURE_CHECK, false, 'a cuff goes round an arm'],
  ['SRV0277', false, 'a flu vaccination is an injection'],
  [CONTRACEPTION, true, 'a talk by video is enough'],
  ['SRV0257', true, 'the New Medicine Service is a talk'],
]
for (const [code, expected, because] of SERVICES) {
  test(`${code} ${expected ? 'can' : 'cannot'} be offered at a distance: ${because}`, () => {
    const service = offeredServiceKind(code)
    assert.ok(service)
    assert.equal(canOffer('distance-selling', service), expected)
    assert.equal(canOffer('community', service), true)
    assert.equal(askedServices(online).includes(service), expected)
  })
}

test('a service that a distance seller wrongly says it offers is asked about, so that it can say no', () => {
  const wrong = { ...online, services: { [BLOOD_PRESSURE_CHECK]: yes } }
  assert.ok(askedServices(wrong).some(({ code }) => code === BLOOD_PRESSURE_CHECK))
  const corrected = { ...online, services: { [BLOOD_PRESSURE_CHECK]: NOT_OFFERED } }
  assert.ok(!askedServices(corrected).some(({ code }) => code === BLOOD_PRESSURE_CHECK))
})

test('whatever it says, an on-site service of a distance seller is closed in the directory', () => {
  const onto = { typeId: 148, odsCode: 'FX123BPS' }
  const services = { [BLOOD_PRESSURE_CHECK]: yes }
  assert.deepEqual(offerFacts({ ...online, services }, {}, onto, '2026-11-16'), { status: 'CLOSED' })
  assert.equal(offerFacts(aProfile({ services }), {}, onto, '2026-11-16')?.status, 'ACTIVE')
})

const FACILITIES: readonly (readonly [id: string, has: boolean, taken: boolean, because: string])[] = [
  ['bsl-video', true, true, 'an interpreter joins by video'],
  ['large-print', false, true, 'labels come with the parcel'],
  ['28', true, false, 'nobody parks there'],
  ['28', false, true, 'that there is none is true'],
]
for (const [id, has, taken, because] of FACILITIES) {
  test(`a distance seller ${taken ? 'may' : 'may not'} say ${has} of ${id}: ${because}`, () => {
    assert.equal(decideSetFacilities(online, { [id]: { has } }).ok, taken)
  })
}

test('a note on a facility of a distance seller asks nobody to come', () => {
  const note = 'Ask at our counter'
  const decided = decideSetFacilities(online, { languages: { has: true, note } })
  assert.deepEqual(!decided.ok && decided.problems.map(({ field }) => field), ['note-languages'])
  assert.equal(decideSetFacilities(aProfile(), { languages: { has: true, note } }).ok, true)
})

test('a building that an import gave to a distance seller is asked about, so that it can be taken back', () => {
  const ids = (profile: typeof online) => askedFacilities(profile).map(({ id }) => id)
  assert.equal(ids(online).length, 9)
  assert.ok(ids({ ...online, facilities: { '28': { has: true } } }).includes('28'))
})

test('Pharmacy First at a distance leaves earache out, and everybody is told', () => {
  assert.match(remoteLimits('distance-selling', { code: 'OWN-PHARMACY-FIRST' }) ?? '', /except earache/)
  assert.equal(remoteLimits('community', { code: 'OWN-PHARMACY-FIRST' }), undefined)
})
