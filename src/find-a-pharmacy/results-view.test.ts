import assert from 'node:assert/strict'
import { test } from 'node:test'
import { serviceReader } from '#src/directory/indexed-service.ts'
import type { Profile } from '#src/profiles/profile.ts'
import { publicView } from '#src/profiles/profile-index.ts'
import type { Place } from '#src/reference-data/places.ts'
import { holidayCalendar } from '#src/rules/bank-holidays.ts'
import { type LondonTime, parseLondonMinute } from '#src/rules/london-time.ts'
import { aProfile, aService, UNCHECKED } from '#test/support/builders.ts'
import { rowOf } from '#test/support/service-row.ts'
import type { NearbyPharmacy } from './nearby.ts'
import { type ResultsInput, resultsView } from './results-view.ts'
import { widerSearches } from './search-choices.ts'
import type { Opening } from './search-request.ts'
import { NOTHING_WANTED, readWants, type Wants } from './wants.ts'

const holidays = holidayCalendar([])
const at = (text: string): LondonTime => parseLondonMinute(text) ?? assert.fail(text)
const now = at('2026-12-11T10:34')
const sale: Place = { latitude: 53.42, longitude: -2.32, label: 'M33', kind: 'outcode', insteadOf: undefined }

function pharmacy(given: Partial<Profile> = {}, distanceMetres = 1609): NearbyPharmacy {
  const profile = publicView(aProfile(given), UNCHECKED)
  const record = aService({ hours: profile.openingTimes, odsCode: profile.odsCode })
  const { service } = serviceReader(holidays)(rowOf(record))
  return { service, distanceMetres, profile }
}

const input = (opening: Opening, given: Partial<ResultsInput> = {}): ResultsInput => ({
  request: {
    ...{ text: 'M33', point: undefined, besides: undefined, opening, shown: 10, fromForm: false },
    wants: NOTHING_WANTED,
  },
  place: sale,
  now,
  holidays,
  nearby: { found: [pharmacy()], more: false },
  unconfirmed: [],
  online: { found: [], more: false },
  wider: [],
  ...given,
})
const ANY = { kind: 'any' } as const
const NOW = { kind: 'now' } as const
const openAt = (text: string): Opening => ({ kind: 'at', at: at(text) })

const titles: readonly (readonly [opening: Opening, title: string])[] = [
  [ANY, 'Pharmacies near M33'],
  [NOW, 'Pharmacies open now near M33'],
  [openAt('2026-12-11T15:00'), 'Pharmacies open at 3pm today near M33'],
  [openAt('2026-12-12T12:00'), 'Pharmacies open at midday tomorrow near M33'],
  [openAt('2026-12-19T15:00'), 'Pharmacies open at 3pm on Saturday 19 December near M33'],
]
for (const [opening, title] of titles) {
  test(`the page is called ${title}`, () => assert.equal(resultsView(input(opening)).title, title))
}

test('a row says what a person needs to choose', () => {
  const [row] = resultsView(input(NOW)).rows
  assert.deepEqual(row, {
    id: 'FX123',
    name: 'Hill & Sons',
    href: '/pharmacies/FX123?from=M33',
    state: { tone: 'open', sentence: 'Open until 5pm' },
    distance: '1 mile (1.6 km) north',
    address: '1 High Street, Sale, M33 7AB',
    phone: { text: '01632 960001', href: 'tel:01632960001' },
    facts: [],
    register: null,
  })
})

const walks: readonly (readonly [given: Partial<Place>, metres: number, distance: string, because: string])[] = [
  [{ kind: 'postcode' }, 480, '0.3 miles (0.5 km) north, about 8 minutes on foot', 'from a postcode'],
  [{ kind: 'postcode' }, 1900, '1.2 miles (1.9 km) north', 'too far to say'],
  [{ kind: 'town' }, 480, '0.3 miles (0.5 km) north', 'nobody is in the middle of a town'],
]
for (const [given, metres, distance, because] of walks) {
  test(`${metres} metres are “${distance}”: ${because}`, () => {
    const near = { nearby: { found: [pharmacy({}, metres)], more: false }, place: { ...sale, ...given } }
    const { rows, order } = resultsView(input(ANY, near))
    assert.equal(rows[0]?.distance, distance)
    assert.equal(/Times on foot are estimates/.test(order), distance.endsWith('on foot'))
  })
}

