import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { formatSessions } from './clock-time.ts'
import { normaliseSessions } from './opening-times.ts'
import { parseTypedHours } from './typed-hours.ts'

const SEED = 42_023

const cases: readonly (readonly [because: string, text: string, expected: string])[] = [
  ['as we write it', '9am to 5:30pm', '9am to 5:30pm'],
  ['two sessions', '9am to 1pm, 2pm to 6pm', '9am to 1pm, 2pm to 6pm'],
  ['as others write it', '0900-1300 and 14:00 – 18:00', '9am to 1pm, 2pm to 6pm'],
  ['closed in any case', ' CLOSED ', 'Closed'],
  ['the whole day', 'open 24 hours', 'Open 24 hours'],
  ['past midnight', '10pm to 2am the next day', '10pm to 2am the next day'],
  ['words for times', 'midday to midnight', 'midday to midnight'],
  ['sessions that touch are one', '9am to 1pm, 1pm to 5pm', '9am to 5pm'],
  ['nothing is not closed', '', 'refused'],
  ['half a session', '9am to', 'refused'],
  ['three times', '9am to 5pm to 6pm', 'refused'],
  ['no length', '9am to 9am', 'refused'],
  ['overlapping sessions', '9am to 1pm, 12:30pm to 5pm', 'refused'],
  ['what is no time', 'from nine to five', 'refused'],
  ['what no line holds', '9am to 5pm, '.repeat(40), 'refused'],
]
for (const [because, text, expected] of cases) {
  test(because, () => {
    const read = parseTypedHours(text)
    assert.equal(read === undefined ? 'refused' : formatSessions(read), expected)
  })
}

test('what is shown can be sent back as it is', () => {
  const session = fc
    .tuple(fc.integer({ min: 0, max: 1439 }), fc.integer({ min: 1, max: 1439 }))
    .map(([opens, length]) => ({ opens, closes: Math.min(opens + length, 1440) }))
  fc.assert(
    fc.property(fc.array(session, { maxLength: 3 }), (sessions) => {
      const merged = normaliseSessions(sessions)
      if (!merged.ok) return
      const text = formatSessions(merged.value)
      assert.equal(formatSessions(parseTypedHours(text) ?? null), text)
    }),
    { seed: SEED },
  )
})
