import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Closure, Profile } from '#src/profiles/profile.ts'
import { holidayCalendar } from '#src/rules/bank-holidays.ts'
import { TRAINING_PHARMACY } from '#src/rules/ods-code.ts'
import { aProfile } from '#test/support/builders.ts'
import type { StoredClosure } from '../closure-records.ts'
import { doneBanner } from './closure-banner.ts'

const at = (text: string): number => Date.parse(text)
const STORED: StoredClosure = {
  id: 'c1',
  odsCode: 'FX123',
  startsAt: at('2026-12-11T10:34Z'),
  expectedAt: null,
  endedAt: null,
  end: null,
  services: null,
  reason: 'Power or IT failure',
  advice: null,
  toldAt: '2026-12-11T10:34:00.000Z',
  toldBy: 'person:amina@nhs.example',
  via: 'profile-manager',
  filledInBy: null,
  phone: null,
  lastWordAt: at('2026-12-11T10:34Z'),
  reminded: false,
  seq: 1,
}
const OTHER: Closure = {
  id: 'c2',
  from: '2026-12-11T10:00',
  until: null,
  services: null,
  reason: 'Building work',
  advice: null,
  writtenTo: '2026-12-24',
  statutory: [],
  ended: false,
}
const OVER = { end: 'reopened', endedAt: at('2026-12-11T11:00Z') } as const
const HIDDEN = { status: 'hidden' } as const

const CASES: readonly (readonly [
  because: string,
  done: string,
  closure: Partial<StoredClosure>,
  profile: Partial<Profile>,
  now: string,
  banner: string | null,
])[] = [
  ['closed', 'closed', {}, {}, '11:00', 'You are closed. NHS 111 and the public page show it now.'],
  ['it has no page', 'closed', {}, HIDDEN, '11:00', 'You are closed. NHS 111 knows it now.'],
  [
    'services',
    'closed',
    { services: [1, 2] },
    {},
    '11:00',
    '2 services are closed. NHS 111 and the public page show it now.',
  ],
  ['to come', 'closed', {}, {}, '10:00', 'Your closure is planned. The public page shows it now.'],
  ['to come, without a page', 'closed', {}, HIDDEN, '10:00', 'Your closure is planned.'],
  [
    'nobody learns of it',
    'closed',
    {},
    { ...HIDDEN, odsCode: TRAINING_PHARMACY },
    '11:00',
    'You are closed. At a real pharmacy NHS 111 and the public page show it at once.',
  ],
  ['it is over meanwhile', 'closed', OVER, {}, '11:30', null],
  ['open', 'reopened', OVER, {}, '11:30', 'You are open again. NHS 111 and the public page show it now.'],
  [
    'it is evening',
    'reopened',
    OVER,
    {},
    '18:00',
    'This closure is over. You open next at 9am on Monday. NHS 111 and the public page show it now.',
  ],
  [
    'another closure lies on it',
    'reopened',
    OVER,
    { closures: [OTHER] },
    '11:30',
    'This closure is over, but you are still closed: another closure is in force.',
  ],
  [
    'a service is closed too',
    'reopened',
    OVER,
    { closures: [{ ...OTHER, services: [1] }] },
    '11:30',
    'You are open again. Some services are still closed.',
  ],
  [
    'services alone',
    'reopened',
    { ...OVER, services: [1] },
    {},
    '11:30',
    'The closure of 1 service is over. NHS 111 and the public page show it now.',
  ],
  ['nobody has reopened it', 'reopened', {}, {}, '11:30', null],
  ['nothing of ours', 'sold', {}, {}, '11:30', null],
]

test('what was just done is told as far as it is so', () => {
  for (const [because, done, closure, profile, now, banner] of CASES) {
    const facts = {
      closure: { ...STORED, ...closure },
      profile: aProfile(profile),
      holidays: holidayCalendar([]),
      now: new Date(`2026-12-11T${now}:00Z`),
    }
    assert.equal(doneBanner(done, facts), banner, because)
  }
})
