import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Profile, Sections } from '#src/profiles/profile.ts'
import { publicView } from '#src/profiles/profile-index.ts'
import { holidayCalendar } from '#src/rules/bank-holidays.ts'
import { compileOpeningTimes } from '#src/rules/compiled-hours.ts'
import { type LondonTime, parseLondonMinute } from '#src/rules/london-time.ts'
import { safeWebsite, telephoneLink } from '#src/rules/safe-links.ts'
import { aProfile, UNCHECKED, USUAL_WEEK } from '#test/support/builders.ts'
import { type ListedService, pharmacyView, spanWords } from './pharmacy-view.ts'

const holidays = holidayCalendar([])
const now = parseLondonMinute('2026-12-11T10:34') as LondonTime

const viewOf = (
  given: Partial<Profile> = {},
  services: readonly ListedService[] = [],
  sections: Sections = UNCHECKED,
) => pharmacyView(publicView(aProfile(given), sections), services, now, holidays)

const service = (typeId: number, given: Partial<ListedService> = {}): ListedService => ({
  typeId,
  phone: null,
  web: null,
  hours: compileOpeningTimes({ weekly: USUAL_WEEK, bankHoliday: null, openAllHours: false, specified: {} }, holidays),
  ...given,
})

test('a pharmacy leads to the feeds of its area, where it is known', () => {
  const commissioning = { parentCode: null, icbCode: 'QOP', healthAndWellbeingBoard: null }
  assert.deepEqual([viewOf({ commissioning }).area, viewOf().area], ['QOP', aProfile().commissioning.icbCode])
})

test('an open pharmacy says until when, and marks today in its week', () => {
  const view = viewOf()
  assert.equal(view.state?.sentence, 'Open until 5pm')
  assert.deepEqual(view.week?.[4], { day: 'Friday', hours: '9am to 5pm', isToday: true, today: null })
  assert.deepEqual(view.week?.map(({ hours }) => hours).slice(5), ['Closed', 'Closed'])
})

test('a change of today is shown beside the usual hours of today', () => {
  const early = {
    id: 'a',
    from: '2026-12-11',
    to: '2026-12-11',
    sessions: [{ opens: 540, closes: 780 }],
    reason: 'r',
    note: 'Training',
  } as const
  const view = viewOf({ changes: [early] })
  assert.equal(view.state?.sentence, 'Open until 1pm')
  assert.equal(view.week?.[4]?.today, '9am to 1pm')
  assert.deepEqual(view.changes, [{ when: 'Friday 11 December 2026', hours: '9am to 1pm', note: 'Training' }])
})

test('changes that are over are not listed, and the others come in order', () => {
  const change = (id: string, from: Profile['changes'][number]['from'], to = from) => ({
    id,
    from,
    to,
    sessions: [],
    reason: 'r',
    note: null,
  })
  const view = viewOf({
    changes: [
      change('c', '2027-01-04'),
      change('a', '2026-12-01', '2026-12-10'),
      change('b', '2026-12-10', '2026-12-12'),
    ],
  })
  assert.deepEqual(
    view.changes.map(({ when }) => when),
    ['Thursday 10 December to Saturday 12 December 2026', 'Monday 4 January 2027'],
  )
})

test('holidays of the year ahead are answered, or say that nobody did', () => {
  const view = viewOf({ holidays: { '2026-12-25': { answer: 'closed' }, '2026-12-28': { answer: 'usual' } } })
  const [christmas, boxing, newYear] = view.holidays
  assert.deepEqual(
    [christmas?.title, christmas?.date, christmas?.hours],
    ['Christmas Day', 'Friday 25 December 2026', 'Closed'],
  )
  assert.deepEqual(
    [boxing?.hours, boxing?.note],
    ['9am to 5pm', '26 December 2026 is a Saturday; the bank holiday is Monday 28 December'],
  )
  assert.deepEqual([newYear?.hours, newYear?.isKnown], ['Not confirmed: check before you travel', false])
  assert.equal(view.holidays.length, 9)
})

test('hours are those of the main DoS service, so that page and search agree', () => {
  const allDay = compileOpeningTimes(
    { weekly: USUAL_WEEK, bankHoliday: null, openAllHours: true, specified: {} },
    holidays,
  )
  const view = viewOf({}, [service(131), service(13, { hours: allDay })])
  assert.equal(view.state?.sentence, 'Open 24 hours a day')
  assert.equal(view.week?.[6]?.hours, 'Open 24 hours')
})

test('a day whose hours are not known asks people to check', () => {
  assert.equal(viewOf({ weekly: [...USUAL_WEEK.slice(0, 6), null] }).week?.[6]?.hours, 'Check before you travel')
  assert.equal(viewOf({ weekly: Array.from({ length: 7 }, () => null) }).week, null)
})

