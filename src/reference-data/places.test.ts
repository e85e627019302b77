import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fixedClock } from '#test/support/fixed-clock.ts'
import type { PlacedAddress } from './place-names.ts'
import { createPlaces, type PlaceSources } from './places.ts'

const HERE = { latitude: 53.4241, longitude: -2.3187 }
const KNOWN = new Map<string, ReturnType<PlaceSources['gazetteer']['find']>>([
  ['M33 7AB', HERE],
  ['M33 1ZZ', { ...HERE, termination: { since: '1996-06' } }],
  ['LL13 0AA', { ...HERE, localAuthorityCode: 'W06000006', icbCode: null }],
  ['LL13 0AB', { ...HERE, localAuthorityCode: 'E06000049' }],
])
const sale: PlacedAddress = {
  latitude: 53.42,
  longitude: -2.32,
  postcode: 'M33 7AB',
  address: ['1 School Road', 'Sale', 'Cheshire'],
}

function placesWith(addresses: readonly PlacedAddress[]) {
  const directory = { addresses: [...addresses], seq: 0 }
  const clock = fixedClock('2026-12-11T10:34:00Z')
  const places = createPlaces({
    gazetteer: {
      find: (postcode) => KNOWN.get(postcode),
      middleOf: (outcode) => (outcode === 'ZZ1' ? { latitude: 52, longitude: -1 } : undefined),
    },
    addresses: () => directory.addresses,
    seq: () => directory.seq,
    clock,
  })
  return { directory, places, clock }
}

const { places } = placesWith([sale])

const found: readonly (readonly [
  text: string,
  label: string,
  kind: string,
  insteadOf: string | undefined,
  because: string,
])[] = [
  ['M33 7AB', 'M33 7AB', 'postcode', undefined, 'the gazetteer has it'],
  [' m337ab ', 'M33 7AB', 'postcode', undefined, 'case and blanks do not matter'],
  ['Ｍ33 7AB', 'M33 7AB', 'postcode', undefined, 'a full-width letter is the same letter'],
  ['M33\u00007AB', 'M33 7AB', 'postcode', undefined, 'a control character is a blank'],
  ['12 School Road, Sale M33 7AB', 'M33 7AB', 'postcode', undefined, 'an address that ends in a postcode'],
  ['M33 7ZZ', 'M33', 'outcode', 'M33 7ZZ', 'the gazetteer lacks it: its outcode stands in'],
  ['M33', 'M33', 'outcode', undefined, 'an outcode'],
  ['M33 7', 'M33', 'outcode', undefined, 'the start of a postcode'],
  ['ZZ1 1AA', 'ZZ1', 'outcode', 'ZZ1 1AA', 'our table lacks the outcode, the gazetteer knows postcodes of it'],
  ['sale', 'Sale', 'town', undefined, 'a town that an address names'],
  ['Sale, Cheshire', 'Sale', 'town', undefined, 'with its county'],
]
for (const [text, label, kind, insteadOf, because] of found) {
  test(`${JSON.stringify(text)} is found as ${label}: ${because}`, () => {
    const answer = places.find(text)
    assert.ok(answer.kind === 'found', JSON.stringify(answer))
    assert.deepEqual([answer.place.label, answer.place.kind, answer.place.insteadOf], [label, kind, insteadOf])
  })
}

test('an outcode is where our table says, to two decimals', () => {
  const answer = places.find('M33')
  assert.ok(answer.kind === 'found')
  assert.ok(Math.abs(answer.place.latitude - 53.42) < 0.03 && Math.abs(answer.place.longitude + 2.32) < 0.03)
  assert.equal(answer.place.latitude, Number(answer.place.latitude.toFixed(2)))
})

