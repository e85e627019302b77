import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { sessions } from '#test/support/hours.ts'
import {
  endOfDay,
  formatDate,
  formatDateShort,
  formatSessions,
  formatTime,
  parseClockTime,
  sessionBetween,
} from './clock-time.ts'

type Case = readonly [typed: string, opens: number | undefined, closes: number | undefined, because: string]
const none = undefined
const cases: readonly Case[] = [
  ['9', 540, 540, 'an hour alone is on the 24-hour clock'],
  ['9am', 540, 540, 'half of the day'],
  ['9 a.m.', 540, 540, 'dots and a blank'],
  ['9AM', 540, 540, 'capitals'],
  ['9:00', 540, 540, 'a colon'],
  ['09:00', 540, 540, 'two digits'],
  ['0900', 540, 540, 'four digits'],
  ['930', 570, 570, 'three digits'],
  ['930pm', 1290, 1290, 'three digits and half of the day'],
  ['17.30', 1050, 1050, 'a dot'],
  ['5:30pm', 1050, 1050, 'minutes and half of the day'],
  ['5.30 p.m.', 1050, 1050, 'all at once'],
  ['12am', 0, 1440, 'the first minute, or the end, of the day'],
  ['12pm', 720, 720, 'midday'],
  ['12:30am', 30, 30, 'half an hour after midnight'],
  ['midday', 720, 720, 'a word'],
  ['Noon', 720, 720, 'another word'],
  ['12 noon', 720, 720, 'a word and a number'],
  ['midnight', 0, 1440, 'the first minute, or the end, of the day'],
  ['12 midnight', 0, 1440, 'a word and a number'],
  ['0', 0, 1440, 'midnight by its hour'],
  ['00:00', 0, 1440, 'midnight by its digits'],
  ['0000', 0, 1440, 'midnight by four digits'],
  ['23:59', 1439, 1440, 'as an end it means midnight'],
  ['24:00', none, 1440, 'no session opens at the end of a day'],
  ['2400', none, 1440, 'the same in four digits'],
  ['９:３０', 570, 570, 'full-width digits are digits'],
  [' 9am ', 540, 540, 'blanks around it'],
  ['', none, none, 'nothing'],
  ['24', none, none, 'an hour that is not on the clock'],
  ['25:00', none, none, 'an hour that is not on the clock'],
  ['24:01', none, none, 'past the end of the day'],
  ['9:60', none, none, 'a minute that is not on the clock'],
  ['9:5', none, none, 'one digit of minutes'],
  ['13pm', none, none, 'an hour that no half of the day has'],
  ['0am', none, none, 'an hour that no half of the day has'],
  ['13:00am', none, none, 'an hour that no half of the day has'],
  ['-9', none, none, 'a sign'],
  ['9h30', none, none, 'another language'],
  ['nine', none, none, 'a number in words'],
  ['09:00:00', none, none, 'seconds'],
  ['9am-5pm', none, none, 'two times'],
  ['٩:٣٠', none, none, 'digits of another script'],
  ['9\u0000am', none, none, 'a control character'],
  ['🕘', none, none, 'a picture'],
  ['<b>9</b>', none, none, 'markup'],
  ['constructor', none, none, 'a word that objects know'],
  ['9'.repeat(500), none, none, 'a long text'],
]
for (const [typed, opens, closes, because] of cases) {
  test(`the time ${JSON.stringify(typed.slice(0, 40))}: ${because}`, () => {
    assert.equal(parseClockTime(typed), opens)
    assert.equal(parseClockTime(typed, 'opens'), opens)
    assert.equal(parseClockTime(typed, 'closes'), closes)
  })
}

const formatted: readonly (readonly [minute: number, text: string])[] = [
  [0, 'midnight'],
  [5, '12:05am'],
  [540, '9am'],
  [545, '9:05am'],
  [720, 'midday'],
  [750, '12:30pm'],
  [1050, '5:30pm'],
  [1440, 'midnight'],
  [1560, '2am'],
]
for (const [minute, text] of formatted) {
  test(`minute ${minute} reads "${text}"`, () => assert.equal(formatTime(minute), text))
}

test('sessions read as the NHS writes them', () => {
  assert.equal(formatSessions(sessions('09:00-13:00,14:00-18:00')), '9am to 1pm, 2pm to 6pm')
  assert.equal(formatSessions(sessions('22:00-02:00')), '10pm to 2am the next day')
  assert.equal(formatSessions(sessions('18:00-24:00')), '6pm to midnight')
  assert.equal(formatSessions(sessions('00:00-24:00')), 'Open 24 hours')
  assert.equal(formatSessions([]), 'Closed')
  assert.equal(formatSessions(null), 'Not known')
})

test('dates read as the NHS writes them', () => {
  assert.equal(formatDate('2026-12-11'), 'Friday 11 December 2026')
  assert.equal(formatDate('2027-01-03'), 'Sunday 3 January 2027')
  assert.equal(formatDateShort('2027-01-03'), '3 January 2027')
})

test('a session between two times: the end may be on the next day, equal times say nothing', () => {
  assert.deepEqual(sessionBetween(540, 1020), { opens: 540, closes: 1020 })
  assert.deepEqual(sessionBetween(1320, 120), { opens: 1320, closes: 1560 })
  assert.deepEqual(sessionBetween(1320, 0), { opens: 1320, closes: 1440 })
  assert.deepEqual(sessionBetween(0, 0), { opens: 0, closes: 1440 })
  assert.equal(sessionBetween(540, 540), undefined)
  assert.deepEqual([0, 1439, 1440, 1438].map(endOfDay), [1440, 1440, 1440, 1438])
})

test('every minute of the day is read back from how it is written', () => {
  fc.assert(
    fc.property(fc.nat({ max: 1439 }), (minute) => {
      const clock = `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`
      for (const text of [formatTime(minute), clock, clock.replace(':', ''), clock.replace(':', '.')]) {
        assert.equal(parseClockTime(text), minute, text)
      }
    }),
  )
})
