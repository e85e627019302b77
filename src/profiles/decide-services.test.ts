import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { OFFERED_SERVICES } from '#src/rules/offered-services.ts'
import type { WeeklyHours } from '#src/rules/opening-times.ts'
import { aProfile } from '#test/support/builders.ts'
import { decideSetFacilities, decideSetServices, NOT_OFFERED } from './decide-services.ts'
import type { FacilityAnswer, Profile, ServiceAnswer } from './profile.ts'

const today = '2026-12-11'
const yes: ServiceAnswer = { ...NOT_OFFERED, offered: true }
const from = (opens: number, closes: number) => [{ opens: opens * 60, closes: closes * 60 }]
const weekdays = (day: WeeklyHours[number]): WeeklyHours => [day, day, day, day, day, [], []]
/** Open nine to five from Monday to Friday. */
const pharmacy = aProfile()
const online = aProfile({ kind: 'distance-selling' })

const refused: readonly (readonly [
  because: string,
  code: string,
  answer: Partial<ServiceAnswer>,
  problems: Readonly<Record<string, RegExp>>,
  profile?: Profile,
])[] = [
  ['nobody knows the code', 'SRV9999', {}, { 'service-SRV9999': /There is no service with the code SRV9999/ }],
  ['a name from the language is no code', 'constructor', {}, { 'service-constructor': /no service/ }],
  [
    'the pharmacy opens at nine',
    'SRV0560',
    { hours: weekdays(from(8, 12)) },
    Object.fromEntries(
      ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday'].map((day, index) => [
        `hours-SRV0560-${index}`,
        new RegExp(`on ${day} must be within your opening times, 9am to 5pm`),
      ]),
    ),
  ],
  [
    'the pharmacy is closed on Saturday',
    'SRV0560',
    { hours: [[], [], [], [], [], from(9, 12), []] },
    { 'hours-SRV0560-5': /cannot be given on Saturday, because your pharmacy is closed/ },
  ],
  [
    'nobody knows when the pharmacy is open on Monday',
    'SRV0560',
    { hours: weekdays(from(9, 12)) },
    { 'hours-SRV0560-0': /Tell us your opening times on Monday/ },
    aProfile({ weekly: [null, ...pharmacy.weekly.slice(1)] }),
  ],
  [
    'a service across the lunch of its pharmacy',
    'SRV0560',
    { hours: weekdays(from(9, 12)) },
    { 'hours-SRV0560-1': /on Tuesday must be within your opening times, 9am to 11am, 11:30am to 5pm/ },
    aProfile({
      weekly: [
        pharmacy.weekly[0] ?? [],
        [
          { opens: 540, closes: 660 },
          { opens: 690, closes: 1020 },
        ],
        ...pharmacy.weekly.slice(2),
      ],
    }),
  ],
  [
    'times that overlap',
    'SRV0560',
    { hours: weekdays([...from(9, 12), ...from(11, 13)]) },
    {
      'hours-SRV0560-0': /on Monday: Times overlap/,
      'hours-SRV0560-1': /Tuesday/,
      'hours-SRV0560-2': /Wednesday/,
      'hours-SRV0560-3': /Thursday/,
      'hours-SRV0560-4': /Friday/,
    },
  ],
  ['a day without an answer', 'SRV0560', { hours: weekdays(null) }, { 'hours-SRV0560-0': /hours of .+ on Monday/ }],
  ['six days', 'SRV0560', { hours: weekdays([]).slice(1) }, { 'hours-SRV0560-0': /Tell us the hours/ }],
  ['never', 'SRV0560', { hours: weekdays([]) }, { 'hours-SRV0560-0': /for at least one day, or say that it is by/ }],
  [
    'electronic prescriptions have no hours',
    'EPS0001',
    { hours: weekdays(from(9, 12)) },
    { 'hours-EPS0001-0': /no hours of its own/ },
  ],
  ['not secure', 'SRV0277', { bookingLink: 'http://flu.example/book' }, { 'link-SRV0277': /starts with https/ }],
  ['a script', 'SRV0277', { bookingLink: 'javascript:alert(1)' }, { 'link-SRV0277': /starts with https/ }],
  ['an email address', 'SRV0277', { bookingLink: 'flu@pharmacy.example' }, { 'link-SRV0277': /starts with https/ }],
  [
    'a password in it',
    'SRV0277',
    { bookingLink: 'https://me:pw@flu.example' },
    { 'link-SRV0277': /starts with https/ },
  ],
  ['no place on the web', 'SRV0277', { bookingLink: 'https://localhost/' }, { 'link-SRV0277': /starts with https/ }],
  [
    'too long to show',
    'SRV0277',
    { bookingLink: `https://flu.example/${'a'.repeat(500)}` },
    { 'link-SRV0277': /500 characters/ },
  ],
  [
    'it ends before it begins',
    'SRV0277',
    { from: '2027-02-01', to: '2027-01-31' },
    { 'to-SRV0277': /after the first day/ },
  ],
  ['it is over', 'SRV0277', { from: '2026-09-01', to: '2026-12-10' }, { 'to-SRV0277': /today or in the future/ }],
  ['nobody looked at the stock', 'SRV0559', {}, { 'stock-SRV0559': /Enter the date you last checked/ }],
  [
    'nobody has looked at it yet',
    'SRV0559',
    { stockCheckedOn: '2026-12-12' },
    { 'stock-SRV0559': /11 December 2026 or earlier/ },
  ],
  [
    'an arm must be there to measure its pressure',
    'SRV0560',
    {},
    { 'service-SRV0560': /distance selling pharmacy cannot offer it/ },
    online,
  ],
  [
    'nor can a needle come by post',
    'SRV0277',
    {},
    { 'service-SRV0277': /cannot be given by phone, video or post/ },
    online,
  ],
]