const unknown: readonly (readonly [text: string, because: string, country: string | undefined])[] = [
  ['', 'empty', undefined],
  [' \u0007\n', 'empty', undefined],
  ['x'.repeat(10_000), 'too-long', undefined],
  ['EH1 1AA', 'unknown-postcode', 'Scotland'],
  ['CF10 1AA', 'unknown-postcode', 'Wales'],
  ['BT1 1AA', 'unknown-postcode', 'Northern Ireland'],
  ['QQ1 1AA', 'unknown-postcode', undefined],
  ['QQ99', 'unknown-postcode', undefined],
  ['M33 7ABC', 'not-a-postcode', undefined],
  ['M333 7AB', 'not-a-postcode', undefined],
  ['М33 7АВ', 'letters', undefined],
  ['<script>alert(1)</script>', 'unknown-name', undefined],
  ['Atlantis', 'unknown-name', undefined],
]
for (const [text, because, country] of unknown) {
  test(`${JSON.stringify(text.slice(0, 30))} is not found: ${because}`, () => {
    const answer = places.find(text)
    assert.ok(answer.kind === 'unknown', JSON.stringify(answer))
    assert.deepEqual([answer.because, answer.country], [because, country])
    assert.ok(answer.asked.length <= 100)
  })
}

test('a postcode that is no longer in use is found, and says since when', () => {
  const termination = (text: string) => {
    const answer = places.find(text)
    return answer.kind === 'found' && answer.place.termination
  }
  assert.deepEqual(['M33 1ZZ', 'M33 7AB'].map(termination), [{ since: '1996-06' }, undefined])
})

const countries: readonly (readonly [text: string, country: string | undefined, because: string])[] = [
  ['LL13 0AA', 'Wales', 'its council says so'],
  ['LL13 0AB', undefined, 'the council of this one is English'],
  ['CF5 9ZZ', 'Wales', 'we lack it, and know where its outcode is'],
  ['M33 7AB', undefined, 'nothing else says otherwise'],
]
for (const [text, country, because] of countries) {
  test(`${text} is found, and is in ${country ?? 'England'}: ${because}`, () => {
    const answer = places.find(text)
    assert.ok(answer.kind === 'found', JSON.stringify(answer))
    assert.equal(answer.place.country, country)
  })
}

const meant: readonly (readonly [text: string, suggestions: readonly string[], because: string])[] = [
  ['M33 7A8', ['M33 7AB'], 'one that we know'],
  ['M33 7ABC', ['M33 7AB'], 'before others that are as near'],
  ['M33 OQQ', ['M33 0QQ'], 'of an outcode that we know'],
  ['M333 7QQ', ['M33 7QQ'], 'the part after the blank is as it was typed'],
  ['M3O', ['M30'], 'an outcode'],
  ['QQ99 9QQ', [], 'nothing like it is known'],
]
for (const [text, suggestions, because] of meant) {
  test(`${text} is taken for ${suggestions.join() || 'nothing'}: ${because}`, () => {
    const answer = places.find(text)
    assert.ok(answer.kind === 'unknown', JSON.stringify(answer))
    assert.deepEqual(answer.suggestions, suggestions)
  })
}

test('a county is answered with the towns in it', () => {
  const answer = places.find('Cheshire')
  assert.deepEqual(answer, { kind: 'choose', among: 'county', name: 'Cheshire', labels: ['Sale'] })
})

test('a misspelled town suggests the right one', () => {
  const answer = placesWith([{ ...sale, address: ['1 A Road', 'Altrincham'] }]).places.find('Altringham')
  assert.ok(answer.kind === 'unknown')
  assert.deepEqual(answer.suggestions, ['Altrincham'])
})

test('a town that comes into the directory is found without a restart', () => {
  const { directory, places, clock } = placesWith([sale])
  assert.equal(places.find('Urmston').kind, 'unknown')
  directory.addresses.push({ ...sale, address: ['2 Flixton Road', 'Urmston'] })
  directory.seq = 1
  assert.equal(places.find('Urmston').kind, 'unknown', 'names are not collected at every change')
  clock.set('2026-12-11T10:34:02Z')
  assert.equal(places.find('Urmston').kind, 'found')
})
