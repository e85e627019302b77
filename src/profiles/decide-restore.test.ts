import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { holidayCalendar } from '#src/rules/bank-holidays.ts'
import { dateOf, dayOf, type LocalDate } from '#src/rules/london-time.ts'
import { aProfile, NINE_TO_FIVE, USUAL_WEEK } from '#test/support/builders.ts'
import { monthsAfter } from './decide.ts'
import { decideRestore, RESTORABLE_SECTIONS } from './decide-restore.ts'
import type { DatedChange, HolidayAnswer, Profile, ProfileSection } from './profile.ts'
import { specifiedDates } from './projected-facts.ts'
import { sectionContent } from './section-content.ts'
import { partValues } from './section-words.ts'

const today: LocalDate = '2026-11-21'
const savedOn: LocalDate = '2026-10-01'
const holidays = holidayCalendar([])
const context = { today, holidays }
const restore = (now: Profile, then: Profile, section: ProfileSection) =>
  decideRestore(now, { profile: then, savedOn }, [section], context)
const closed = (id: string, from: LocalDate, to: LocalDate = from): DatedChange => ({
  id,
  from,
  to,
  sessions: [],
  reason: 'refit',
  note: null,
})

test('a number of then comes back, and a website that nobody had given is removed', () => {
  const then = aProfile({ contact: { phone: '01632 960009' } })
  const now = aProfile({ contact: { phone: '01632 960001', website: 'https://hill.example' } })
  assert.deepEqual(restore(now, then, 'contact'), {
    profile: { ...now, contact: { phone: '01632 960009', website: null } },
    refused: [],
  })
})

test('values that today’s rules refuse stay as they are, with the reason; the others come back', () => {
  const then = aProfile({ contact: { phone: '01632 960009', website: 'name@hill.example' } })
  const now = aProfile({ contact: { phone: '01632 960001', website: 'https://hill.example' } })
  const { profile, refused } = restore(now, then, 'contact')
  assert.deepEqual(profile.contact, { phone: '01632 960009', website: 'https://hill.example' })
  assert.deepEqual(
    refused.map(({ message }) => message),
    ['Enter a website, not an email address'],
  )
})

test('a version without a public phone number cannot take it away', () => {
  const { profile, refused } = restore(aProfile(), aProfile({ contact: {} }), 'contact')
  assert.deepEqual(profile.contact, aProfile().contact)
  assert.deepEqual(
    refused.map(({ code }) => code),
    ['missing'],
  )
})

test('hours with a day that was not known are refused', () => {
  const { profile, refused } = restore(aProfile(), aProfile({ weekly: [null, ...USUAL_WEEK.slice(1)] }), 'hours')
  assert.deepEqual(profile, aProfile())
  assert.equal(refused.length, 1)
})

test('holidays: coming days as then, days that are over as they are, days that were not asked then as they are', () => {
  const now = aProfile({
    holidays: {
      '2026-08-31': { answer: 'closed' },
      '2026-12-25': { answer: 'usual' },
      '2026-12-28': { answer: 'closed' },
      '2028-04-14': { answer: 'closed' },
    },
  })
  const then = aProfile({ holidays: { '2026-08-31': { answer: 'usual' }, '2026-12-25': { answer: 'closed' } } })
  assert.deepEqual(restore(now, then, 'holidays').profile.holidays, {
    '2026-08-31': { answer: 'closed' },
    '2026-12-25': { answer: 'closed' },
    '2028-04-14': { answer: 'closed' },
  })
})

const changes: [now: DatedChange[], then: DatedChange[], after: [string, LocalDate, LocalDate][], because: string][] = [
  [[closed('a', '2026-12-01')], [], [], 'a coming change that was not there then goes'],
  [[], [closed('a', '2026-12-01')], [['a', '2026-12-01', '2026-12-01']], 'one that was cancelled comes back'],
  [[], [closed('a', '2026-11-01')], [], 'one that would be over does not'],
  [[closed('a', '2026-11-01')], [], [['a', '2026-11-01', '2026-11-01']], 'what is over stays on record'],
  [
    [],
    [closed('a', '2026-11-01', '2026-12-01')],
    [['a', '2026-11-21', '2026-12-01']],
    'one under way comes back from today on',
  ],
  [
    [closed('a', '2026-11-01', '2026-12-01')],
    [],
    [['a-before-2026-11-21', '2026-11-01', '2026-11-20']],
    'one under way ends yesterday',
  ],
  [
    [closed('a', '2026-11-01', '2026-12-01')],
    [closed('a', '2026-11-01', '2026-12-01')],
    [['a', '2026-11-01', '2026-12-01']],
    'one that is the same stays whole',
  ],
]
for (const [now, then, after, because] of changes) {
  test(`changes: ${because}`, () => {
    const { profile } = restore(aProfile({ changes: now }), aProfile({ changes: then }), 'changes')
    assert.deepEqual(
      profile.changes.map(({ id, from, to }) => [id, from, to]),
      after,
    )
  })
}

