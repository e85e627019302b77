/** Calendars and feeds, read back by libraries that others read them with. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import ICAL from 'ical.js'
import RssParser from 'rss-parser'
import { type Profile, SECTIONS } from '#src/profiles/profile.ts'
import { publicView } from '#src/profiles/profile-index.ts'
import { holidayCalendar } from '#src/rules/bank-holidays.ts'
import { compileOpeningTimes } from '#src/rules/compiled-hours.ts'
import { dateOf, parseLondonMinute } from '#src/rules/london-time.ts'
import { aProfile, UNCHECKED } from '#test/support/builders.ts'
import { closuresCalendar, hoursCalendar } from './calendar.ts'
import { jsonFeedOf, rssOf } from './feed-documents.ts'
import { newsOf } from './news.ts'

/** The Friday before the clocks go forward, three weeks before Easter. */
const NOW = parseLondonMinute('2028-03-24T10:00') ?? assert.fail()
const day = (opens: number, closes: number) => [{ opens, closes }]
const WEEK = [...Array(5).fill(day(540, 1020)), day(1320, 1560), null]
const PLACE = {
  name: 'Hill & Sons, Sale',
  odsCode: 'FX123',
  address: '1 High Street, Sale; M33 7AB',
  pageUrl: 'https://x.example/p',
}

function eventsIn(text: string) {
  const calendar = new ICAL.Component(ICAL.parse(text))
  return calendar.getAllSubcomponents('vevent').map((each) => {
    const event = new ICAL.Event(each)
    const utc = (time: ICAL.Time) => (time.isDate ? time.toString() : time.toJSDate().toISOString())
    return {
      id: event.uid,
      summary: event.summary,
      place: event.location,
      start: utc(event.startDate),
      end: utc(event.endDate),
    }
  })
}

test('a calendar has each time that the pharmacy is open, as instants, whatever the clocks do', () => {
  const hours = compileOpeningTimes(
    { weekly: WEEK, bankHoliday: null, openAllHours: false, specified: {} },
    holidayCalendar([]),
  )
  const [friday = assert.fail(), saturday = assert.fail(), sunday = assert.fail(), monday = assert.fail(), ...more] =
    eventsIn(hoursCalendar(PLACE, hours, NOW))
  assert.deepEqual(friday, {
    id: 'FX123-2028-03-24-540',
    summary: 'Hill & Sons, Sale: open',
    place: PLACE.address,
    start: '2028-03-24T09:00:00.000Z',
    end: '2028-03-24T17:00:00.000Z',
  })
  assert.deepEqual([saturday.start, saturday.end], ['2028-03-25T22:00:00.000Z', '2028-03-26T01:00:00.000Z'], 'till 2am')
  assert.deepEqual([sunday.summary, sunday.start], ['Hill & Sons, Sale: hours not confirmed', '2028-03-26'])
  assert.equal(monday.start, '2028-03-27T08:00:00.000Z', 'nine in summer time')
  assert.equal(more.length, 52, 'eight weeks')
})

const sections = (changedAt: string) =>
  Object.fromEntries(
    SECTIONS.map((section) => [section, { ...UNCHECKED[section], changedAt, changedBy: 'person:a@nhs.example' }]),
  ) as typeof UNCHECKED
const view = (given: Partial<Profile>, changedAt = '2028-03-20T12:00:00Z') =>
  publicView(aProfile({ odsCode: 'FX123', name: 'Hill & Sons', ...given }), sections(changedAt))
const closure = {
  ...{
    id: 'c1',
    from: '2028-03-24T09:30',
    until: null,
    writtenTo: '2028-06-24',
    statutory: [],
    ended: null,
    services: null,
  },
  ...{ advice: 'Go to <Boots> & ask', reason: 'SECRET' },
} as unknown as NonNullable<Profile['closures']>[number]

test('a reopening is news with its date: the item is read on other days than it was fetched', () => {
  const until = `${dateOf(NOW.day + 1)}T09:00`
  const [item] = newsOf([view({ closures: [{ ...closure, until }] } as Partial<Profile>)], NOW)
  assert.match(item?.text ?? '', /^Expected to reopen at 9am on [A-Z][a-z]+ \d+ [A-Z][a-z]+ 2028\. Go to/)
})

test('news are closures, dates with other hours and what changed lately, each once, and no reason is told', async () => {
  const changes = [
    { id: 'd1', from: '2028-04-06', to: '2028-04-06', sessions: [], reason: 'SECRET', note: 'Stock count' },
  ]
  const profile = view({ closures: [closure], changes } as Partial<Profile>)
  const items = newsOf([profile, view({ status: 'hidden', odsCode: 'FX999' })], NOW)
  assert.deepEqual(items[0]?.title, 'Hill & Sons: closed from 9:30am on Friday 24 March 2028')
  assert.ok(
    items.some(
      ({ title, text }) =>
        title === 'Hill & Sons: closed on Thursday 6 April 2028' && text === 'Closed all day. Stock count',
    ),
  )
  assert.equal(new Set(items.map(({ id }) => id)).size, items.length)
  assert.doesNotMatch(JSON.stringify(items), /SECRET|FX999/)
  const feed = {
    title: 'A & B',
    description: '',
    pageUrl: 'https://x.example/p',
    feedUrl: 'https://x.example/p.rss',
    items,
    pageOf: (code: string) => `https://x.example/${code}`,
  }
  const read = await new RssParser().parseString(rssOf(feed))
  assert.equal(read.title, 'A & B')
  assert.deepEqual(
    read.items.map(({ title, guid, link, isoDate, contentSnippet }) => [
      title,
      guid,
      link,
      isoDate,
      contentSnippet?.includes('Boots'),
    ]),
    items.map(({ title, id, at, text }) => [
      title,
      id,
      'https://x.example/FX123',
      at.toISOString(),
      text.includes('Boots'),
    ]),
  )
  const json = JSON.parse(jsonFeedOf(feed)) as { version: string; items: { id: string }[] }
  assert.equal(json.version, 'https://jsonfeed.org/version/1.1')
  assert.deepEqual(
    json.items.map(({ id }) => id),
    items.map(({ id }) => id),
  )
})

test('what was changed long ago is no news, and a feed of nothing is a feed', async () => {
  const items = newsOf([view({}, '2027-01-01T00:00:00Z')], NOW)
  assert.deepEqual(items, [])
  const feed = {
    title: 'T',
    description: 'D',
    pageUrl: 'https://x.example',
    feedUrl: 'https://x.example/f',
    items,
    pageOf: String,
  }
  assert.deepEqual((await new RssParser().parseString(rssOf(feed))).items, [])
})

test('an area’s calendar has its closures; one whose end nobody knows lasts to the end of its day', () => {
  const [event = assert.fail(), ...more] = eventsIn(
    closuresCalendar(
      { name: 'QOP', pageUrl: 'https://x.example', pageOf: String },
      [view({ closures: [closure] } as Partial<Profile>)],
      NOW,
    ),
  )
  assert.deepEqual(more, [])
  assert.deepEqual(
    [event.summary, event.start, event.end],
    ['Hill & Sons: closed', '2028-03-24T09:30:00.000Z', '2028-03-25T00:00:00.000Z'],
  )
})