for (const [because, code, answer, problems, profile] of refused) {
  test(`an answer on ${code} is refused: ${because}`, () => {
    const decided = decideSetServices(profile ?? pharmacy, { [code]: { ...yes, ...answer } }, { today })
    assert.ok(!decided.ok, 'it was accepted')
    assert.deepEqual(decided.problems.map(({ field }) => field).sort(), Object.keys(problems).sort())
    for (const { field, message } of decided.problems) assert.match(message, problems[field] ?? /^never$/)
  })
}

const accepted: readonly (readonly [
  because: string,
  code: string,
  answer: ServiceAnswer,
  stored: ServiceAnswer,
  profile?: Profile,
])[] = [
  ['whenever the pharmacy is open', 'SRV0560', yes, yes],
  ['within the hours', 'SRV0560', { ...yes, hours: weekdays(from(9, 17)) }, { ...yes, hours: weekdays(from(9, 17)) }],
  [
    'by appointment, without fixed hours',
    'SRV0560',
    { ...yes, hours: weekdays([]), byAppointment: true },
    { ...yes, hours: weekdays([]), byAppointment: true },
  ],
  [
    'touching times are one',
    'SRV0560',
    { ...yes, hours: weekdays([...from(9, 12), ...from(12, 13)]) },
    { ...yes, hours: weekdays(from(9, 13)) },
  ],
  [
    'a link is tidied',
    'SRV0277',
    { ...yes, bookingLink: ' HTTPS://Flu.example/Book ' },
    { ...yes, bookingLink: 'https://flu.example/Book' },
  ],
  ['until today', 'SRV0277', { ...yes, to: today }, { ...yes, to: today }],
  ['from a day that has passed', 'SRV0277', { ...yes, from: '2026-09-01' }, { ...yes, from: '2026-09-01' }],
  [
    'what is not offered has nothing else to say',
    'SRV0277',
    { ...NOT_OFFERED, bookingLink: 'ftp://x', to: '2020-01-01' },
    NOT_OFFERED,
  ],
  ['stock seen today', 'SRV0559', { ...yes, stockCheckedOn: today }, { ...yes, stockCheckedOn: today }],
  ['only stockholders have a stock', 'SRV0560', { ...yes, stockCheckedOn: today }, yes],
  ['a talk by video', 'OWN-PHARMACY-FIRST', yes, yes, online],
  ['saying no needs no arm', 'SRV0560', NOT_OFFERED, NOT_OFFERED, online],
]