test('a place across the border says whom to ask, and names what was asked for', () => {
  const place = { ...sale, label: 'CH5', insteadOf: 'CH5 1AA', country: 'Wales' } as const
  assert.deepEqual(resultsView(input(ANY, { place })).elsewhere, {
    lead: 'CH5 1AA is in Wales. This service covers England.',
    ask: 'For pharmacies in Wales, call 111 or go to',
    link: { text: 'NHS 111 Wales', href: 'https://111.wales.nhs.uk/' },
  })
  assert.equal(resultsView(input(ANY)).elsewhere, null)
})

test('a pharmacy that is shut until further notice says so, whatever its hours', () => {
  const shut = pharmacy({ status: 'temporarily-closed' })
  const [row] = resultsView(input(ANY, { nearby: { found: [shut], more: false } })).rows
  assert.deepEqual(row?.state, { tone: 'closed', sentence: 'Temporarily closed' })
})

test('online pharmacies have neither distance nor address', () => {
  const online = { found: [pharmacy({ kind: 'distance-selling' })], more: false }
  const [row] = resultsView(input(ANY, { online })).online.rows
  assert.deepEqual([row?.distance, row?.address], [null, null])
})

test('more pharmacies are one link away, up to fifty', () => {
  const more = (shown: number) => {
    const request = { ...input(NOW).request, shown }
    return resultsView(input(NOW, { request, nearby: { found: [pharmacy()], more: true } })).more
  }
  assert.equal(more(10)?.href, '/pharmacies?place=M33&open=now&show=20#result-11')
  assert.equal(more(50), null)
})

const notes: readonly (readonly [given: Partial<ResultsInput>, opening: Opening, note: RegExp])[] = [
  [{ place: { ...sale, insteadOf: 'M33 7ZZ' } }, ANY, /do not know exactly where M33 7ZZ is.* near M33/],
  [
    { place: { ...sale, kind: 'postcode', label: 'M33 1ZZ', termination: { since: '1996-06' } } },
    ANY,
    /^M33 1ZZ is no longer in use: Royal Mail withdrew it in June 1996\. This page shows pharmacies around where it was/,
  ],
  [{ place: { ...sale, label: 'M33 1ZZ', termination: { since: null } } }, ANY, /Royal Mail withdrew it\. This/],
  [{}, openAt('2026-12-11T03:00'), /^3am today has passed/],
  [{}, openAt('2026-12-25T10:00'), /^Friday 25 December is Christmas Day\. Only pharmacies that have confirmed/],
  [
    { nearby: { found: [pharmacy({}, 100_000)], more: false } },
    NOW,
    /None is within 30 miles: the nearest is 62 miles away/,
  ],
]
for (const [given, opening, note] of notes) {
  test(`a note says: ${note}`, () => assert.match(resultsView(input(opening, given)).notes.join('\n'), note))
}

test('an ordinary search needs no note', () => assert.deepEqual(resultsView(input(NOW)).notes, []))

test('the times on offer hold the chosen one once, and none that has passed', () => {
  const texts = (opening: Opening, moment = now) =>
    resultsView(input(opening, { now: moment })).openings.map(({ text, isCurrent }) => (isCurrent ? `[${text}]` : text))
  assert.deepEqual(texts(NOW), ['Any time', '[Open now]', 'Open at 8pm today', 'Open at 11am on Sunday 13 December'])
  assert.deepEqual(texts(openAt('2026-12-11T20:00')), [
    'Any time',
    'Open now',
    '[Open at 8pm today]',
    'Open at 11am on Sunday 13 December',
  ])
  assert.deepEqual(texts(ANY, at('2026-12-13T21:00')).slice(2), [
    'Open at 8pm tomorrow',
    'Open at 11am on Sunday 20 December',
  ])
  assert.deepEqual(texts(ANY, at('2026-12-13T10:00')).slice(2), ['Open at 8pm today', 'Open at 11am today'])
})

test('finding nothing says what was tried and what to try', () => {
  const nothing = { found: [], more: false }
  const view = resultsView(input(openAt('2026-12-12T03:00'), { nearby: nothing }))
  assert.match(view.nothing?.lead ?? '', /they are open at 3am tomorrow and found none, near M33 or further away\.$/)
  assert.deepEqual(
    view.nothing?.links.map(({ href }) => href),
    ['/?place=M33&open=2026-12-12T03:00'],
  )
  assert.match(resultsView(input(ANY, { nearby: nothing })).nothing?.lead ?? '', /no pharmacies .* yet/)
})

