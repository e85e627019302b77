import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Profile } from '#src/profiles/profile.ts'
import { publicView } from '#src/profiles/profile-index.ts'
import { holidayCalendar } from '#src/rules/bank-holidays.ts'
import { compileOpeningTimes } from '#src/rules/compiled-hours.ts'
import { type LondonTime, parseLondonMinute } from '#src/rules/london-time.ts'
import { aProfile, UNCHECKED, USUAL_WEEK } from '#test/support/builders.ts'
import { structuredData } from './structured-data.ts'

const now = parseLondonMinute('2026-12-11T10:34') as LondonTime
const holidays = holidayCalendar([])

function textOf(given: Partial<Profile>): string {
  const profile = publicView(aProfile(given), UNCHECKED)
  const hours = compileOpeningTimes(profile.openingTimes, holidays)
  const facts = {
    profile,
    hours,
    phone: '01632 960001',
    website: undefined,
    pageUrl: 'https://x.example/pharmacies/FX123',
  }
  return structuredData(facts, now)
}
const dataOf = (given: Partial<Profile>) => JSON.parse(textOf(given)) as Record<string, unknown>

test('the week is told day by day, with the end of a day at 23:59 and a late end before its start', () => {
  const weekly = [[{ opens: 0, closes: 1440 }], [{ opens: 1320, closes: 1560 }], null, ...USUAL_WEEK.slice(3)]
  assert.deepEqual((dataOf({ weekly })['openingHoursSpecification'] as object[]).slice(0, 3), [
    { '@type': 'OpeningHoursSpecification', opens: '00:00', closes: '23:59', dayOfWeek: 'https://schema.org/Monday' },
    { '@type': 'OpeningHoursSpecification', opens: '22:00', closes: '02:00', dayOfWeek: 'https://schema.org/Tuesday' },
    { '@type': 'OpeningHoursSpecification', opens: '09:00', closes: '17:00', dayOfWeek: 'https://schema.org/Thursday' },
  ])
})

test('dates with hours of their own are told, closed ones too, and unknown ones not', () => {
  const data = dataOf({
    holidays: { '2026-12-25': { answer: 'closed' } },
    changes: [
      {
        id: 'a',
        from: '2026-12-14',
        to: '2026-12-14',
        sessions: [{ opens: 540, closes: 780 }],
        reason: 'r',
        note: null,
      },
    ],
  })
  const dates = data['specialOpeningHoursSpecification'] as { validFrom: string; opens: string; closes: string }[]
  assert.deepEqual(
    dates.map(({ validFrom, opens, closes }) => [validFrom, opens, closes]),
    [
      ['2026-12-14', '09:00', '13:00'],
      ['2026-12-25', '00:00', '00:00'],
    ],
  )
})

test('nothing in a name can end the script element, and nothing private is told', () => {
  const contact = { professionalPhone: 'PRIVATE 1', professionalEmail: 'PRIVATE 2' }
  const text = textOf({ name: '</script><script>alert(1)</script>', ownerName: 'PRIVATE 3', contact })
  assert.doesNotMatch(text, /<|PRIVATE/)
  assert.equal((JSON.parse(text) as { name: string }).name, '</script><script>alert(1)</script>')
})

test('what is not known is left out', () => {
  const data = dataOf({ address: { lines: ['1 High Street'], postcode: 'M33 7ZZ', position: null } })
  assert.deepEqual(['geo' in data, 'sameAs' in data, data['telephone']], [false, false, '01632 960001'])
})

test('services of today are told with their hours, and facilities with yes or no', () => {
  const yes = { offered: true, hours: null, byAppointment: false, bookingLink: null, from: null, to: null }
  const data = dataOf({
    services: {
      SRV0560: { ...yes, hours: [[{ opens: 540, closes: 720 }], [], [], [], [], [], []] },
      SRV0277: { ...yes, from: '2027-09-01' },
    },
    facilities: { '28': { has: false }, '7': { has: true } },
  })
  const catalogue = data['hasOfferCatalog'] as { itemListElement: { itemOffered: Record<string, unknown> }[] }
  assert.deepEqual(
    catalogue.itemListElement.map(({ itemOffered }) => [itemOffered['name'], itemOffered['hoursAvailable']]),
    [
      [
        'NHS Blood Pressure Check',
        [
          {
            '@type': 'OpeningHoursSpecification',
            opens: '09:00',
            closes: '12:00',
            dayOfWeek: 'https://schema.org/Monday',
          },
        ],
      ],
    ],
  )
  assert.deepEqual(data['amenityFeature'], [
    { '@type': 'LocationFeatureSpecification', name: 'Car parking', value: false },
    { '@type': 'LocationFeatureSpecification', name: 'Wheelchair access', value: true },
  ])
  assert.equal(dataOf({})['hasOfferCatalog'], undefined)
})

test('a closure is in the hours of its dates, and its reason nowhere', () => {
  const closure = {
    id: 'c1',
    from: '2026-12-11T10:34',
    until: '2026-12-14T13:00',
    services: null,
    reason: 'SECRET reason',
    advice: null,
    writtenTo: '2026-12-14',
    statutory: [],
    ended: false,
  } as const
  const text = textOf({ closures: [closure] })
  const dates = JSON.parse(text).specialOpeningHoursSpecification as {
    validFrom: string
    opens: string
    closes: string
  }[]
  assert.deepEqual(
    dates.map(({ validFrom, opens, closes }) => [validFrom, opens, closes]),
    [
      ['2026-12-11', '09:00', '10:34'],
      ['2026-12-14', '13:00', '17:00'],
    ],
  )
  assert.doesNotMatch(text, /SECRET/)
})
