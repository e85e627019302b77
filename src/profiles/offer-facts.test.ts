import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ServiceRecord } from '#src/directory/service-record.ts'
import type { LocalDate } from '#src/rules/london-time.ts'
import type { Session, WeeklyHours } from '#src/rules/opening-times.ts'
import { aProfile, aService } from '#test/support/builders.ts'
import { NOT_OFFERED } from './decide-services.ts'
import type { StoredService } from './load-profiles.ts'
import { isOfferedOn } from './offer-facts.ts'
import { planProjection } from './plan-projection.ts'
import type { Profile, ServiceAnswer } from './profile.ts'

const today: LocalDate = '2026-12-11'
const yes: ServiceAnswer = { ...NOT_OFFERED, offered: true }
const no = NOT_OFFERED
const FIRST = 'OWN-PHARMACY-FIRST'
const from = (opens: number, closes: number): readonly Session[] => [{ opens: opens * 60, closes: closes * 60 }]
const weekdays = (day: WeeklyHours[number]): WeeklyHours => [day, day, day, day, day, [], []]
const morning = weekdays(from(9, 12))

const MAIN = aService()
const first = (given: Partial<ServiceRecord> = {}) => aService({ uid: 2, typeId: 132, odsCode: 'FX123PF1', ...given })
const pressure = (given: Partial<ServiceRecord> = {}) =>
  aService({ uid: 3, typeId: 148, odsCode: 'FX123BPS', other: { sgsd: { 9013: [7121] } }, ...given })

/** A service that the profile has projected onto already. */
const stored = (record: ServiceRecord): StoredService => ({ record, overrides: {}, profileOds: 'FX123' })
const met = (record: ServiceRecord): StoredService => ({ record, overrides: {}, profileOds: null })

const plan = (profile: Profile, services: readonly StoredService[], on: LocalDate = today) =>
  planProjection({
    before: aProfile(),
    after: profile,
    services,
    decides: true,
    keep: new Set(),
    onMeeting: 'take',
    today: on,
  })

const offering = (services: Record<string, ServiceAnswer>, given: Partial<Profile> = {}) =>
  aProfile({ ...given, services })

