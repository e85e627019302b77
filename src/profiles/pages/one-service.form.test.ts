import assert from 'node:assert/strict'
import { test } from 'node:test'
import { offeredServiceKind } from '#src/rules/offered-services.ts'
import { NINE_TO_FIVE, USUAL_WEEK } from '#test/support/builders.ts'
import type { Fields } from './fields.ts'
import {
  detailFields,
  inDetailFields,
  PLAIN_DETAILS,
  parseServiceDetails,
  type ServiceDetails,
} from './one-service.form.ts'

const WEEKDAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday']
const kind = (code: string) => offeredServiceKind(code) ?? assert.fail(`no service ${code}`)
const BLOOD_PRESSURE = kind('SRV0560')
const MORNINGS: ServiceDetails = {
  ...PLAIN_DETAILS,
  hours: [...Array.from({ length: 5 }, () => [{ opens: 540, closes: 720 }]), [], []],
}
const read = (fields: Fields, of = BLOOD_PRESSURE) =>
  parseServiceDetails({ ...detailFields(PLAIN_DETAILS, USUAL_WEEK), ...fields }, of, USUAL_WEEK)

test('a service of its own hours shows them, and says the same when it is sent back', () => {
  for (const details of [
    PLAIN_DETAILS,
    MORNINGS,
    { ...MORNINGS, byAppointment: true, bookingLink: 'https://www.example.com/', from: '2026-10-01', to: '2027-03-31' },
  ] as const) {
    const again = parseServiceDetails(detailFields(details, USUAL_WEEK), BLOOD_PRESSURE, details.hours ?? USUAL_WEEK)
    assert.deepEqual(again, { ok: true, value: details })
  }
})

const READ: readonly (readonly [Fields, Partial<ServiceDetails>, string])[] = [
  [{ 'monday-1-to': '11' }, {}, 'times in the boxes count only with "at other times"'],
  [
    { 'hours-are': 'own', 'monday-1-to': '4pm' },
    { hours: [[{ opens: 540, closes: 960 }], ...USUAL_WEEK.slice(1)] },
    'the other days are as the pharmacy has them',
  ],
  [
    { 'hours-are': 'own', ...Object.fromEntries(WEEKDAYS.map((day) => [`${day}-open`, ''])), appointment: 'yes' },
    { hours: USUAL_WEEK.map(() => []), byAppointment: true },
    'never, but by appointment: whether that may be is not the form’s to say',
  ],
  [{ 'booking-link': 'www.example.com/book' }, { bookingLink: 'https://www.example.com/book' }, 'a link without https'],
  [{ 'booking-link': 'http://example.com' }, { bookingLink: 'http://example.com' }, 'left for the decision to refuse'],
  [
    { 'from-day': '1', 'from-month': 'Sep', 'from-year': '2027' },
    { from: '2027-09-01' },
    'a first day with its month in letters',
  ],
]
for (const [fields, expected, because] of READ) {
  test(`reads when a service is given: ${because}`, () => {
    assert.deepEqual(read(fields), { ok: true, value: { ...PLAIN_DETAILS, ...expected } })
  })
}

const REFUSED: readonly (readonly [Fields, readonly string[], string])[] = [
  [{ 'hours-are': '' }, ['hours-are'], 'no choice of hours'],
  [
    { 'hours-are': 'own', 'monday-1-to': 'late', 'to-day': '31', 'to-month': '2', 'to-year': '2027', appointment: 'x' },
    ['monday-1-to', 'appointment', 'to-day'],
    'every problem at once',
  ],
  [
    { 'hours-are': 'own', 'monday-1-from': '9', 'monday-1-to': '5' },
    ['confirm-long'],
    'a morning typed for an evening',
  ],
  [{ 'booking-link': 'https://example.com/\uFFFD' }, ['booking-link'], 'a link that could not be read'],
]
for (const [fields, expected, because] of REFUSED) {
  test(`asks again when a service is given: ${because}`, () => {
    const answer = read(fields)
    assert.deepEqual(answer.ok ? [] : answer.problems.map(({ field }) => field), expected)
  })
}

test('questions that a service does not have are not read', () => {
  const fields = { 'hours-are': 'own', 'monday-1-to': '25:00', 'booking-link': 'http://' }
  assert.deepEqual(read(fields, kind('EPS0001')), { ok: true, value: PLAIN_DETAILS })
})

test('the boxes of a service that follows the pharmacy are those of the pharmacy', () => {
  const fields = detailFields(PLAIN_DETAILS, [NINE_TO_FIVE, ...USUAL_WEEK.slice(1)])
  assert.deepEqual([fields['hours-are'], fields['monday-1-to'], fields['saturday-open']], ['same', '5pm', 'no'])
})

const FIELDS: readonly (readonly [string, string, string])[] = [
  ['hours-SRV0560-2', 'outside-opening', 'wednesday-1-from'],
  ['hours-SRV0560-0', 'never', 'monday-open'],
  ['hours-EPS0001-0', 'no-own-hours', 'hours-are'],
  ['link-SRV0560', 'not-https', 'booking-link'],
  ['from-SRV0560', 'order', 'from-day'],
  ['to-OWN-PHARMACY-FIRST', 'past', 'to-day'],
  ['service-SRV0560', 'not-remote', 'form'],
]
for (const [field, code, expected] of FIELDS) {
  test(`the problem ${code} of ${field} stands at ${expected}`, () => {
    assert.equal(inDetailFields([{ field, code, message: '' }])[0]?.field, expected)
  })
}
