/** What a patient is sent: the parts, their words, and nothing that is not public. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { serviceReader } from '#src/directory/indexed-service.ts'
import type { ServiceRecord } from '#src/directory/service-record.ts'
import { writePatientShare } from '#src/emails/patient-share.ts'
import type { Profile } from '#src/profiles/profile.ts'
import { publicView } from '#src/profiles/profile-index.ts'
import { holidayCalendar } from '#src/rules/bank-holidays.ts'
import { type LondonTime, parseLondonMinute } from '#src/rules/london-time.ts'
import { aProfile, aService, UNCHECKED } from '#test/support/builders.ts'
import { rowOf } from '#test/support/service-row.ts'
import { addressHash, shownAddress } from './share-address.ts'
import { partsOf, plainWords, SHARE_PARTS, type SharedFrom, sharedDetails, textWords } from './share-details.ts'

const holidays = holidayCalendar([])
const now = parseLondonMinute('2026-12-11T10:34') as LondonTime
const fromOf = (service: Partial<ServiceRecord>, profile: Partial<Profile> | null = {}): SharedFrom => ({
  service: serviceReader(holidays)(rowOf(aService(service))).service,
  profile: profile === null ? undefined : publicView(aProfile(profile), UNCHECKED),
  now,
  baseUrl: 'https://signpost.example',
})
const wordsOf = (from: SharedFrom): string => plainWords(sharedDetails(from, SHARE_PARTS))

test('all parts of a pharmacy are told in words that need nothing else', () => {
  const facilities = { '28': { has: true }, '35': { has: true }, '7': { has: false } }
  assert.equal(
    wordsOf(fromOf({ publicName: 'Hill & Sons' }, { facilities } as unknown as Partial<Profile>)),
    `Hill & Sons

Address:
1 High Street
Sale
M33 7AB

Phone:
01632 960001

Opening times:
Today, Friday 11 December: 9am to 5pm
Saturday 12 to Sunday 13 December: Closed
Monday 14 to Friday 18 December: 9am to 5pm

How to get there:
Car parking
Step-free access
Not available: wheelchair access
https://www.openstreetmap.org/directions?to=53.42400%2C-2.31800

On a map:
https://www.openstreetmap.org/?mlat=53.424&mlon=-2.318#map=17/53.424/-2.318

Check before you travel: times can change, so ring first if you can.
https://signpost.example/pharmacies/FX123`,
  )
})

test('a text message says it in few lines', () => {
  assert.equal(
    textWords(sharedDetails(fromOf({}), ['address', 'hours', 'map']), 'S-1'),
    `From Signpost, because somebody who is helping you asked for it. Not for you? Delete it, ref S-1.
Hill & Sons
Address: 1 High Street, Sale, M33 7AB
Opening times: Today, Friday 11 December: 9am to 5pm; Saturday 12 to Sunday 13 December: Closed; Monday 14 to Friday 18 December: 9am to 5pm
On a map:
https://www.openstreetmap.org/?mlat=53.424&mlon=-2.318#map=17/53.424/-2.318
Check before you travel: times can change, so ring first if you can.
https://signpost.example/pharmacies/FX123`,
  )
})

const SPELL = {
  id: 'a',
  from: '2026-12-11T09:00',
  writtenTo: '2027-01-11',
  reason: 'staffing',
  statutory: null,
  ended: false,
  services: null,
  advice: null,
}
const closure = (given: object) => ({ closures: [{ ...SPELL, ...given }] }) as unknown as Partial<Profile>
const cases: readonly (readonly [because: string, from: SharedFrom, has: RegExp, hasNot: RegExp])[] = [
  ['no phone: nobody is told to ring', fromOf({ phone: null }), /can change\./, /Phone|ring first/],
  ['no place: no way there', fromOf({ latitude: null, longitude: null }), /Address/, /openstreetmap/],
  ['no profile: no page and no facilities', fromOf({}, null), /M33 7AB/, /signpost\.example/],
  ['a hidden profile has no page', fromOf({}, { status: 'hidden' }), /M33 7AB/, /signpost\.example/],
  [
    'nobody visits an online pharmacy',
    fromOf({}, { kind: 'distance-selling' }),
    /you cannot go there[\s\S]*Staffed hours/,
    /M33|openstreetmap|travel/,
  ],
  [
    'closed out of turn, with its advice',
    fromOf({}, closure({ until: '2026-12-11T15:00', advice: 'Use Park Pharmacy' })),
    /It is closed, outside its usual times\. It is expected to open again at 3pm on Friday 11 December 2026\.\n\nIt says: Use Park Pharmacy/,
    /do not know/,
  ],
  ['closed until nobody knows', fromOf({}, closure({ until: null })), /We do not know when it opens again/, /expected/],
  [
    'a day that nobody knows',
    fromOf({ hours: { weekly: Array(7).fill(null), bankHoliday: null, openAllHours: false, specified: {} } }),
    /Today, Friday 11 December: not known, ring first/,
    /Closed/,
  ],
]
for (const [because, from, has, hasNot] of cases) {
  test(`says what is so: ${because}`, () => {
    assert.match(wordsOf(from), has)
    assert.doesNotMatch(wordsOf(from), hasNot)
  })
}

test('only what is ticked and known is sent; the name always', () => {
  const from = fromOf({ phone: null })
  assert.deepEqual(partsOf(from), ['address', 'hours', 'directions', 'map'])
  assert.deepEqual(
    sharedDetails(from, ['phone', 'address']).blocks.map(({ heading }) => heading),
    ['Address'],
  )
  assert.match(plainWords(sharedDetails(from, [])), /^Hill & Sons\n\nCheck/)
})

test('no private value of a service or a profile is in any form of what is sent', () => {
  const service = {
    nonPublicPhone: 'PRIVATE-phone',
    email: 'PRIVATE@x.example',
    referralInformation: 'PRIVATE-referral',
    publicInformation: 'PRIVATE-clinical words',
    other: { endpoints: [{ address: 'PRIVATE-endpoint' }], capacity: { note: 'PRIVATE-note' } },
  }
  const profile = {
    ownerName: 'PRIVATE-owner',
    contact: { phone: '01632 960001', professionalPhone: 'PRIVATE-pp', professionalEmail: 'PRIVATE-pe' },
    ...closure({ until: null, reason: 'PRIVATE-reason' }),
  }
  const details = sharedDetails(fromOf(service, profile as unknown as Partial<Profile>), SHARE_PARTS)
  const email = writePatientShare(
    { shareId: 'x', recipient: 'p@x.example', keptAs: 'p…', details },
    'https://s.example',
  )
  assert.doesNotMatch([JSON.stringify(details), email.subject, email.text, textWords(details, 'S-1')].join(), /PRIVATE/)
})

test('an address is shown and counted so that nobody learns it', () => {
  assert.equal(shownAddress('email', 'pat.smith@example.com'), 'p…@example.com')
  assert.equal(shownAddress('text', '07700 900982'), 'number ending 982')
  assert.equal(addressHash('text', '+44 7700 900982', 'k'), addressHash('text', '07700 900982', 'k'))
  assert.equal(addressHash('email', 'Pat@x.example', 'k'), addressHash('email', 'pat@x.example', 'k'))
  assert.notEqual(addressHash('email', 'pat@x.example', 'k'), addressHash('email', 'pat@x.example', 'l'))
})
