import assert from 'node:assert/strict'
import { test } from 'node:test'
import { holidayCalendar } from '#src/rules/bank-holidays.ts'
import { quarterBefore, quarterOf } from '#src/rules/financial-quarter.ts'
import { dateOf, type LocalDate, toLondon } from '#src/rules/london-time.ts'
import { aProfile, UNCHECKED } from '#test/support/builders.ts'
import type { ProfileSection, Sections } from './profile.ts'
import { QUARTERLY_SECTIONS } from './sections-due.ts'
import { pastQuarters, pastStandingOf, standingOf } from './standing.ts'

const holidays = holidayCalendar([])
const AMINA = 'person:amina@nhs.example'
const checked = (at: Partial<Record<ProfileSection, string>>): Sections => ({
  ...UNCHECKED,
  ...Object.fromEntries(
    Object.entries(at).map(([section, checkedAt]) => [
      section,
      { ...UNCHECKED[section as ProfileSection], checkedAt, checkedBy: AMINA },
    ]),
  ),
})
const stateAt = (checkedAt: string, now: string) => {
  const today = dateOf(toLondon(new Date(now)).day)
  const standing = standingOf({ profile: aProfile(), sections: checked({ contact: checkedAt }) }, { today, holidays })
  return standing.sections.find(({ section }) => section === 'contact')?.state
}

const moments: [checkedAt: string, now: string, state: string, because: string][] = [
  ['2026-12-31T23:59:00Z', '2026-12-31T23:59:30Z', 'checked', 'the last minute of the quarter counts'],
  ['2026-12-31T23:59:00Z', '2027-01-01T00:00:00Z', 'due', 'a minute later the next quarter has begun'],
  [
    '2026-09-30T22:59:00Z',
    '2026-09-30T23:30:00Z',
    'due',
    '11:59pm on 30 September is last quarter at 00:30am in London',
  ],
  ['2026-09-30T23:00:00Z', '2026-10-01T09:00:00Z', 'checked', 'midnight in London, 11pm by UTC, is 1 October'],
  ['2026-06-30T22:59:00Z', '2026-06-30T22:59:59Z', 'checked', '11:59pm on the last day, in summer time'],
  ['2027-03-31T22:59:00Z', '2027-03-31T23:00:00Z', 'due', 'the clocks changed three days before the quarter ends'],
  ['2026-10-01T08:00:00Z', '2026-10-25T01:30:00Z', 'checked', 'the night on which the clocks go back'],
]
for (const [checkedAt, now, state, because] of moments) {
  test(`checked at ${checkedAt} is ${state} at ${now}: ${because}`, () => assert.equal(stateAt(checkedAt, now), state))
}

test('every quarterly section is counted, and all of them make it done', () => {
  const on = { today: '2026-12-11' as LocalDate, holidays }
  const none = standingOf({ profile: aProfile(), sections: UNCHECKED }, on)
  assert.deepEqual([none.checked, none.of, none.isDone], [0, QUARTERLY_SECTIONS.length, false])
  const every = Object.fromEntries(QUARTERLY_SECTIONS.map((section) => [section, '2026-12-01T09:00:00Z']))
  const all = standingOf({ profile: aProfile(), sections: checked(every) }, on)
  assert.deepEqual([all.checked, all.isDone], [QUARTERLY_SECTIONS.length, true])
})

test('holidays without an answer are what blocks their section, to the quarter’s end and from today on', () => {
  const blocks = (today: LocalDate) =>
    standingOf(
      { profile: aProfile({ holidays: { '2026-12-28': { answer: 'closed' } } }), sections: UNCHECKED },
      { today, holidays },
    ).sections.flatMap(({ section, unanswered }) => unanswered.map(({ date }) => `${section} ${date}`))
  assert.deepEqual(blocks('2026-12-11'), ['holidays 2026-12-25'])
  assert.deepEqual(blocks('2026-12-26'), [], 'Christmas Day is over')
  assert.deepEqual(blocks('2027-01-01'), [
    'holidays 2027-01-01',
    'holidays 2027-03-26',
    'holidays 2027-03-28',
    'holidays 2027-03-29',
  ])
})

test('a quarter that is over says who checked last, and what was missed', () => {
  const quarter = quarterBefore(quarterOf('2026-12-11'))
  const standing = pastStandingOf(quarter, [
    { section: 'contact', attestedAt: '2026-07-02T09:00:00Z', person: AMINA },
    { section: 'contact', attestedAt: '2026-08-02T09:00:00Z', person: 'person:ben@nhs.example' },
    { section: 'changes', attestedAt: '2026-08-02T09:00:00Z', person: AMINA },
  ])
  assert.deepEqual(
    standing.sections.slice(0, 2).map(({ state, checkedBy }) => [state, checkedBy]),
    [
      ['checked', 'person:ben@nhs.example'],
      ['missed', null],
    ],
  )
  assert.equal(standing.checked, 1, 'a section that is not asked for each quarter is not counted')
})

test('the last four quarters are looked back on, and none from before the profile', () => {
  const ids = (since: string) => pastQuarters('2026-12-11', since).map(({ id }) => id)
  assert.deepEqual(ids('2020-01-01T00:00:00Z'), ['2026-27-Q2', '2026-27-Q1', '2025-26-Q4', '2025-26-Q3'])
  assert.deepEqual(ids('2026-06-30T22:30:00Z'), ['2026-27-Q2', '2026-27-Q1'], '11:30pm in London on 30 June')
  assert.deepEqual(ids('2026-06-30T23:30:00Z'), ['2026-27-Q2'], 'already 1 July in London')
  assert.deepEqual(ids('2026-12-01T00:00:00Z'), [])
})