test('a service whose hours no longer fit is refused, the others come back, and one that is new since goes', () => {
  const answer = { offered: true, hours: null, byAppointment: false, bookingLink: null, from: null, to: null }
  const early = [{ opens: 420, closes: 540 }]
  const then = aProfile({
    services: { SRV0560: { ...answer, hours: [early, [], [], [], [], [], []] }, SRV0547: answer, GONE: answer },
  })
  const { profile, refused } = restore(aProfile({ services: { SRV0565: answer } }), then, 'services')
  assert.deepEqual(Object.keys(profile.services ?? {}).includes('SRV0565'), false)
  assert.ok(refused.some(({ message }) => message === 'There is no service with the code GONE'))
})

const anyDay = (from: LocalDate, days: number) =>
  fc.integer({ min: 0, max: days }).map((offset) => dateOf(dayOf(from) + offset))
const anyChange = fc
  .record({
    id: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
    from: anyDay('2026-10-01', 120),
    length: fc.nat(40),
    open: fc.boolean(),
  })
  .map(
    ({ id, from, length, open }): DatedChange => ({
      ...closed(id, from, dateOf(dayOf(from) + length)),
      sessions: open ? NINE_TO_FIVE : [],
    }),
  )
const anyAnswer = fc.constantFrom<HolidayAnswer>(
  { answer: 'closed' },
  { answer: 'usual' },
  { answer: 'other', sessions: NINE_TO_FIVE },
)
const asked = holidays.statutoryDays(dayOf('2026-08-01'), dayOf(monthsAfter(savedOn, 18))).map(({ date }) => date)
const anyProfile = fc
  .record({
    phone: fc.constantFrom('01632 960001', '01632 960002'),
    website: fc.constantFrom(undefined, null, 'https://hill.example', 'https://dale.example'),
    weekly: fc.array(fc.constantFrom([], NINE_TO_FIVE), { minLength: 7, maxLength: 7 }),
    answers: fc.dictionary(fc.constantFrom(...asked), anyAnswer),
    changes: fc.uniqueArray(anyChange, { maxLength: 5, selector: ({ id }) => id }),
    flu: fc.option(fc.boolean(), { nil: undefined }),
  })
  .map(({ phone, website, weekly, answers, changes, flu }) =>
    aProfile({
      contact: { phone, ...(website === undefined ? {} : { website }) },
      weekly,
      holidays: answers,
      changes,
      ...(flu === undefined ? {} : { facilities: { 28: { has: flu } } }),
    }),
  )

test('law: restored to a version, a section says of the days to come what it said then', () => {
  fc.assert(
    fc.property(anyProfile, anyProfile, fc.constantFrom(...RESTORABLE_SECTIONS), (now, then, section) => {
      const { profile, refused } = restore(now, then, section)
      if (refused.length > 0) return
      assert.deepEqual(wordsToCome(profile, section), wordsToCome(then, section))
      for (const other of RESTORABLE_SECTIONS) {
        if (other !== section) assert.deepEqual(sectionContent(profile, other), sectionContent(now, other))
      }
      assert.deepEqual(datesBefore(profile), datesBefore(now), 'days that are over stay as they were lived')
    }),
  )
})

test('law: restoring twice changes nothing more', () => {
  fc.assert(
    fc.property(anyProfile, anyProfile, (now, then) => {
      const once = decideRestore(now, { profile: then, savedOn }, RESTORABLE_SECTIONS, context).profile
      assert.deepEqual(decideRestore(once, { profile: then, savedOn }, RESTORABLE_SECTIONS, context).profile, once)
    }),
  )
})

/** What a section says from today on, by date where it speaks of dates; "none" is nothing said. */
function wordsToCome(profile: Profile, section: ProfileSection): unknown {
  if (section === 'changes')
    return Object.entries(specifiedDates({ ...profile, holidays: {} }))
      .filter(([date]) => date >= today)
      .sort()
  const values = partValues(profile, section, holidays).map(
    ({ key, text }) => [key, text === 'None' ? null : text] as const,
  )
  return section === 'holidays'
    ? Object.entries(profile.holidays)
        .filter(([date]) => date >= today)
        .sort()
    : values
}

const datesBefore = (profile: Profile) =>
  Object.entries(specifiedDates({ ...profile, weekly: USUAL_WEEK }))
    .filter(([date]) => date < today)
    .sort()

test('closures stay as they are, whichever version the changes are restored to', () => {
  const closure = {
    id: 'c1',
    from: '2026-11-21T10:00',
    until: null,
    services: null,
    reason: 'Power or IT failure',
    advice: null,
    writtenTo: '2026-12-04',
    statutory: [],
    ended: false,
  } as const
  const now = aProfile({ closures: [closure] })
  const then = aProfile({ changes: [closed('a', '2026-12-01')], closures: [{ ...closure, id: 'c0' }] })
  assert.deepEqual(restore(now, then, 'changes').profile, { ...now, changes: then.changes })
  assert.deepEqual(restore(aProfile(), then, 'changes').profile.closures, undefined)
})
