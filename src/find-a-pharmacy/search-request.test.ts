import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatLondon, type LondonTime, parseLondonMinute } from '#src/rules/london-time.ts'
import { openParameter, type Query, readSearch, type Search, searchAddress, searchForm } from './search-request.ts'
import { NOTHING_WANTED } from './wants.ts'

const now = parseLondonMinute('2026-12-11T10:34') as LondonTime
const read = (address: string) => readSearch(queryOf(address), now)

/** What Fastify makes of an address: a repeated parameter is a list. */
function queryOf(address: string): Query {
  const parameters = new URLSearchParams(address)
  return Object.fromEntries([...new Set(parameters.keys())].map((name) => [name, oneOrAll(parameters.getAll(name))]))
}
const oneOrAll = (values: string[]) => (values.length === 1 ? values[0] : values)

const accepted: readonly (readonly [address: string, text: string, open: string, because: string])[] = [
  ['postcode=M33+7AB', 'M33 7AB', '', 'any time is the default'],
  ['place=Sale', 'Sale', '', 'a place'],
  ['postcode=M33&place=Leeds', 'M33', '', 'the postcode comes first'],
  ['postcode=&place=Leeds', 'Leeds', '', 'an empty postcode is none'],
  ['place=%00Sale%0A', 'Sale', '', 'control characters are blanks'],
  ['place=Sale&open=now', 'Sale', 'now', 'now'],
  ['place=Sale&open=any', 'Sale', '', 'any time, said'],
  ['place=Sale&open=2026-12-12T15:00', 'Sale', '2026-12-12T15:00', 'a London minute'],
  [
    'place=Sale&open=2026-12-11T00:00',
    'Sale',
    '2026-12-11T00:00',
    'earlier today is answered, and said to have passed',
  ],
  ['place=Sale&open=2028-12-31T10:00', 'Sale', '2028-12-31T10:00', 'the end of the year after next'],
  ['place=Sale&open=now&open=now', 'Sale', 'now', 'the same twice is once'],
  ['place=Sale&open=at&open-day=12&open-month=12&open-year=2026&open-time=3pm', 'Sale', '2026-12-12T15:00', 'the form'],
  [
    'place=Sale&open=at&open-day=12&open-month=dec&open-year=2026&open-time=15:00',
    'Sale',
    '2026-12-12T15:00',
    'a month as a word',
  ],
  ['place=Sale&open=at&open-time=midday', 'Sale', '2026-12-11T12:00', 'no date is today'],
  ['place=Sale&open-time=9', 'Sale', '2026-12-11T09:00', 'a time alone means that time'],
  ['place=Sale&open=any&open-time=rubbish', 'Sale', '', 'any time was chosen: the hidden boxes do not count'],
  [
    'place=Sale&open=at&open-day=28&open-month=3&open-year=2027&open-time=2am',
    'Sale',
    '2027-03-28T02:00',
    'clocks have gone forward',
  ],
  [
    'place=Sale&open=at&open-day=31&open-month=10&open-year=2027&open-time=1:30',
    'Sale',
    '2027-10-31T01:30',
    'a minute that comes twice',
  ],
]
for (const [address, text, open, because] of accepted) {
  test(`${address} is read: ${because}`, () => {
    const search = read(address)
    assert.ok(search.ok, JSON.stringify(search))
    assert.deepEqual([search.value.text, openParameter(search.value.opening)], [text, open])
  })
}

const refused: readonly (readonly [address: string, problems: readonly string[], because: string])[] = [
  ['place=', ['place empty'], 'nothing to look near'],
  ['place=%20%00', ['place empty'], 'blanks are nothing'],
  ['open=now', ['place empty'], 'a time without a place'],
  ['place=Sale&place=Leeds', ['place repeated'], 'two places'],
  ['place=Sale&open=now&open=any', ['open repeated'], 'two times'],
  ['latitude=53.42', ['place not-a-point'], 'half a point'],
  ['latitude=x&longitude=-2.3', ['place not-a-point'], 'not degrees'],
  ['latitude=48.85&longitude=2.35', ['place outside'], 'Paris'],
  ['latitude=53.42&latitude=53.43&longitude=-2.3', ['place repeated'], 'two points'],
  ['place=Sale&service=lobotomy', ['service unknown'], 'no service of the list'],
  ['place=Sale&service=flu&service=pill', ['service repeated'], 'two services'],
  ['place=Sale&access=lift', ['access unknown'], 'no facility of the list'],
  ['place=Sale&open=yes', ['open not-a-minute'], 'not a time'],
  ['place=Sale&open=2026-12-11T10:34Z', ['open not-a-minute'], 'a time with a zone'],
  ['place=Sale&open=2026-12-11T25:00', ['open not-a-minute'], '25:00'],
  ['place=Sale&open=2026-12-11T24:00', ['open not-a-minute'], '24:00'],
  ['place=Sale&open=2027-02-29T10:00', ['open-day not-real'], '2027 is no leap year'],
  ['place=Sale&open=2027-03-28T01:30', ['open-time skipped'], 'clocks go forward'],
  ['place=Sale&open=2026-12-10T23:59', ['open-day past'], 'yesterday'],
  ['place=Sale&open=2029-01-01T00:00', ['open-day far'], 'later than the year after next'],
  ['place=Sale&open=9999-12-31T23:59', ['open-day far'], 'the last year that can be written'],
  ['place=Sale&open=at&open-day=11&open-month=12&open-year=2020&open-time=9', ['open-day past'], 'a past year'],
  ['place=Sale&open=2020-02-30T10:00', ['open-day past'], 'a past year before a day that never was'],
  [
    'place=Sale&open=at&open-day=1&open-month=1&open-year=0001&open-time=x',
    ['open-day past', 'open-time not-a-time'],
    'both',
  ],
  [`place=${'é'.repeat(10_000)}&open=at&open-time=9`, ['place too-long'], 'too long is said before any redirect'],
  ['place=Sale&open=at', ['open-time empty'], 'no time'],
  ['place=Sale&open=at&open-time=25:00', ['open-time not-a-time'], '25:00'],
  ['place=Sale&open=at&open-time=24:00', ['open-time not-a-time'], '24:00 is the end of a day'],
  ['place=Sale&open=at&open-time=٣pm', ['open-time not-a-time'], 'digits of another script'],
  ['place=Sale&open=at&open-day=29&open-month=2&open-year=2027&open-time=9', ['open-day not-real'], 'no leap year'],
  ['place=Sale&open=at&open-day=12&open-year=2026&open-time=9', ['open-day incomplete'], 'no month'],
  ['place=Sale&open=at&open-day=12&open-month=12&open-year=26&open-time=9', ['open-day year'], 'two digits'],
  [
    'place=Sale&open=at&open-day=12&open-month=janfoo&open-year=2026&open-time=9',
    ['open-day not-real'],
    'no such month',
  ],
  [
    'place=Sale&open=at&open-day=28&open-month=3&open-year=2027&open-time=1:30am',
    ['open-time skipped'],
    'clocks go forward',
  ],
  [
    'place=&open=at&open-day=40&open-month=1&open-year=2027&open-time=x',
    ['place empty', 'open-day not-real', 'open-time not-a-time'],
    'everything at once',
  ],
]
for (const [address, problems, because] of refused) {
  test(`${address} is refused: ${because}`, () => {
    const search = read(address)
    assert.ok(!search.ok, JSON.stringify(search))
    assert.deepEqual(
      search.problems.map(({ field, code }) => `${field} ${code}`),
      problems,
    )
    for (const { message } of search.problems) assert.match(message, /^(Enter|Choose|The|That) /)
  })
}