type Outcome = { status: string; sgsd: unknown; matched: boolean }
const statuses: readonly (readonly [
  because: string,
  answers: Record<string, ServiceAnswer>,
  service: ServiceRecord,
  expected: Outcome,
])[] = [
  ['unanswered: stays active', {}, pressure(), { status: 'ACTIVE', sgsd: { 9013: [7121] }, matched: true }],
  [
    'unanswered: stays closed',
    {},
    pressure({ status: 'CLOSED' }),
    { status: 'CLOSED', sgsd: { 9013: [7121] }, matched: false },
  ],
  [
    'another service answered: stays',
    { SRV2000: no },
    pressure(),
    { status: 'ACTIVE', sgsd: { 9013: [7121] }, matched: true },
  ],
  [
    'offered: a closed one opens and gets its code',
    { SRV0560: yes },
    pressure({ status: 'CLOSED' }),
    { status: 'ACTIVE', sgsd: { 360: [14207], 9013: [7121] }, matched: true },
  ],
  [
    'offered: so does one being commissioned',
    { SRV0560: yes },
    pressure({ status: 'COMMISSIONING' }),
    { status: 'ACTIVE', sgsd: { 360: [14207], 9013: [7121] }, matched: true },
  ],
  [
    'offered: a retired one never comes back',
    { SRV0560: yes },
    pressure({ status: 'RETIRED' }),
    { status: 'RETIRED', sgsd: { 9013: [7121] }, matched: false },
  ],
  [
    'offered: a suspended one neither',
    { SRV0560: yes },
    pressure({ status: 'SUSPENDED' }),
    { status: 'SUSPENDED', sgsd: { 9013: [7121] }, matched: false },
  ],
  [
    'offered: an active one that lacks its code gets it',
    { SRV0560: yes },
    pressure(),
    { status: 'ACTIVE', sgsd: { 360: [14207], 9013: [7121] }, matched: true },
  ],
  [
    'offered: other codes of the group stay',
    { SRV0560: yes },
    pressure({ other: { sgsd: { 360: [14000] } } }),
    { status: 'ACTIVE', sgsd: { 360: [14000, 14207] }, matched: true },
  ],
  [
    'not offered: closed, and its code stays',
    { SRV0560: no },
    pressure({ other: { sgsd: { 360: [14207] } } }),
    { status: 'CLOSED', sgsd: { 360: [14207] }, matched: false },
  ],
  [
    'not offered: stays closed',
    { SRV0560: no },
    pressure({ status: 'CLOSED' }),
    { status: 'CLOSED', sgsd: { 9013: [7121] }, matched: false },
  ],
  [
    'not offered: one being commissioned waits',
    { SRV0560: no },
    pressure({ status: 'COMMISSIONING' }),
    { status: 'COMMISSIONING', sgsd: { 9013: [7121] }, matched: false },
  ],
  [
    'codes are not interchangeable',
    { SRV0560: yes, SRV2000: no },
    aService({ uid: 3, typeId: 149, odsCode: 'FX123CON' }),
    { status: 'CLOSED', sgsd: undefined, matched: false },
  ],
  [
    'contraception gets its own code',
    { SRV2000: yes },
    aService({ uid: 3, typeId: 149, odsCode: 'FX123CON' }),
    { status: 'ACTIVE', sgsd: { 360: [14210] }, matched: true },
  ],
  [
    'from tomorrow: not yet',
    { SRV0560: { ...yes, from: '2026-12-12' } },
    pressure(),
    { status: 'CLOSED', sgsd: { 9013: [7121] }, matched: false },
  ],
  [
    'from today',
    { SRV0560: { ...yes, from: today } },
    pressure({ status: 'CLOSED' }),
    { status: 'ACTIVE', sgsd: { 360: [14207], 9013: [7121] }, matched: true },
  ],
  [
    'until today',
    { SRV0560: { ...yes, to: today } },
    pressure({ status: 'CLOSED' }),
    { status: 'ACTIVE', sgsd: { 360: [14207], 9013: [7121] }, matched: true },
  ],
  [
    'until yesterday: over',
    { SRV0560: { ...yes, to: '2026-12-10' } },
    pressure(),
    { status: 'CLOSED', sgsd: { 9013: [7121] }, matched: false },
  ],
  [
    'palliative stock: a code on the main service',
    { SRV0559: yes },
    aService({ uid: 3 }),
    { status: 'ACTIVE', sgsd: { 360: [14167] }, matched: true },
  ],
  [
    'palliative stock: code in place',
    { SRV0559: yes },
    aService({ uid: 3, other: { sgsd: { 360: [14167] } } }),
    { status: 'ACTIVE', sgsd: { 360: [14167] }, matched: true },
  ],
  [
    'no palliative stock: the code goes',
    { SRV0559: no },
    aService({ uid: 3, other: { sgsd: { 360: [14167], 9001: [7001] } } }),
    { status: 'ACTIVE', sgsd: { 9001: [7001] }, matched: true },
  ],
  [
    'no palliative stock: only that code goes',
    { SRV0559: no },
    aService({ uid: 3, other: { sgsd: { 360: [14000, 14167] } } }),
    { status: 'ACTIVE', sgsd: { 360: [14000] }, matched: true },
  ],
  [
    'palliative stock unanswered: stays',
    { SRV0560: yes },
    aService({ uid: 3, other: { sgsd: { 360: [14167] } } }),
    { status: 'ACTIVE', sgsd: { 360: [14167] }, matched: true },
  ],
  [
    'palliative stock: not on a longer code',
    { SRV0559: yes },
    aService({ uid: 3, odsCode: 'FX1234' }),
    { status: 'ACTIVE', sgsd: undefined, matched: true },
  ],
  [
    'no palliative stock: not evaluated on a longer code',
    { SRV0559: no },
    aService({ uid: 3, odsCode: 'FX1234', other: { sgsd: { 360: [14167] } } }),
    { status: 'ACTIVE', sgsd: { 360: [14167] }, matched: true },
  ],
  [
    'palliative stock: not on a distance selling service',
    { SRV0559: yes },
    aService({ uid: 3, typeId: 134 }),
    { status: 'ACTIVE', sgsd: undefined, matched: true },
  ],
]

for (const [because, answers, service, expected] of statuses) {
  test(`a service of type ${service.typeId}, ${service.status.toLowerCase()}: ${because}`, () => {
    const [, reached] = plan(offering(answers), [stored(MAIN), met(service)])
    assert.deepEqual(
      { status: reached?.after.status, sgsd: reached?.after.other['sgsd'], matched: reached?.profileOds === 'FX123' },
      expected,
    )
  })
}

