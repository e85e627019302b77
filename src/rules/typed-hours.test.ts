import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { formatSessions } from './clock-time.ts'
import { normaliseSessions } from './opening-times.ts'
import { parseTypedHours } from './typed-hours.ts'

const cases: [text: string, sessions: [number, number][] | undefined, because: string][] = [
  ['closed', [], 'a word'],
  [' CLOSED ', [], 'case and blanks do not matter'],
  ['9am to 5pm', [[540, 1020]], 'as the NHS writes it'],
  ['9-5pm', [[540, 1020]], 'as people type it'],
  [
    '09:00-13:00,14:00-17:30',
    [
      [540, 780],
      [840, 1050],
    ],
    'as lists write it',
  ],
  [
    '2pm to 5pm and 9am to 1pm',
    [
      [540, 780],
      [840, 1020],
    ],
    'in order, whatever the order was',
  ],
  ['9am–1pm; 1pm–5pm', [[540, 1020]], 'touching sessions are one'],
  ['10pm to 2am', [[1320, 1560]], 'past midnight'],
  ['9am to midnight', [[540, 1440]], 'to the end of the day'],
  ['open 24 hours', [[0, 1440]], 'all day'],
  ['9am to 1pm, 12pm to 5pm', undefined, 'they overlap'],
  ['9am', undefined, 'no end'],
  ['9am to 5pm to 6pm', undefined, 'two ends'],
  ['', undefined, 'nothing'],
  ['usual', undefined, 'not hours'],
  ['=9-5', undefined, 'a formula'],
]
for (const [text, sessions, because] of cases) {
  test(`“${text}” is ${sessions ? JSON.stringify(sessions) : 'refused'}: ${because}`, () => {
    const read = parseTypedHours(text)
    assert.deepEqual(read.ok ? read.value.map(({ opens, closes }) => [opens, closes]) : undefined, sessions)
  })
}

test('what we write is read as it was', () => {
  const session = fc
    .tuple(fc.integer({ min: 0, max: 1438 }), fc.integer({ min: 1, max: 1440 }))
    .map(([opens, length]) => ({ opens, closes: Math.min(opens + length, 1440) }))
    .filter(({ opens, closes }) => opens < closes && closes !== 1439)
  fc.assert(
    fc.property(fc.array(session, { maxLength: 4 }), (sessions) => {
      const normal = normaliseSessions(sessions)
      fc.pre(normal.ok && normal.value.every(({ opens }) => opens !== 1439))
      if (normal.ok) assert.deepEqual(parseTypedHours(formatSessions(normal.value).replace('Open ', '')), normal)
    }),
  )
})