const shown: readonly (readonly [show: string, pharmacies: number])[] = [
  ['20', 20],
  ['50', 50],
  ['60', 10],
  ['-10', 10],
  ['1e1', 10],
  ['', 10],
]
for (const [show, pharmacies] of shown) {
  test(`show=${show} shows ${pharmacies}`, () => {
    const search = read(`place=Sale&show=${show}`)
    assert.ok(search.ok)
    assert.equal(search.value.shown, pharmacies)
  })
}

const EMPTY = { point: null, service: '', access: [], delivery: false }

test('the form shows again what was typed, and the boxes of a minute that was in the address', () => {
  const typed = searchForm(queryOf('place=Sale&open=at&open-day=40&open-time=<b>'), now)
  assert.deepEqual(typed, { ...EMPTY, place: 'Sale', open: 'at', day: '40', month: '', year: '', time: '<b>' })
  const linked = searchForm(queryOf('place=Sale&open=2026-12-12T15:00'), now)
  assert.deepEqual(linked, { ...EMPTY, place: 'Sale', open: 'at', day: '12', month: '12', year: '2026', time: '15:00' })
  const past = searchForm(queryOf('place=Sale&open=2020-02-30T15:00'), now)
  assert.deepEqual([past.open, past.day, past.month, past.year], ['at', '30', '2', '2020'])
  assert.equal(searchForm(queryOf(`place=${'x'.repeat(10_000)}`), now).place.length, 100)
})

const searchFor = (text: string): Search => ({
  ...{ text, point: undefined, opening: { kind: 'any' }, wants: NOTHING_WANTED },
})

test('where somebody is is rounded before it stands in any address, and a typed place counts more', () => {
  const near = read('latitude=53.4212345&longitude=-2.3198765&open=now')
  assert.ok(near.ok)
  assert.deepEqual([near.value.point, near.value.fromForm], [{ latitude: 53.421, longitude: -2.32 }, true])
  assert.equal(searchAddress(near.value), '/pharmacies?latitude=53.421&longitude=-2.320&open=now')
  const again = read('latitude=53.421&longitude=-2.320&open=now')
  assert.ok(again.ok && !again.value.fromForm)
  const typed = read('latitude=53.421&longitude=-2.320&place=Leeds')
  assert.ok(typed.ok)
  assert.deepEqual([typed.value.text, typed.value.point], ['Leeds', undefined])
})

test('what is wanted is read in any order and written in one', () => {
  const search = read('place=Sale&access=parking&access=step-free&access=parking&service=Flu+jab&delivery=yes')
  assert.ok(search.ok)
  const written = '/pharmacies?place=Sale&service=flu&access=step-free&access=parking&delivery=yes'
  assert.equal(searchAddress(search.value), written)
  assert.ok(read('place=Sale&service=').ok)
})

test('an address finds the same search again', () => {
  const opening = { kind: 'at', at: now } as const
  assert.equal(
    searchAddress({ ...searchFor('Newport, Shropshire'), opening }, 20),
    '/pharmacies?place=Newport%2C%20Shropshire&open=2026-12-11T10:34&show=20',
  )
  const again = read(searchAddress({ ...searchFor("King's Lynn & co"), opening }, 20).slice('/pharmacies?'.length))
  assert.ok(again.ok && again.value.opening.kind === 'at')
  assert.deepEqual(
    [again.value.text, formatLondon(again.value.opening.at), again.value.shown],
    ["King's Lynn & co", '2026-12-11T10:34', 20],
  )
})