const THURSDAY = '2026-12-24'
const CHRISTMAS = '2026-12-25'
const hours: readonly (readonly [
  because: string,
  answer: ServiceAnswer,
  profile: Partial<Profile>,
  monday: WeeklyHours[number],
  specified: Record<string, readonly Session[]>,
])[] = [
  ['no hours of its own: the pharmacy’s', yes, {}, from(9, 17), {}],
  ['the service stops at midday', { ...yes, hours: morning }, {}, from(9, 12), {}],
  [
    'the pharmacy now opens later than the service',
    { ...yes, hours: morning },
    { weekly: weekdays(from(10, 17)) },
    from(10, 12),
    {},
  ],
  ['the pharmacy now closes on weekdays', { ...yes, hours: morning }, { weekly: weekdays([]) }, [], {}],
  [
    'the pharmacy closes for lunch in the middle of the service',
    { ...yes, hours: weekdays(from(10, 15)) },
    { weekly: weekdays([...from(9, 13), ...from(14, 17)]) },
    [...from(10, 13), ...from(14, 15)],
    {},
  ],
  [
    'the pharmacy’s hours are not known: the service keeps its own',
    { ...yes, hours: morning },
    { weekly: weekdays(null) },
    from(9, 17),
    {},
  ],
  [
    'a closure closes the service',
    { ...yes, hours: morning },
    { holidays: { [CHRISTMAS]: { answer: 'closed' } } },
    from(9, 12),
    { [CHRISTMAS]: [] },
  ],
  [
    'usual hours on a holiday are the service’s usual ones',
    { ...yes, hours: morning },
    { holidays: { [CHRISTMAS]: { answer: 'usual' } } },
    from(9, 12),
    { [CHRISTMAS]: from(9, 12) },
  ],
  [
    'other hours on a holiday: what both share',
    { ...yes, hours: morning },
    { holidays: { [CHRISTMAS]: { answer: 'other', sessions: from(11, 16) } } },
    from(9, 12),
    { [CHRISTMAS]: from(11, 12) },
  ],
  [
    'a dated change: what both share',
    { ...yes, hours: morning },
    { changes: [{ id: 'a', from: THURSDAY, to: THURSDAY, sessions: from(8, 10), reason: 'other', note: null }] },
    from(9, 12),
    { [THURSDAY]: from(9, 10) },
  ],
  [
    'a longer day of the pharmacy does not make the service longer',
    { ...yes, hours: morning },
    {
      changes: [{ id: 'a', from: '2026-12-12', to: '2026-12-12', sessions: from(8, 20), reason: 'other', note: null }],
    },
    from(9, 12),
    { '2026-12-12': [] },
  ],
  ['by appointment only: no times of its own', { ...yes, hours: weekdays([]), byAppointment: true }, {}, [], {}],
  [
    'not offered: it is never open',
    no,
    { holidays: { [CHRISTMAS]: { answer: 'other', sessions: from(9, 17) } } },
    [],
    { [CHRISTMAS]: [] },
  ],
  ['not offered yet', { ...yes, from: '2027-01-01' }, {}, [], {}],
  ['not offered, and the pharmacy’s hours not known: it is not open', no, { weekly: weekdays(null) }, [], {}],
]

for (const [because, answer, given, monday, specified] of hours) {
  test(`hours of a service in the directory: ${because}`, () => {
    const [main, reached] = plan(offering({ [FIRST]: answer }, given), [stored(MAIN), stored(first())])
    assert.deepEqual(reached?.after.hours.weekly[0], monday)
    assert.deepEqual(reached?.after.hours.specified, specified)
    assert.equal(reached?.after.status, 'ACTIVE')
    assert.equal(reached?.after.hours.bankHoliday, null)
    const [asBefore] = plan(aProfile(given), [stored(MAIN)])
    assert.deepEqual(main?.after, asBefore?.after, 'the pharmacy itself stays as it was')
  })
}

test('a service that a person leaves as it is keeps its hours, not its offer', () => {
  const own = { weekly: Object.fromEntries([0, 1, 2, 3, 4].map((day) => [day, from(9, 17)])) }
  const keeping = { ...stored(first()), overrides: {} }
  const [, kept] = planProjection({
    before: offering({}),
    after: offering({ [FIRST]: { ...yes, hours: morning }, SRV0560: no }),
    services: [stored(MAIN), keeping, stored(pressure())],
    decides: true,
    keep: new Set([2, 3]),
    onMeeting: 'take',
    today,
  })
  assert.deepEqual(kept?.overrides, own)
  assert.deepEqual(kept?.after.hours.weekly[0], from(9, 17))
})

test('deciding the hours of a service ends the hours that were its own, and leaves other services theirs', () => {
  const own = { weekly: { 0: from(10, 16) } }
  const [, reached, other] = planProjection({
    before: offering({}),
    after: offering({ [FIRST]: { ...yes, hours: morning } }),
    services: [
      stored(MAIN),
      {
        ...stored(first({ hours: { ...MAIN.hours, weekly: [from(10, 16), ...MAIN.hours.weekly.slice(1)] } })),
        overrides: own,
      },
      { ...stored(pressure()), overrides: own },
    ],
    decides: true,
    keep: new Set(),
    onMeeting: 'take',
    today,
  })
  assert.deepEqual(reached?.overrides, {})
  assert.deepEqual(reached?.after.hours.weekly[0], from(9, 12))
  assert.deepEqual(other?.overrides, own)
})

test('a service is offered from its first day to its last, both included', () => {
  const season = { ...yes, from: '2026-09-01', to: '2027-03-31' } as const
  assert.deepEqual(
    (['2026-08-31', '2026-09-01', '2027-03-31', '2027-04-01'] as const).map((date) => isOfferedOn(season, date)),
    [false, true, true, false],
  )
  assert.equal(isOfferedOn(undefined, today), undefined)
})
