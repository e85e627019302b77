import assert from 'node:assert/strict'
import { test } from 'node:test'
import { buildTriageReference } from '#src/directory/triage/triage-reference.ts'
import type { ProfileFields } from '#src/rules/clinical-profile.ts'
import { entriesWith, LIST_TOPICS, readLines } from './list-topics.ts'

const reference = buildTriageReference({
  pairs: { 1011: [4003, 4004], 360: [14_500] },
  symptomGroups: [
    { id: 1011, name: 'Sore throat' },
    { id: 360, name: 'Service types' },
  ],
  discriminators: [
    { id: 4003, name: 'With a fever' },
    { id: 4004, name: 'For a week, or more' },
  ],
  dispositions: [
    { id: 1008, timeframe: 60, name: 'Within an hour' },
    { id: 1009, timeframe: null },
    { id: 1010, timeframe: 0, name: 'Now' },
    { id: 1011, timeframe: 10_080 },
  ],
  areas: { SALE: { kind: 'local', postcodes: ['M33'] } },
})
const topic = (slug: string) => LIST_TOPICS.find((one) => one.slug === slug) ?? assert.fail(slug)
const EMPTY: ProfileFields = {
  ...{ genders: null, ages: null, sgsd: null, dispositions: null, roles: null, restricted: null },
  ...{ referrals: null, limitedTo: null, promotedTo: null, returnIfOpenMinutes: null },
}

for (const [slug, line, expected, because] of [
  ['pairs', '1011 4003', ['1011-4003'], 'numbers with a space'],
  ['pairs', ' 1011=4003 ', ['1011-4003'], 'as Z codes are written'],
  ['pairs', '1011: 4003, 4004', ['1011-4003', '1011-4004'], 'several discriminators'],
  ['pairs', '1011\t4004', ['1011-4004'], 'from a spreadsheet'],
  ['pairs', '１０１１－４００３', ['1011-4003'], 'full-width'],
  ['pairs', 'sore  THROAT: with a fever', ['1011-4003'], 'names, in any case'],
  ['pairs', '1011 Sore throat: 4004 For a week, or more; 4003', ['1011-4004', '1011-4003'], 'as pages show them'],
  ['pairs', '1011', 'Enter a symptom group and a discriminator', 'half a pair'],
  ['pairs', '1011 14500', 'Discriminator 14500 does not go with symptom group 1011', 'no pair of the reference'],
  ['pairs', '9 4003', 'There is no symptom group 9', 'no such group'],
  ['pairs', 'Sore throat With a fever', 'Put a colon between the symptom group and its discriminators', 'no sign'],
  ['pairs', 'Earache: 1', 'There is no symptom group “Earache”', 'no such name'],
  ['pairs', 'Sore throat: In a child', '“In a child” does not go with symptom group 1011', 'no such discriminator'],
  ['pairs', `${'x'.repeat(10_000)}: 1`, `There is no symptom group “${'x'.repeat(40)}…”`, 'a long line is cut'],
  ['pairs', 'Sore throat: ', 'Enter a discriminator after the symptom group', 'nothing after the sign'],
  ['dispositions', '1008, 1009', ['1008', '1009'], 'several numbers'],
  ['dispositions', 'within an hour', ['1008'], 'a name'],
  ['dispositions', '1008 7', 'There is no disposition 7', 'the unknown one is named'],
  ['dispositions', 'whenever', 'There is no disposition of this name', 'no such name'],
  ['surgeries', 'p84016; P84017', ['P84016', 'P84017'], 'codes in any case'],
  ['surgeries', 'P84016 ?', '“?” is not an ODS code', 'what cannot be a code'],
  ['limited-areas', 'sale, e08000009 QOP', ['SALE', 'E08000009', 'QOP'], 'areas of each kind'],
  ['limited-areas', 'Altrincham', 'We know no area with the code ALTRINCHAM', 'a local area that is not listed'],
] as const) {
  test(`of ${slug} the line “${line.slice(0, 60)}” is ${JSON.stringify(expected)}: ${because}`, () => {
    const { keys, bad } = readLines(topic(slug), [line], reference)
    if (typeof expected === 'string')
      assert.deepEqual(bad, [{ line: 1, text: line.length > 200 ? `${line.slice(0, 200)}…` : line, why: expected }])
    else assert.deepEqual({ keys, bad }, { keys: expected, bad: [] })
  })
}

test('every bad line is named by its number, empty lines say nothing, and nothing is taken twice', () => {
  const { keys, bad } = readLines(topic('pairs'), ['1011 4003', '', 'x', '1011=4003', '7 8'], reference)
  assert.deepEqual(keys, ['1011-4003'])
  assert.deepEqual(
    bad.map(({ line, text }) => [line, text]),
    [
      [3, 'x'],
      [5, '7 8'],
    ],
  )
})

test('what is in a list is shown by number and name, with what is special about it', () => {
  const profile = { ...EMPTY, sgsd: { 1011: [4999, 4003], 360: [14_500] }, dispositions: [1011, 1010, 1008, 3] }
  assert.deepEqual(
    topic('pairs')
      .entries(profile, reference)
      .map(({ group, text, note }) => [group, text, note]),
    [
      ['360 Service types', '14500', 'Z code'],
      ['1011 Sore throat', '4003 With a fever', null],
      ['1011 Sore throat', '4999', 'Not in the reference'],
    ],
  )
  assert.deepEqual(
    topic('dispositions')
      .entries(profile, reference)
      .map(({ text }) => text),
    ['3', '1008 Within an hour, within 1 hour', '1010 Now, at once', '1011, within 7 days'],
  )
  const all = topic('pairs').catalogue(reference) ?? []
  assert.deepEqual(
    entriesWith(all, 'throat fever').map(({ key }) => key),
    ['1011-4003'],
  )
  assert.deepEqual(
    entriesWith(all, ' 14500 ').map(({ key }) => key),
    ['360-14500'],
  )
  assert.equal(entriesWith(all, '').length, 3)
})

test('a list is put together again from its keys', () => {
  for (const { slug, entries, patch } of LIST_TOPICS) {
    const profile = {
      ...EMPTY,
      ...{ sgsd: { 360: [14_500], 1011: [4003, 4004] }, dispositions: [1008, 1009], referrals: ['P1', 'P2'] },
      ...{ limitedTo: ['QOP', 'SALE'], promotedTo: ['QOP'] },
    }
    const keys = entries(profile, reference).map(({ key }) => key)
    const [[field, value] = ['', null]] = Object.entries(patch(keys.toReversed(), profile))
    assert.deepEqual(value, profile[field as keyof ProfileFields], slug)
  }
  assert.deepEqual(topic('promoted-areas').patch([], EMPTY), { promotedTo: null }, 'no area is no promotion')
})
