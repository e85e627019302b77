import assert from 'node:assert/strict'
import { test } from 'node:test'
import { aSearch } from '#test/support/searches.ts'
import { type AuditedSearch, kindOf, type SearchKind } from './search-audit.ts'
import { rowOf, type SearchRow } from './search-record.ts'

const LONG = 'x'.repeat(1_000_000)

const cut: [given: Partial<AuditedSearch>, row: Partial<SearchRow>, because: string][] = [
  [{ caseRef: LONG }, { case_ref: 'x'.repeat(100) }, 'a case reference has at most 100 characters'],
  [{ caseId: ' A\u0000B\r\n\u202eC ' }, { case_id: 'A B C' }, 'what nobody sees is folded'],
  [{ caseRef: '\u0000' }, { case_ref: null }, 'nothing is left'],
  [{ caseRef: '\ud800' }, { case_ref: '\ufffd' }, 'half a character is none the database takes'],
  [{ caseRef: `${'x'.repeat(99)}😀` }, { case_ref: `${'x'.repeat(99)}\ufffd` }, 'a cut never halves a character'],
  [{ caseRef: 'Zoë O’Neill' }, { case_ref: 'Zoë O’Neill' }, 'other alphabets stay'],
  [{ parameters: { postcode: 'M33 7AB', homePostCode: 'M33 7AB' } }, { parameters: {} }, 'never a whole postcode'],
  [{ parameters: { surgery: LONG } }, { parameters: { surgery: 'x'.repeat(200) } }, 'texts are cut'],
  [
    { parameters: { codes: Array.from({ length: 10_000 }, (_, index) => index) } },
    { parameters: { codes: Array.from({ length: 50 }, (_, index) => index) } },
    'lists are cut',
  ],
  [{ parameters: { a: Number.NaN, b: undefined, c: 1n } }, { parameters: { a: 'NaN', b: null, c: null } }, 'no JSON'],
  [{ parameters: { a: { b: { c: { d: 1 } } } } }, { parameters: { a: { b: { c: null } } } }, 'not too deep'],
  [{ durationMicros: Number.MAX_VALUE }, { duration_micros: 2_147_483_647 }, 'what the column holds'],
  [{ durationMicros: 12.6 }, { duration_micros: 13 }, 'whole microseconds'],
]
for (const [given, row, because] of cut) {
  test(`${JSON.stringify(Object.keys(given))} is kept as it can be: ${because}`, () => {
    const kept = rowOf(aSearch(given))
    for (const [name, value] of Object.entries(row)) assert.deepEqual(kept[name as keyof SearchRow], value)
  })
}

const kinds: [caseId: string | null, moment: boolean, kind: SearchKind, because: string][] = [
  ['TEST', false, 'test', 'the case id that suppliers agreed on for tests'],
  [' test ', true, 'test', 'however it is written, and a test even for another moment'],
  ['MONITORING', false, 'monitoring', 'a probe'],
  ['TESTING', false, 'live', 'another word'],
  ['12345', true, 'what-if', 'asks for a moment of its own'],
  [null, false, 'live', 'no case id'],
]
for (const [caseId, moment, kind, because] of kinds) {
  test(`case id ${caseId}${moment ? ' at a given moment' : ''} is ${kind}: ${because}`, () =>
    assert.equal(kindOf(caseId, moment), kind))
}
