import assert from 'node:assert/strict'
import { test } from 'node:test'
import { NOT_OFFERED } from '#src/profiles/decide-services.ts'
import type { Profile, ServiceAnswer } from '#src/profiles/profile.ts'
import { publicView } from '#src/profiles/profile-index.ts'
import { OFFERED_SERVICES } from '#src/rules/offered-services.ts'
import type { WeeklyHours } from '#src/rules/opening-times.ts'
import { aProfile, UNCHECKED } from '#test/support/builders.ts'
import { facilitiesStated, type ServiceRow, servicesOffered } from './services-view.ts'

const today = '2026-12-11'
const yes: ServiceAnswer = { ...NOT_OFFERED, offered: true }
const from = (opens: number, closes: number) => [{ opens: opens * 60, closes: closes * 60 }]
const weekdays = (day: WeeklyHours[number]): WeeklyHours => [day, day, day, day, day, [], []]

const viewOf = (given: Partial<Profile>) => publicView(aProfile(given), UNCHECKED)
const servicesOf = (answers: Record<string, ServiceAnswer>, given: Partial<Profile> = {}) =>
  servicesOffered(viewOf({ ...given, services: answers }), today)

const rows: readonly (readonly [
  because: string,
  answer: ServiceAnswer,
  row: Partial<ServiceRow> | undefined,
  given?: Partial<Profile>,
])[] = [
  ['not offered: not shown', NOT_OFFERED, undefined],
  ['over since yesterday', { ...yes, to: '2026-12-10' }, undefined],
  ['offered whenever the pharmacy is open', yes, { hours: [], dates: null, byAppointment: false, bookingLink: null }],
  ['ends in spring', { ...yes, to: '2027-03-31' }, { dates: 'Until 31 March 2027' }],
  ['began in autumn', { ...yes, from: '2026-09-01', to: '2027-03-31' }, { dates: 'Until 31 March 2027' }],
  ['begins next year', { ...yes, from: '2027-09-01' }, { dates: 'Starts 1 September 2027' }],
  ['next season', { ...yes, from: '2027-09-01', to: '2028-03-31' }, { dates: '1 September 2027 to 31 March 2028' }],
  ['mornings', { ...yes, hours: weekdays(from(9, 12)) }, { hours: ['Monday to Friday: 9am to midday'] }],
  [
    'two days',
    { ...yes, hours: [from(9, 12), [], from(13, 17), [], [], [], []] },
    { hours: ['Monday: 9am to midday', 'Wednesday: 1pm to 5pm'] },
  ],
  [
    'no longer than the pharmacy is open now',
    { ...yes, hours: weekdays(from(9, 17)) },
    { hours: ['Monday to Friday: 10am to 4pm'] },
    { weekly: weekdays(from(10, 16)) },
  ],
  [
    'on request only',
    { ...yes, hours: weekdays([]), byAppointment: true, bookingLink: 'https://book.example/' },
    { hours: [], byAppointment: true, bookingLink: 'https://book.example/' },
  ],
]

for (const [because, answer, row, given] of rows) {
  test(`the public page shows a service: ${because}`, () => {
    const [group] = servicesOf({ SRV0560: answer }, given)
    assert.equal(group?.heading, row && 'NHS clinical services')
    const shown = group?.services[0]
    assert.deepEqual(row && Object.fromEntries(Object.keys(row).map((key) => [key, shown?.[key as 'name']])), row)
  })
}

test('services stand in the groups and the order of the list', () => {
  const answers = Object.fromEntries(OFFERED_SERVICES.map(({ code }) => [code, yes]))
  const groups = servicesOf(answers)
  assert.deepEqual(
    groups.map(({ heading }) => heading),
    [
      'Prescriptions and medicines',
      'NHS clinical services',
      'Urgent care',
      'NHS services agreed locally',
      'Services people pay for',
    ],
  )
  assert.equal(groups.flatMap(({ services }) => services).length, OFFERED_SERVICES.length)
})

test('nothing is shown while nobody has answered', () => {
  assert.deepEqual(servicesOffered(viewOf({}), today), [])
  assert.deepEqual(facilitiesStated(viewOf({})), [])
})

test('only facilities that were stated are shown: those there are, and those there are not', () => {
  const facilities = {
    '28': { has: false },
    '29': { has: false },
    '30': { has: true },
    'entrance-step': { has: false },
    'wide-door': { has: true, measure: 900 },
    'bsl-video': { has: false },
    languages: { has: true, note: 'Urdu and Polish' },
  }
  assert.deepEqual(facilitiesStated(viewOf({ facilities })), [
    {
      heading: 'Parking and getting here',
      has: [{ name: 'Disabled parking', measure: null, note: null }],
      hasNot: 'car parking, cycle parking',
    },
    {
      heading: 'Getting in',
      has: [
        { name: 'No step at the entrance', measure: null, note: null },
        { name: 'Wide entrance door', measure: 'Width of the open door: 900 millimetres', note: null },
      ],
      hasNot: null,
    },
    {
      heading: 'Hearing, reading and languages',
      has: [{ name: 'Staff who speak other languages', measure: null, note: 'Urdu and Polish' }],
      hasNot: 'British Sign Language by video',
    },
  ])
})
