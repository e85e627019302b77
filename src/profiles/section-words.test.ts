import assert from 'node:assert/strict'
import { test } from 'node:test'
import { holidayCalendar } from '#src/rules/bank-holidays.ts'
import { aProfile, NINE_TO_FIVE, USUAL_WEEK } from '#test/support/builders.ts'
import type { Profile } from './profile.ts'
import { changedParts, PROFILE_PARTS, partDifferences, partTitle, partValues, splitContent } from './section-words.ts'

const SECRET = 'SECRET'
const holidays = holidayCalendar([])
/** Says something of everything; what nobody but professionals or the pharmacy may know is marked. */
const WHOLE = aProfile({
  ownerName: `${SECRET} owner`,
  contact: {
    phone: '01632 960001',
    website: 'https://hill.example',
    email: 'hello@hill.example',
    professionalPhone: `${SECRET} phone`,
    professionalEmail: `${SECRET}@nhs.example`,
  },
  contract: { condition: 'forty', core: [NINE_TO_FIVE, NINE_TO_FIVE, [], [], [], [], []] },
  holidays: { '2026-12-25': { answer: 'closed' } },
  changes: [{ id: 'a', from: '2026-12-14', to: '2026-12-14', sessions: [], reason: `${SECRET} reason`, note: 'Sorry' }],
  services: { EPS0001: { offered: true, hours: null, byAppointment: false, bookingLink: null, from: null, to: null } },
  facilities: { '30': { has: true } },
})
const wordsOf = (profile: Profile, isPublic: boolean) =>
  PROFILE_PARTS.flatMap((part) => partValues(profile, part, holidays))
    .filter((value) => value.isPublic === isPublic)
    .map(({ label, text }) => `${label}: ${text}`)

test('every part has a title and says something', () => {
  for (const part of PROFILE_PARTS) {
    assert.ok(partTitle(part, 'community'))
    assert.ok(partValues(WHOLE, part, holidays).length > 0, part)
  }
})

test('what is not public is not among the public values, nor in the public content', () => {
  assert.doesNotMatch(wordsOf(WHOLE, true).join('\n'), /SECRET|[Cc]ore hours|Kind of contract/)
  assert.equal(wordsOf(WHOLE, false).filter((text) => text.includes(SECRET)).length, 3)
  for (const part of PROFILE_PARTS) {
    assert.doesNotMatch(JSON.stringify(splitContent(WHOLE, part).shown), /SECRET|forty/, part)
  }
})

test('what is not public is in the content that is sealed', () => {
  const hidden = PROFILE_PARTS.map((part) => JSON.stringify(splitContent(WHOLE, part).hidden) ?? '').join('\n')
  for (const secret of ['phone', '@nhs.example', 'reason'])
    assert.ok(hidden.includes(`${SECRET} ${secret}`.replace(' @', '@')))
  assert.match(hidden, /forty/)
})

test('every change of a profile changes a part, and names the values', () => {
  const cases: readonly (readonly [given: Partial<Profile>, part: string, labels: readonly string[]])[] = [
    [{ contact: { ...WHOLE.contact, phone: null } }, 'contact', ['Public phone number']],
    [{ weekly: [[], ...USUAL_WEEK.slice(1)] }, 'hours', ['Monday']],
    [
      { contract: { condition: 'forty', core: [[], NINE_TO_FIVE, [], [], [], [], []] } },
      'hours',
      ['Core hours on Monday'],
    ],
    [{ holidays: {} }, 'holidays', ['Christmas Day, Friday 25 December 2026']],
    [{ changes: [] }, 'changes', ['Monday 14 December 2026', 'Reason, Monday 14 December 2026']],
    [{ services: {} }, 'services', ['Electronic Prescription Service']],
    [{ facilities: {} }, 'facilities', ['Disabled parking']],
    [{ name: 'Dale & Sons' }, 'place', ['Name']],
    [{ status: 'closed' }, 'place', ['Status']],
    [{ address: { ...WHOLE.address, position: null } }, 'place', ['Map pin']],
  ]
  for (const [given, part, labels] of cases) {
    const after = { ...WHOLE, ...given }
    assert.deepEqual(changedParts(WHOLE, after), [part], JSON.stringify(given))
    const differences = changedParts(WHOLE, after).flatMap((each) => partDifferences(WHOLE, after, each, holidays))
    assert.deepEqual(
      differences.map(({ label }) => label),
      labels,
    )
    const isSecret = (label: string) => /^(Core hours|Reason)/.test(label)
    for (const { label, isPublic } of differences) assert.equal(isPublic, !isSecret(label), label)
  }
  assert.deepEqual(changedParts(WHOLE, { ...WHOLE }), [])
  assert.deepEqual(changedParts(undefined, WHOLE), [...PROFILE_PARTS])
})
