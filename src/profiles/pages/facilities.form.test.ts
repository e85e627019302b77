import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { FacilityAnswer } from '#src/profiles/profile.ts'
import { FACILITIES } from '#src/rules/facilities.ts'
import { facilityFields, parseFacilitiesForm, withFacilityFrom } from './facilities.form.ts'
import type { Fields } from './fields.ts'

const KINDS = FACILITIES.filter(({ id }) => ['28', 'wide-door'].includes(id))
const SHOWN: Readonly<Record<string, FacilityAnswer>> = {
  'wide-door': { has: true, measure: 850, note: 'By the bank' },
}

const READ: readonly (readonly [Fields, Readonly<Record<string, FacilityAnswer | null>>, string])[] = [
  [{}, {}, 'what the form does not say stays as it is'],
  [{ 'facility-28': 'yes' }, { '28': { has: true } }, 'yes'],
  [{ 'facility-28': 'no', 'note-28': 'Two streets  away' }, { '28': { has: false, note: 'Two streets away' } }, 'no'],
  [{ 'facility-28': 'not-stated' }, { '28': null }, 'not stated is an answer'],
  [
    { 'facility-wide-door': 'yes', 'measure-wide-door': '1,200' },
    { 'wide-door': { has: true, measure: 1200 } },
    '1,200',
  ],
  [
    { 'facility-wide-door': 'yes', 'measure-wide-door': '900mm' },
    { 'wide-door': { has: true, measure: 900 } },
    '900mm',
  ],
  [{ 'facility-28': 'yes', 'measure-28': '5' }, { '28': { has: true } }, 'what has no measure has none'],
  [{ 'facility-wide-door': 'no', 'measure-wide-door': '850' }, { 'wide-door': { has: false } }, 'no door, no width'],
  [
    { 'facility-wide-door': 'not-stated', 'measure-wide-door': '850', 'note-wide-door': 'By the bank' },
    { 'wide-door': null },
    'boxes that say what they said are no words of anybody’s',
  ],
]
for (const [fields, expected, because] of READ) {
  test(`reads facilities: ${because}`, () => {
    assert.deepEqual(parseFacilitiesForm(fields, KINDS, SHOWN), { ok: true, value: expected })
  })
}

const REFUSED: readonly (readonly [Fields, string, string])[] = [
  [{ 'facility-28': 'perhaps' }, 'facility-28', 'no such answer'],
  [{ 'facility-28': 'not-stated', 'note-28': 'Behind' }, 'facility-28', 'a note beside not stated'],
  [{ 'facility-wide-door': 'not-stated', 'measure-wide-door': '851' }, 'facility-wide-door', 'a measure beside it'],
  [{ 'facility-28': 'yes', 'note-28': 'Bell\uFFFD' }, 'note-28', 'a note that could not be read'],
]
for (const [fields, expected, because] of REFUSED) {
  test(`asks again about facilities: ${because}`, () => {
    const read = parseFacilitiesForm(fields, KINDS, SHOWN)
    assert.deepEqual(read.ok ? [] : read.problems.map(({ field }) => field), [expected])
  })
}

test('what is no number is left for the limits to refuse', () => {
  for (const text of ['wide', '-850', '8.5', '1e3', '٨٥٠', '1,2']) {
    const read = parseFacilitiesForm({ 'facility-wide-door': 'yes', 'measure-wide-door': text }, KINDS, SHOWN)
    assert.ok(read.ok && Number.isNaN(read.value['wide-door']?.measure), text)
  }
})

test('a form shows what was saved and says the same when it is sent back', () => {
  const read = parseFacilitiesForm(facilityFields(SHOWN, KINDS), KINDS, SHOWN)
  assert.deepEqual(read, { ok: true, value: { ...SHOWN, '28': null } })
})

test('taking over one facility leaves those whose id begins alike', () => {
  const mine = { 'facility-3': 'yes', 'note-3': 'a', 'facility-30': 'yes', 'note-30': 'b' }
  const theirs = { 'facility-3': 'no', 'note-3': '', 'facility-30': 'no', 'note-30': '' }
  assert.deepEqual(withFacilityFrom(mine, theirs, '3'), { ...mine, 'facility-3': 'no', 'note-3': '' })
})