test('a second place is offered as a search of its own', () => {
  const request = { ...input(NOW).request, besides: 'Leeds' }
  assert.deepEqual(resultsView(input(NOW, { request })).besides, {
    text: 'Leeds',
    href: '/pharmacies?place=Leeds&open=now',
  })
})

const wants = (service: string, access: readonly string[] = [], delivery = ''): Wants => {
  const read = readWants({ service, access, delivery })
  return read.ok ? read.value : assert.fail(JSON.stringify(read))
}
const wanting = (asked: Wants, opening: Opening = ANY) => ({ ...input(opening).request, wants: asked })

test('what is wanted is in the title, says who it is for, and is taken off with one press each', () => {
  const request = wanting(wants('sore-throat', ['parking', 'step-free']), NOW)
  const view = resultsView(input(NOW, { request }))
  assert.equal(view.title, 'Sore throat: pharmacies open now near M33')
  assert.deepEqual(view.who, { service: 'Sore throat', text: 'Aged 5 and over.' })
  assert.deepEqual(view.filters.chosen, [
    { text: 'Sore throat', remove: '/pharmacies?place=M33&open=now&access=step-free&access=parking' },
    { text: 'Step-free access', remove: '/pharmacies?place=M33&open=now&service=sore-throat&access=parking' },
    { text: 'Car parking', remove: '/pharmacies?place=M33&open=now&service=sore-throat&access=step-free' },
  ])
  assert.equal(view.filters.removeAll, '/pharmacies?place=M33&open=now')
  assert.deepEqual(view.filters.kept, [
    { name: 'place', value: 'M33' },
    { name: 'open', value: 'now' },
  ])
  const delivers = resultsView(input(NOW, { request: wanting(wants('', [], 'yes'), NOW) }))
  assert.equal(delivers.title, 'Pharmacies that deliver and are open now near M33')
})

test('finding nothing says how far away less would be, and offers nothing in vain', () => {
  const request = wanting(wants('flu', ['parking']), NOW)
  const asked = widerSearches(request)
  assert.deepEqual(
    asked.map(({ text }) => text),
    [
      'At any time',
      'Without “Flu vaccination (free from the NHS)”',
      'Without “Car parking”',
      'Any pharmacy at any time',
    ],
  )
  const wider = asked.map((each, at) => ({ ...each, nearestMetres: at % 2 === 0 ? 1609 : undefined }))
  const { nothing } = resultsView(input(NOW, { request, nearby: { found: [], more: false }, wider }))
  assert.match(nothing?.lead ?? '', /open now and have “Flu vaccination .*” and “Car parking” and found none/)
  assert.deepEqual(nothing?.links.slice(0, 2), [
    {
      text: 'At any time: the nearest is 1 mile away',
      href: '/pharmacies?place=M33&service=flu&access=parking',
    },
    { text: 'Without “Car parking”: the nearest is 1 mile away', href: '/pharmacies?place=M33&open=now&service=flu' },
  ])
})

const CLOSURE = {
  id: 'c1',
  from: '2026-12-11T10:00',
  until: null as string | null,
  services: null,
  reason: 'r',
  advice: null,
  writtenTo: '2026-12-24',
  statutory: [],
  ended: false,
} as const
const closings: readonly (readonly [until: string | null, opening: Opening, sentence: string, because: string])[] = [
  [null, ANY, 'Closed now. We do not know when it will reopen', 'nothing is said of days nobody knows about'],
  ['2026-12-11T15:00', ANY, 'Closed now. Expected to reopen at 3pm today', 'that is its end'],
  ['2026-12-11T20:00', ANY, 'Closed now. Expected to reopen at 9am on Monday', 'at its end it is shut anyway'],
  ['2026-12-14T12:00', ANY, 'Closed now. Expected to reopen at midday on Monday', 'after the weekend'],
  [null, openAt('2026-12-14T11:00'), 'Closed at this time. We do not know when it will reopen', 'on Monday too'],
  [
    '2026-12-14T15:00',
    openAt('2026-12-14T11:00'),
    'Closed at this time. Expected to reopen at 3pm that day',
    'seen from that day',
  ],
  ['2026-12-11T15:00', openAt('2026-12-14T11:00'), 'Open until 5pm that day', 'it is over by then'],
]
for (const [until, opening, sentence, because] of closings) {
  test(`${until ?? 'without an end'}: ${sentence}, because ${because}`, () => {
    const closed = pharmacy({ closures: [{ ...CLOSURE, until }] })
    const [row] = resultsView(input(opening, { nearby: { found: [closed], more: false } })).rows
    assert.equal(row?.state.sentence, sentence)
  })
}
