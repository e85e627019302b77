import assert from 'node:assert/strict'
import { test } from 'node:test'
import { holidayCalendar } from '#src/rules/bank-holidays.ts'
import { type Shift, shiftBetween } from '#src/rules/on-call.ts'
import { callSteps, recordedMessages, spoken } from './script-words.ts'

const always = (from: string, to: string): Shift[] => [{ place: 'first', ...(shiftBetween(from, to) ?? assert.fail()) }]
const facts = (now: string, shifts: readonly Shift[] = always('2026-01-01T00:00', '2027-12-31T00:00')) => ({
  now: new Date(now),
  holidays: holidayCalendar([]),
  shifts,
  numbers: { serviceDesk: '01632 960 150', onCall: '01632 960 199' },
  tool: 'signpost.example/closed-now',
})

test('in hours a caller is sent to the service desk, with its number; afterwards the tool comes first', () => {
  const [now, next] = recordedMessages(facts('2026-12-11T10:34:00Z'))
  assert.equal(now?.when, 'From now until 5pm today')
  assert.match(now.paragraphs.join(' '), /service desk is open now\. Please ring the service desk on 01632 960 150/)
  assert.equal(next?.when, 'From 5pm today until 8am on Monday 14 December 2026')
  const words = next.paragraphs.join(' ')
  assert.match(words, /The service desk is closed\. It opens again at 8am on Monday 14 December\./)
  assert.ok(words.indexOf('slash closed hyphen now') < words.indexOf('hold the line'))
})

test('bank holidays ahead have a message of their own, which names each day that is off', () => {
  const messages = recordedMessages(facts('2026-12-11T10:34:00Z'))
  assert.deepEqual(
    messages.slice(2).map(({ when }) => when),
    [
      'From 5pm on Thursday 24 December 2026 until 8am on Tuesday 29 December 2026',
      'From 5pm on Thursday 31 December 2026 until 8am on Monday 4 January 2027',
    ],
  )
  assert.match(
    messages[2]?.paragraphs.join(' ') ?? '',
    /On Friday 25 December, Christmas Day, and on Monday 28 December, Boxing Day, the service desk is closed\. It opens again at 8am on Tuesday 29 December\./,
  )
  assert.match(
    messages[3]?.paragraphs.join(' ') ?? '',
    /On Friday 1 January, New Year’s Day, the service desk is closed\./,
  )
})

test('where nobody is on call for some of the time, nobody is told to hold', () => {
  const [, weekend] = recordedMessages(facts('2026-12-11T10:34:00Z', always('2026-12-11T17:00', '2026-12-12T08:00')))
  assert.equal(weekend?.hasGap, true)
  const words = weekend.paragraphs.join(' ')
  assert.doesNotMatch(words, /hold the line/)
  assert.match(words, /ring the service desk on 01632 960 150 from 8am on Monday 14 December/)
})

test('an address is written as somebody reads it out', () => {
  assert.equal(spoken('https://signpost.example/closed-now'), 'signpost dot example, slash closed hyphen now')
})

test('the script names the second on call, and says when there is none', () => {
  const person = { name: 'Bola', phone: '07700 900 002' }
  const evening = facts('2026-12-11T20:34:00Z')
  const said = (people: Parameters<typeof callSteps>[1]) => callSteps(evening, people)[0]?.ask.join(' ') ?? ''
  assert.match(
    said({ first: person, second: person }),
    /within 10 minutes goes to the second on call: Bola, 07700 900 002/,
  )
  assert.match(said({ first: person, second: undefined }), /no second on call/)
  assert.match(said({ first: undefined, second: undefined }), /Nobody is on call now/)
  assert.match(
    callSteps(facts('2026-12-11T10:34:00Z'), { first: person, second: person })[0]?.title ?? '',
    /desk is open/,
  )
})
