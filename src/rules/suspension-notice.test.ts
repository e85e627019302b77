import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { CHANGE_REASONS } from './change-reasons.ts'
import { editableUntil, phoneAsked, policyLines, tellBy } from './notice-policy.ts'
import {
  EDITABLE_FIELDS,
  lengthWords,
  missingFields,
  momentOf,
  NOTICE_FIELDS,
  type NoticeFacts,
  saysTheSame,
  suspensionNotice,
} from './suspension-notice.ts'

const at = (text: string): number => Date.parse(text)
const FACTS: NoticeFacts = {
  contractor: 'Hill Ltd',
  pharmacy: 'Hill & Sons',
  odsCode: 'FX123',
  address: '1 High Street, Sale, M33 7AB',
  phone: '01632 960 001',
  isRemote: false,
  services: null,
  startsAt: at('2026-12-11T10:34Z'),
  expectedAt: at('2026-12-11T14:00Z'),
  endedAt: null,
  end: null,
  reason: 'Power or IT failure',
  completedBy: 'Amina Khan',
  completedPhone: '01632 960 111',
  completedEmail: 'amina@nhs.example',
  writtenAt: at('2026-12-11T10:35Z'),
}

test('a notice has every approved particular', () => {
  const labels = NOTICE_FIELDS.map(({ label }) => label)
  for (const wanted of [
    'Contractor name',
    'ODS code',
    'Address',
    'Pharmacy phone number',
    'Closed from',
    'Reopening',
    'Expected length',
    'Reason',
    'What we do to limit the impact on patients',
    'What we do to reopen',
    'Completed by',
    'Contact phone number',
    'Contact email address',
    'Date of this notice',
  ]) {
    assert.ok((labels as string[]).includes(wanted), wanted)
  }
  assert.deepEqual(missingFields(suspensionNotice(FACTS)), [])
})

test('every reason has a sentence for both actions', () => {
  for (const reason of CHANGE_REASONS) {
    const { limitImpact, reopenActions } = suspensionNotice({ ...FACTS, reason })
    assert.match(limitImpact, /\.$/, reason)
    assert.match(reopenActions, /\.$/, reason)
  }
})

const TIMES: readonly (readonly [because: string, given: Partial<NoticeFacts>, reopens: string, length: string])[] = [
  ['an expected end', {}, 'Expected at 2pm on Friday 11 December 2026', '3 hours 26 minutes'],
  ['nobody knows', { expectedAt: null }, 'Not known yet: we tell you as soon as it is', 'Not known yet'],
  [
    'it is over early',
    { end: 'reopened', endedAt: at('2026-12-11T11:04Z') },
    'Reopened at 11:04am on Friday 11 December 2026',
    '30 minutes (it is over)',
  ],
  [
    'it never began',
    { end: 'cancelled', endedAt: at('2026-12-11T09:00Z') },
    'Cancelled: the closure did not take place',
    'None',
  ],
  [
    'clocks go forward in between: 23 hours passed, whatever the clock says',
    { startsAt: at('2027-03-27T12:00Z'), expectedAt: at('2027-03-28T11:00Z') },
    'Expected at midday on Sunday 28 March 2027',
    '23 hours',
  ],
]
test('when it reopens and how long it takes', () => {
  for (const [because, given, reopens, length] of TIMES) {
    const words = suspensionNotice({ ...FACTS, ...given })
    assert.equal(words.reopens, reopens, because)
    assert.equal(words.length, length, because)
  }
})

test('only where people come is a notice on the door', () => {
  assert.match(suspensionNotice(FACTS).limitImpact, /The notice for our door/)
  assert.doesNotMatch(suspensionNotice({ ...FACTS, isRemote: true }).limitImpact, /door/)
})

test('a closure to come is not told as one that is in force, and says the same when it is', () => {
  const planned = { ...FACTS, startsAt: at('2026-12-18T09:00Z'), expectedAt: at('2026-12-25T09:00Z') }
  const words = suspensionNotice(planned)
  assert.match(words.limitImpact, /^While we are closed, /)
  assert.match(suspensionNotice({ ...planned, services: ['Flu'] }).limitImpact, /While the services named above are/)
  assert.ok(saysTheSame(words, suspensionNotice({ ...planned, writtenAt: at('2026-12-18T10:00Z') })))
})