const kinds: readonly (readonly [
  given: Partial<Profile>,
  notice: RegExp | null,
  state: boolean,
  week: boolean,
  because: string,
])[] = [
  [{}, null, true, true, 'an ordinary pharmacy'],
  [{ status: 'temporarily-closed' }, /temporarily closed/, false, true, 'its hours do not say whether it is open'],
  [{ status: 'closed' }, /closed for good/, false, false, 'it has no hours any more'],
  [{ kind: 'appliance' }, /appliance contractor/, false, false, 'it has no public hours'],
  [{ kind: 'distance-selling' }, /online pharmacy/, true, true, 'nobody visits it, people phone it'],
  [{ kind: 'distance-selling', status: 'closed' }, /closed for good/, false, false, 'that it closed matters most'],
]
for (const [given, notice, state, week, because] of kinds) {
  test(`${JSON.stringify(given)} has ${notice ?? 'no notice'}: ${because}`, () => {
    const view = viewOf(given)
    if (notice) assert.match(view.notice?.heading ?? '', notice)
    else assert.equal(view.notice, null)
    assert.deepEqual([view.state !== null, view.week !== null], [state, week])
  })
}

test('a pharmacy that nobody visits says how it delivers, and nobody is told to travel', () => {
  const delivery = { how: 'Free, by post.', orderBy: 840, workingDays: 2, premisesNumber: '1099999' }
  const view = viewOf({ kind: 'distance-selling', delivery, weekly: [...USUAL_WEEK.slice(0, 4), null, [], null] })
  assert.deepEqual(view.delivery?.lines, [
    'This pharmacy delivers to every address in England.',
    'Free, by post.',
    'What you order by 2pm on a working day is sent the same day.',
    'Delivery usually takes 2 working days.',
  ])
  assert.match(view.delivery?.register?.href ?? '', /pharmacyregulation\.org.*\/1099999$/)
  assert.equal(view.state?.sentence, 'Staffed hours today are not known')
  assert.equal(view.times, 'staffed hours')
  assert.match(view.standing.hours, /^Staffed hours/)
  assert.doesNotMatch(JSON.stringify(view), /travel|visit/i)
  const closed = viewOf({ kind: 'distance-selling', status: 'temporarily-closed' })
  assert.doesNotMatch(JSON.stringify(closed), /travel|visit/i)
})

const nothingToDeliver: readonly (readonly [Partial<Profile>, string])[] = [
  [{}, 'people go there'],
  [{ kind: 'distance-selling', status: 'closed' }, 'it closed for good'],
  [
    { delivery: { how: 'By post', orderBy: null, workingDays: null, premisesNumber: null } },
    'it sold at a distance once',
  ],
]
for (const [given, because] of nothingToDeliver) {
  test(`${JSON.stringify(given)} says nothing of delivery: ${because}`, () =>
    assert.equal(viewOf(given).delivery, null))
}

test('a distance seller that said nothing still delivers to all of England', () => {
  const { delivery } = viewOf({ kind: 'distance-selling' })
  assert.deepEqual(delivery, { lines: ['This pharmacy delivers to every address in England.'], register: null })
})

test('contacts come from the profile, or from the service where it says nothing; private ones never', () => {
  const contact = {
    website: 'https://www.example.org/',
    email: 'shop@example.org',
    professionalPhone: 'PRIVATE 1',
    professionalEmail: 'PRIVATE 2',
  }
  const view = viewOf({ contact, ownerName: 'PRIVATE 3' }, [service(13, { phone: '01632 960999' })])
  assert.deepEqual(
    view.contacts.map(({ label, text, href }) => [label, text, href]),
    [
      ['Phone', '01632 960999', 'tel:01632960999'],
      ['Website', 'example.org', 'https://www.example.org/'],
      ['Email', 'shop@example.org', 'mailto:shop@example.org'],
    ],
  )
  assert.doesNotMatch(JSON.stringify(view), /PRIVATE/)
})

test('services are listed once by the public name of their type', () => {
  const view = viewOf({}, [service(132), service(132), service(13), service(9999)])
  assert.deepEqual(view.services, ['Pharmacy', 'Pharmacy Enhanced'])
})

