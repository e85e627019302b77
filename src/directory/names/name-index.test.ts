import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { slipsBetween } from '#src/rules/edit-distance.ts'
import { searchWordsOf, slipsForgiven } from '#src/rules/search-words.ts'
import { createNameIndex, NAME_FIELDS, type Named, type NameQuestion } from './name-index.ts'

const WORTH = { name: 100, publicName: 100, address: 75, postcode: 75 }
const named = (uid: number, name: string, more: Partial<Named> = {}): Named => ({
  ...{ uid, name, publicName: null, address: null, postcode: null },
  ...more,
})
const SERVICES = [
  named(1, 'Pharmacy: Hill & Sons', {
    publicName: 'Hill & Sons',
    address: '1 High Street, Leeds',
    postcode: 'LS1 1AA',
  }),
  named(2, 'Boots Pharmacy', { address: '2 Hill Road, Leeds', postcode: 'LS2 2BB' }),
  named(3, "St Mary's Surgery", { address: 'Church Lane, York', postcode: 'YO1 1AA' }),
  named(4, 'Fferyllfa’r Bont-y-pŵl'),
]
const index = createNameIndex()
for (const service of SERVICES) index.take(service)
const ask = (terms: string | readonly string[], more: Partial<NameQuestion> = {}) =>
  index
    .find({ terms: [terms].flat(), slips: 2, begun: 'none', worth: WORTH, ...more })
    .toSorted((a, b) => b.score - a.score || a.uid - b.uid)
    .map(({ uid }) => uid)

const cases: readonly (readonly [
  terms: string | readonly string[],
  more: Partial<NameQuestion>,
  uids: number[],
  because: string,
])[] = [
  ['pharmcy', {}, [2, 1], 'a slip is forgiven, and a shorter name says more'],
  ['pharmcy', { slips: 0 }, [], 'unless nobody is to be forgiven'],
  ['hill', {}, [1, 2], 'a name is worth more than an address'],
  ['hill', { worth: { ...WORTH, name: 0, publicName: 0 } }, [2], 'a field that is worth nothing is not looked at'],
  [['hill', 'sons'], {}, [1], 'all words in one field'],
  ['hill ls1', {}, [], 'not some in one field and some in another'],
  ['st marys', {}, [3], 'without the apostrophe'],
  ['st mary', {}, [3], 'which is a slip'],
  ['ls1 1aa', {}, [1], 'a postcode'],
  ['bontypwl pont', {}, [], 'words that are not there'],
  ['bont y pwl', {}, [4], 'without the accent'],
  ['phar', { begun: 'last', slips: 0 }, [2, 1], 'a word that is begun'],
  ['sur st', { begun: 'last' }, [], 'only the last word may be'],
  ['sur st', { begun: 'all', slips: 0 }, [3], 'unless all may'],
  [['hill', 'son', 'hill'], { begun: 'last', slips: 0 }, [], 'and the last is not one in the middle'],
  ['hx', {}, [], 'two letters must be right'],
  ['', {}, [], 'no words'],
  [' -- ', {}, [], 'nothing that counts'],
]
for (const [terms, more, uids, because] of cases) {
  test(`"${terms}" finds ${uids.join(', ') || 'nothing'}: ${because}`, () => {
    assert.deepEqual(ask(terms, more), uids)
  })
}

const text = fc.array(fc.constantFrom('hill', 'hall', 'sons', 'son', 'pharmacy', 'leeds', 'ls1', 'a'), { maxLength: 4 })
const service = fc
  .tuple(fc.integer({ min: 1, max: 6 }), text, text)
  .map(([uid, name, address]) => named(uid, name.join(' '), { address: address.join(', ') }))

/** Written apart: looks at every service. */
function slowly(services: readonly Named[], { terms, slips, begun }: NameQuestion): number[] {
  const asked = terms.flatMap(searchWordsOf)
  const isNear = (word: string, other: string, isLast: boolean) =>
    slipsBetween(word, other, Math.min(slips, slipsForgiven(word.length))) !== undefined ||
    ((begun === 'all' || (begun === 'last' && isLast)) && other.startsWith(word))
  return services
    .filter((each) =>
      NAME_FIELDS.some((field) => {
        const there = searchWordsOf(each[field] ?? '')
        return (
          asked.length > 0 &&
          asked.every((word, at) => there.some((other) => isNear(word, other, at === asked.length - 1)))
        )
      }),
    )
    .map(({ uid }) => uid)
    .sort()
}

test('however services change, what is found is what a look at every one of them finds', () => {
  fc.assert(
    fc.property(
      fc.array(service, { maxLength: 20 }),
      text,
      fc.constantFrom('none' as const, 'last' as const, 'all' as const),
      fc.constantFrom(0, 1, 2),
      (taken, terms, begun, slips) => {
        const changing = createNameIndex()
        for (const each of taken) changing.take(each)
        const now = [...new Map(taken.map((each) => [each.uid, each])).values()]
        const question = { terms, slips, begun, worth: WORTH }
        assert.deepEqual(
          changing
            .find(question)
            .map(({ uid }) => uid)
            .sort(),
          slowly(now, question),
        )
        assert.equal(changing.size, now.length)
      },
    ),
  )
})