test('when it is over nobody is told of what is still being done', () => {
  const over = suspensionNotice({ ...FACTS, end: 'expired', endedAt: at('2026-12-11T14:00Z') })
  assert.match(over.limitImpact, /^While it was closed/)
  assert.equal(over.reopenActions, 'Done: the closure is over.')
  const cancelled = suspensionNotice({ ...FACTS, end: 'cancelled', endedAt: at('2026-12-11T09:00Z') })
  assert.match(cancelled.limitImpact, /^Not needed/)
})

const LENGTHS = [
  [0, '0 minutes'],
  [1, '1 minute'],
  [59, '59 minutes'],
  [60, '1 hour'],
  [61, '1 hour 1 minute'],
  [1440, '24 hours'],
  [2879, '47 hours 59 minutes'],
  [2880, '2 days'],
  [2941, '2 days 1 hour'],
] as const
test('lengths are told in their two largest parts', () => {
  for (const [minutes, words] of LENGTHS) assert.equal(lengthWords(minutes * 60_000), words)
})

test('what a person wrote comes before the facts, and facts alone never change it', () => {
  fc.assert(
    fc.property(fc.constantFrom(...EDITABLE_FIELDS), fc.string(), fc.string(), (field, text, reason) => {
      const words = suspensionNotice({ ...FACTS, reason }, { [field]: text })
      assert.equal(words[field], text)
      assert.equal(missingFields(words).length > 0, text.trim() === '' || (field !== 'reason' && reason.trim() === ''))
    }),
  )
})

test('another date alone is no news', () => {
  const words = suspensionNotice(FACTS)
  assert.ok(saysTheSame(words, suspensionNotice({ ...FACTS, writtenAt: at('2026-12-12T10:35Z') })))
  assert.ok(!saysTheSame(words, suspensionNotice({ ...FACTS, expectedAt: null })))
})

const POLICY = {
  name: 'The ICB',
  email: 'a@icb.example',
  phone: '01632 960 500',
  tellWithinMinutes: 60,
  phoneOverHours: 24,
  editDays: 7,
  note: 'Use the form as well.',
}
const HOUR = 3_600_000

test('what an area asks is told in sentences', () => {
  assert.deepEqual(policyLines(POLICY), [
    'The ICB wants to know within 1 hour of closing. We send the notice by email for you.',
    'Phone the ICB too, on 01632 960 500: closures over 24 hours.',
    'Use the form as well.',
  ])
  assert.deepEqual(policyLines({ ...POLICY, phone: null, tellWithinMinutes: 0, phoneOverHours: 0, note: null }), [
    'The ICB wants to know as soon as you close. We send the notice by email for you.',
    'Phone the ICB too: every closure.',
  ])
})

test('a closure is phoned about when it is longer than the area says', () => {
  const closure = { startsAt: 0, expectedAt: 25 * HOUR, endedAt: null, end: null }
  const cases: readonly (readonly [because: string, given: object, now: number, asked: boolean])[] = [
    ['expected to be longer', {}, 0, true],
    ['exactly as long', { expectedAt: 24 * HOUR }, 0, false],
    ['nobody knows, and it is young', { expectedAt: null }, HOUR, false],
    ['nobody knows, and it is old', { expectedAt: null }, 25 * HOUR, true],
    ['it is over', { endedAt: 25 * HOUR, end: 'reopened' }, 26 * HOUR, false],
  ]
  for (const [because, given, now, asked] of cases) {
    assert.equal(phoneAsked(POLICY, { ...closure, ...given }, now) !== undefined, asked, because)
  }
  assert.equal(phoneAsked({ ...POLICY, phoneOverHours: null }, closure, 0), undefined)
})

test('the ICB is told by the start or the telling, whichever is later, and edited for days after the end', () => {
  assert.equal(tellBy(POLICY, 10 * HOUR, 2 * HOUR), 11 * HOUR)
  assert.equal(tellBy(POLICY, 0, 2 * HOUR), 3 * HOUR)
  assert.equal(editableUntil({ endedAt: null }, 7), null)
  assert.equal(editableUntil({ endedAt: HOUR }, 7), HOUR + 7 * 24 * HOUR)
  assert.equal(momentOf(at('2026-07-01T11:00Z')), 'midday on Wednesday 1 July 2026', 'in London')
})