for (const [because, code, answer, stored, profile] of accepted) {
  test(`an answer on ${code} is taken: ${because}`, () => {
    const decided = decideSetServices(profile ?? pharmacy, { [code]: answer }, { today })
    assert.ok(decided.ok, JSON.stringify(decided))
    assert.deepEqual(decided.value.services, { [code]: stored })
  })
}

test('answers are added to those that are there, and nothing else of the profile changes', () => {
  const before = aProfile({ services: { SRV0257: yes, SRV0560: yes } })
  const decided = decideSetServices(before, { SRV0560: NOT_OFFERED }, { today })
  assert.ok(decided.ok)
  assert.deepEqual(decided.value, { ...before, services: { SRV0257: yes, SRV0560: NOT_OFFERED } })
})

test('an answer that was fine when it was given is not asked again when it is sent along unchanged', () => {
  const old = { ...yes, hours: weekdays(from(8, 20)), to: '2026-12-01' as const }
  const before = aProfile({ services: { SRV0560: old } })
  assert.deepEqual(decideSetServices(before, { SRV0560: old }, { today }), { ok: true, value: before })
})

test('one wrong answer refuses all, with every problem', () => {
  const decided = decideSetServices(pharmacy, { SRV0257: yes, SRV9998: yes, SRV9999: yes }, { today })
  assert.ok(!decided.ok)
  assert.equal(decided.problems.length, 2)
})

test('every service of the list can be offered by some pharmacy, and a second decision changes nothing', () => {
  fc.assert(
    fc.property(fc.constantFrom(...OFFERED_SERVICES), fc.boolean(), ({ code, stock }, offered) => {
      const answer = { ...yes, offered, ...(stock ? { stockCheckedOn: today } : {}) } as ServiceAnswer
      const once = decideSetServices(pharmacy, { [code]: answer }, { today })
      assert.ok(once.ok)
      assert.deepEqual(decideSetServices(once.value, once.value.services ?? {}, { today }), once)
    }),
  )
})

const facilities: readonly (readonly [
  because: string,
  id: string,
  answer: FacilityAnswer,
  expected: FacilityAnswer | RegExp,
])[] = [
  ['it has one', '146', { has: true }, { has: true }],
  ['it has none', '146', { has: false }, { has: false }],
  ['a door of 900 millimetres', 'wide-door', { has: true, measure: 900 }, { has: true, measure: 900 }],
  ['the narrowest door', 'wide-door', { has: true, measure: 600 }, { has: true, measure: 600 }],
  ['narrower than any door', 'wide-door', { has: true, measure: 599 }, /between 600 and 2000 millimetres/],
  ['wider than any door', 'wide-door', { has: true, measure: 2001 }, /between 600 and 2000/],
  ['half a millimetre', 'wide-door', { has: true, measure: 900.5 }, /whole number/],
  ['no number', 'wide-door', { has: true, measure: Number.NaN }, /whole number/],
  ['what is not there has no width', 'wide-door', { has: false, measure: 9 }, { has: false }],
  ['a room is not measured', '146', { has: true, measure: 3 }, /has no measurement/],
  ['a note', 'languages', { has: true, note: '  Urdu and Polish ' }, { has: true, note: 'Urdu and Polish' }],
  ['a blank note', 'languages', { has: true, note: ' ' }, { has: true }],
  ['a long note', 'languages', { has: true, note: 'é'.repeat(201) }, /200 characters or fewer/],
  ['nobody knows it', '9999', { has: true }, /no facility with the id 9999/],
]

for (const [because, id, answer, expected] of facilities) {
  test(`an answer on facility ${id} is ${expected instanceof RegExp ? 'refused' : 'taken'}: ${because}`, () => {
    const decided = decideSetFacilities(pharmacy, { [id]: answer })
    if (expected instanceof RegExp)
      assert.match(decided.ok ? 'accepted' : (decided.problems[0]?.message ?? ''), expected)
    else assert.deepEqual(decided, { ok: true, value: { ...pharmacy, facilities: { [id]: expected } } })
  })
}

test('an answer on a facility can be taken back', () => {
  const before = aProfile({ facilities: { '146': { has: true }, '28': { has: false } } })
  const decided = decideSetFacilities(before, { '146': null })
  assert.deepEqual(decided, { ok: true, value: { ...before, facilities: { '28': { has: false } } } })
})
