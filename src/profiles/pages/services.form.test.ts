import assert from 'node:assert/strict'
import { test } from 'node:test'
import { OFFERED_SERVICES } from '#src/rules/offered-services.ts'
import type { Fields } from './fields.ts'
import { inListFields, offerFields, offersFormAfter, parseOffersForm } from './services.form.ts'
import { parseUrgentCareForm, urgentCareFields } from './urgent-care-services.form.ts'

const KINDS = OFFERED_SERVICES.filter(({ code }) => ['EPS0001', 'SRV0522', 'SRV0559'].includes(code))
const YES = { offered: true, hours: null, byAppointment: false, bookingLink: null, from: null, to: null }

const READ: readonly (readonly [Fields, Readonly<Record<string, boolean>>, string])[] = [
  [{ eps0001: 'yes', srv0522: 'no' }, { EPS0001: true, SRV0522: false }, 'what is left open is not in it'],
  [{ eps0001: ' yes ' }, { EPS0001: true }, 'blanks around an answer'],
  [{ eps0001: 'yes', srv9999: 'yes' }, { EPS0001: true }, 'services that were not asked about are not read'],
]
for (const [fields, expected, because] of READ) {
  test(`reads a list of services: ${because}`, () => {
    assert.deepEqual(parseOffersForm(fields, KINDS), { ok: true, value: expected })
  })
}

const REFUSED: readonly (readonly [Fields, readonly string[], string])[] = [
  [{}, ['eps0001'], 'nothing is answered'],
  [{ eps0001: 'maybe', srv0522: 'Yes' }, ['eps0001', 'srv0522'], 'no such answers, each beside its service'],
]
for (const [fields, expected, because] of REFUSED) {
  test(`refuses a list of services: ${because}`, () => {
    const read = parseOffersForm(fields, KINDS)
    assert.deepEqual(read.ok ? [] : read.problems.map(({ field }) => field), expected)
  })
}

test('a form shows what was saved and says the same when it is sent back', () => {
  const stock = { stockCheckedOn: '2026-12-01' as const, stockList: 'Greater Manchester, May 2026' }
  const services = { EPS0001: YES, SRV0559: { ...YES, ...stock } }
  assert.deepEqual(offerFields(services, KINDS), { eps0001: 'yes', srv0559: 'yes' })
  assert.deepEqual(parseUrgentCareForm(urgentCareFields(services, KINDS), KINDS), {
    ok: true,
    value: { offers: { EPS0001: true, SRV0559: true }, stock: { SRV0559: stock } },
  })
})

test('a date beside a "no" is not read', () => {
  const fields = { srv0559: 'no', 'srv0559-checked-day': 'x', 'srv0559-checked-month': '', 'srv0559-checked-year': '' }
  assert.deepEqual(parseUrgentCareForm(fields, KINDS), {
    ok: true,
    value: { offers: { SRV0559: false }, stock: {} },
  })
})

test('"answer no to the rest" leads to the first answer it gave', () => {
  assert.deepEqual(offersFormAfter({ eps0001: 'yes' }, 'no-to-the-rest', KINDS), {
    fields: { eps0001: 'yes', srv0522: 'no', srv0559: 'no' },
    at: 'srv0522',
  })
  assert.equal(offersFormAfter({}, 'continue', KINDS), undefined)
})

test('problems of a decision stand beside the service they are about', () => {
  const fields = inListFields(
    ['service-SRV0560', 'stock-SRV0559', 'list-SRV0559', 'service-OWN-PHARMACY-FIRST'].map((field) => ({
      field,
      code: 'x',
      message: '',
    })),
  ).map(({ field }) => field)
  assert.deepEqual(fields, ['srv0560', 'srv0559-checked-day', 'srv0559-list', 'own-pharmacy-first'])
})
