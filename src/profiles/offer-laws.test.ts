import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { ServiceRecord } from '#src/directory/service-record.ts'
import { holidayCalendar } from '#src/rules/bank-holidays.ts'
import { compileOpeningTimes, openStateAt } from '#src/rules/compiled-hours.ts'
import { dateOf, dayOf, type LocalDate } from '#src/rules/london-time.ts'
import type { Session } from '#src/rules/opening-times.ts'
import { aProfile, aService } from '#test/support/builders.ts'
import { NOT_OFFERED } from './decide-services.ts'
import type { StoredService } from './load-profiles.ts'
import { planProjection } from './plan-projection.ts'
import type { Profile, ServiceAnswer } from './profile.ts'

const today: LocalDate = '2026-12-11'
const yes: ServiceAnswer = { ...NOT_OFFERED, offered: true }
const FIRST = 'OWN-PHARMACY-FIRST'

const first = (given: Partial<ServiceRecord> = {}) => aService({ uid: 2, typeId: 132, odsCode: 'FX123PF1', ...given })
const pressure = (given: Partial<ServiceRecord> = {}) =>
  aService({ uid: 3, typeId: 148, odsCode: 'FX123BPS', ...given })

const plan = (profile: Profile, services: readonly StoredService[]) =>
  planProjection({
    before: aProfile(),
    after: profile,
    services,
    decides: true,
    keep: new Set(),
    onMeeting: 'take',
    today,
  })

const offering = (services: Record<string, ServiceAnswer>) => aProfile({ services })

const session = fc
  .tuple(fc.integer({ min: 0, max: 1380 }), fc.integer({ min: 15, max: 500 }))
  .map(([opens, length]) => ({ opens, closes: opens + length }))
const day = fc.oneof(
  fc.constant<readonly Session[]>([]),
  session.map((one) => [one]),
  fc.tuple(fc.integer({ min: 0, max: 600 }), fc.integer({ min: 700, max: 1400 })).map(([a, b]): readonly Session[] => [
    { opens: a, closes: a + 60 },
    { opens: b, closes: b + 30 },
  ]),
)
const weeks = fc.array(day, { minLength: 7, maxLength: 7 })
const unsureWeeks = fc.array(fc.option(day, { freq: 5 }), { minLength: 7, maxLength: 7 })
const holidayDates = ['2026-12-25', '2026-12-28', '2027-01-01'] as const
const holidays = holidayCalendar(holidayDates.map((date) => ({ title: 'Holiday', date, notes: '', bunting: true })))
const answers = fc.record({
  offered: fc.boolean(),
  hours: fc.option(weeks),
  byAppointment: fc.boolean(),
  bookingLink: fc.constant(null),
  from: fc.option(fc.constantFrom<LocalDate>('2026-12-01', '2026-12-20')),
  to: fc.option(fc.constantFrom<LocalDate>('2026-12-22', '2027-01-02')),
})
const someServices = fc.dictionary(fc.constantFrom(FIRST, 'SRV0559', 'SRV0560', 'SRV2000'), answers)
const profiles = fc
  .record({
    weekly: unsureWeeks,
    holidays: fc.dictionary(
      fc.constantFrom(...holidayDates),
      fc.oneof(
        fc.constant({ answer: 'closed' } as const),
        fc.constant({ answer: 'usual' } as const),
        day.map((sessions) => ({ answer: 'other', sessions }) as const),
      ),
    ),
    changes: fc.array(
      day.map((sessions) => ({
        id: 'a',
        from: '2026-12-21' as LocalDate,
        to: '2026-12-26' as LocalDate,
        sessions,
        reason: 'other',
        note: null,
      })),
      { maxLength: 1 },
    ),
    services: fc.option(someServices, { nil: undefined }),
  })
  .map(({ services, ...given }) => aProfile({ ...given, ...(services ? { services } : {}) }) as Profile)
const status = fc.constantFrom('ACTIVE', 'CLOSED', 'COMMISSIONING', 'SUSPENDED', 'RETIRED')
const directory = fc
  .record({ first: status, pressure: status, contraception: status, matched: fc.boolean(), coded: fc.boolean() })
  .map(({ first: a, pressure: b, contraception: c, matched, coded }): readonly StoredService[] => {
    const other = coded ? { sgsd: { 360: [14167, 14207, 14210] } } : {}
    return [
      aService({ uid: 1, other }),
      first({ status: a }),
      pressure({ status: b, other }),
      aService({ uid: 4, typeId: 149, odsCode: 'FX123CON', status: c, other }),
    ].map((record) => ({ record, overrides: {}, profileOds: matched && record.status === 'ACTIVE' ? 'FX123' : null }))
  })

test('a service is never open while its pharmacy is closed', () => {
  fc.assert(
    fc.property(profiles, directory, fc.integer({ min: 0, max: 21 * 48 }), (profile, services, halfHours) => {
      const plans = plan(profile, services)
      const at = { day: dayOf('2026-12-14') + Math.floor(halfHours / 48), minute: (halfHours % 48) * 30 }
      const open = ({ after }: (typeof plans)[number]) =>
        openStateAt(compileOpeningTimes(after.hours, holidays), at).open
      const [main, ...others] = plans
      assert.ok(main)
      // Where the pharmacy has not said its hours, each service keeps what it had.
      if (profile.weekly.includes(null)) return
      if (open(main) !== false) return
      for (const other of others) {
        if (other.profileOds !== null) assert.equal(open(other), false, `${other.uid} on ${dateOf(at.day)}`)
      }
    }),
  )
})

test('projecting a second time changes nothing', () => {
  fc.assert(
    fc.property(profiles, directory, (profile, services) => {
      const once = plan(profile, services)
      const again = planProjection({
        before: profile,
        after: profile,
        services: once.map(({ after, overrides, profileOds }) => ({ record: after, overrides, profileOds })),
        decides: false,
        keep: new Set(),
        onMeeting: 'take',
        today,
      })
      assert.deepEqual(
        again.filter(({ touched }) => touched),
        [],
      )
    }),
  )
})

test('what nobody has answered changes no status and no Z code', () => {
  fc.assert(
    fc.property(profiles, directory, ({ services: _, ...unanswered }, services) => {
      for (const profile of [unanswered as Profile, { ...unanswered, services: {} } as Profile]) {
        for (const { before, after } of plan(profile, services)) {
          assert.equal(after.status, before.status)
          assert.equal(after.other, before.other)
        }
      }
    }),
  )
})

test('every combination of answers is put right again by answering otherwise', () => {
  fc.assert(
    fc.property(someServices, directory, (first, services) => {
      const once = plan(offering(first), services)
      const back = planProjection({
        before: offering(first),
        after: offering({ ...first, SRV0560: yes }),
        services: once.map(({ after, overrides, profileOds }) => ({ record: after, overrides, profileOds })),
        decides: true,
        keep: new Set(),
        onMeeting: 'take',
        today,
      })
      const [, , service] = back
      const mayOpen = ['ACTIVE', 'CLOSED', 'COMMISSIONING'].includes(services[2]?.record.status ?? '')
      assert.equal(service?.after.status === 'ACTIVE', mayOpen)
    }),
  )
})