test('each part says where its words come from', () => {
  const checked = { ...UNCHECKED.hours, source: 'pharmacy', checkedAt: '2026-11-12T23:30:00.000Z' } as const
  const changed = { ...checked, changedAt: '2026-12-01T09:00:00.000Z' }
  const { standing, lastUpdated } = viewOf({}, [], { ...UNCHECKED, hours: checked, holidays: changed })
  assert.deepEqual(standing, {
    contact: 'Contact details from the NHS list, not yet checked by the pharmacy',
    hours: 'Opening times checked by the pharmacy on 12 November 2026',
    holidays: 'Bank holiday times updated on 1 December 2026',
    services: 'Services from the NHS list, not yet checked by the pharmacy',
    facilities: 'Facilities from the NHS list, not yet checked by the pharmacy',
  })
  assert.equal(lastUpdated, '1 December 2026 at 9am')
})

const websites: readonly (readonly [given: string | null, href: string | undefined, because: string])[] = [
  ['https://www.example.org/a?b=c', 'https://www.example.org/a?b=c', 'https'],
  ['http://example.org', 'http://example.org/', 'http'],
  ['www.example.org', 'https://www.example.org/', 'no scheme: people leave it out'],
  ['javascript:alert(1)', undefined, 'a script'],
  ['data:text/html,x', undefined, 'a document'],
  ['https://user:secret@example.org/', undefined, 'a password in it'],
  ['not a website', undefined, 'no host name'],
  ['', undefined, 'nothing'],
  [null, undefined, 'none'],
]
for (const [given, href, because] of websites) {
  test(`the website ${given} is linked as ${href}: ${because}`, () => assert.equal(safeWebsite(given)?.href, href))
}

test('a telephone link holds what is dialled', () => {
  assert.equal(telephoneLink('0161 496 0123 ext 4'), 'tel:01614960123')
  assert.equal(telephoneLink('+44 (0)161 496 0123'), 'tel:+441614960123')
})

test('a span of dates names the year once unless it changes', () => {
  assert.equal(spanWords('2026-12-30', '2027-01-02'), 'Wednesday 30 December 2026 to Saturday 2 January 2027')
  assert.equal(spanWords('2026-12-12', '2026-12-12'), 'Saturday 12 December 2026')
})

const CLOSURE = {
  id: 'c1',
  from: '2026-12-11T10:00',
  until: null,
  services: null,
  reason: 'SECRET',
  advice: 'Go to the Cross Pharmacy',
  writtenTo: '2026-12-24',
  statutory: [],
  ended: false,
} as const

test('a pharmacy that is closed out of turn says so, and what patients should do', () => {
  const view = viewOf({ closures: [CLOSURE] })
  assert.deepEqual(view.state, { tone: 'closed', sentence: 'Closed now. We do not know when it will reopen' })
  assert.deepEqual(view.closures, [{ heading: 'While this pharmacy is closed', lines: ['Go to the Cross Pharmacy'] }])
  assert.equal(view.week?.[4]?.today, '9am to 10am')
  assert.doesNotMatch(JSON.stringify(view), /SECRET/)
  assert.deepEqual(viewOf({ closures: [{ ...CLOSURE, ended: true, until: '2026-12-11T10:20' }] }).closures, [])
})

test('services that are closed alone are named, and the pharmacy is open', () => {
  const closed = { ...CLOSURE, services: [2], until: '2026-12-11T15:00' }
  const view = viewOf({ closures: [closed] }, [service(13, { uid: 1 }), service(131, { uid: 2 })])
  assert.equal(view.state?.sentence, 'Open until 5pm')
  assert.deepEqual(view.closures, [
    {
      heading: 'A service is closed now',
      lines: ['Pharmacy Urgent Medicines Supply. Expected to reopen at 3pm today.', 'Go to the Cross Pharmacy'],
    },
  ])
})

test('where the service that stands for the pharmacy is closed alone, nobody is told when it opens', () => {
  const closed = { ...CLOSURE, services: [1] }
  const view = viewOf({ closures: [closed] }, [service(13, { uid: 1 }), service(131, { uid: 2 })])
  assert.deepEqual(view.state, { tone: 'closed', sentence: 'Closed now. We do not know when it will reopen' })
})

test('closures to come stand among the changes', () => {
  const coming = { ...CLOSURE, from: '2026-12-14T09:00', until: '2026-12-16T12:00' }
  assert.deepEqual(viewOf({ closures: [coming] }).changes, [
    {
      when: 'From 9am on Monday 14 December 2026 to midday on Wednesday 16 December 2026',
      hours: 'Closed',
      note: 'Go to the Cross Pharmacy',
    },
  ])
  const services = [service(13, { uid: 1 }), service(131, { uid: 2 })]
  const some = (uid: number) => viewOf({ closures: [{ ...coming, services: [uid] }] }, services).changes
  assert.deepEqual(
    some(2).map(({ hours }) => hours),
    ['Pharmacy Urgent Medicines Supply: closed'],
    'a service that will be closed alone is named',
  )
  assert.deepEqual(some(3), [], 'the public knows of no such service')
})
