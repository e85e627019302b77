import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readSearches, searchesForm } from './searches.form.ts'

const read = (query: object) => readSearches(searchesForm(query))
const day = (prefix: string, text: string, time = '') => {
  const [date = '', month = '', year = ''] = text.split(' ')
  return { [`${prefix}-day`]: date, [`${prefix}-month`]: month, [`${prefix}-year`]: year, [`${prefix}-time`]: time }
}

const moments: [query: object, from: string | null, until: string | null, because: string][] = [
  [{}, null, null, 'nothing was given'],
  [day('from', '11 12 2026'), '2026-12-11T00:00:00.000Z', null, 'a day starts at midnight'],
  [day('to', '11 Dec 2026'), null, '2026-12-12T00:00:00.000Z', 'and ends at the next'],
  [day('to', '11 december 2026', '10:34'), null, '2026-12-11T10:35:00.000Z', 'a minute is included'],
  [day('from', '1 7 2026', '3pm'), '2026-07-01T14:00:00.000Z', null, 'in summer London is an hour ahead'],
  [day('to', '28 3 2026'), null, '2026-03-29T00:00:00.000Z', 'the day before the clocks go forward'],
]
for (const [query, from, until, because] of moments) {
  test(`${JSON.stringify(query)} is from ${from} until ${until}: ${because}`, () => {
    const asked = read(query)
    assert.ok(asked.ok)
    const { lookUp } = asked.value
    assert.deepEqual([lookUp.from?.toISOString() ?? null, lookUp.until?.toISOString() ?? null], [from, until])
  })
}

const wrong: [query: object, field: string, message: RegExp][] = [
  [day('from', '11  2026'), 'from-month', /^The start must include a month$/],
  [day('to', '  2026'), 'to-day', /^The end must include a day and a month$/],
  [{ 'from-time': '10:34' }, 'from-day', /^The start must include a day and a month and a year$/],
  [day('to', '31 2 2026'), 'to-day', /^The end must be a real date/],
  [day('from', '11 12 2026', '25:00'), 'from-time', /^The time of the start must be a time/],
  [day('from', '29 3 2026', '1:30am'), 'from-time', /does not exist: the clocks went forward/],
  [{ ...day('from', '12 12 2026'), ...day('to', '11 12 2026') }, 'to-day', /^The end must be after the start$/],
]
for (const [query, field, message] of wrong) {
  test(`${JSON.stringify(query)} is explained at ${field}`, () => {
    const asked = read(query)
    assert.ok(!asked.ok)
    assert.equal(asked.problems[0]?.field, field)
    assert.match(asked.problems[0]?.message ?? '', message)
  })
}

test('what no form sends is left out or made readable', () => {
  const asked = read({
    case: ' A\u0000B\n',
    account: ['x', 'y'],
    transaction: 'x'.repeat(1e6),
    before: '1;',
    tests: 'on',
  })
  assert.ok(asked.ok)
  const { before, lookUp } = asked.value
  const { caseText, username, transactionId, withTests } = lookUp
  assert.deepEqual(
    { before, caseText, username, transactionId, withTests },
    { before: undefined, caseText: 'A B', username: null, transactionId: 'x'.repeat(100), withTests: false },
  )
  assert.ok(read({ before: '12' }).ok)
})
