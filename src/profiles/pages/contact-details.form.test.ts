import assert from 'node:assert/strict'
import { test } from 'node:test'
import { contactFields, parseContactForm } from './contact-details.form.ts'

const NONE = { website: null, email: null, professionalPhone: null, professionalEmail: null }

test('reads what people type into the form it is kept in', () => {
  const fields = {
    phone: '(0161) 496-0000',
    website: 'WWW.Example.COM/Sale',
    email: 'Team@Example.com',
    'professional-phone': '+44 161 496 0001',
    'professional-email': '',
  }
  assert.deepEqual(parseContactForm(fields, {}, 'community'), {
    ok: true,
    value: {
      phone: '0161 496 0000',
      website: 'www.example.com/Sale',
      email: 'Team@example.com',
      professionalPhone: '0161 496 0001',
      professionalEmail: null,
    },
  })
})

const UNTOUCHED: readonly (readonly [string, string, string])[] = [
  ['01632960001', '01632960001', 'to the letter'],
  ['01632 960 001', '01632960001', 'the same number in other groups'],
  ['not a number', 'not a number', 'even one that would not be accepted today'],
]
for (const [typed, shown, because] of UNTOUCHED) {
  test(`a phone number that was left alone stays as it is: ${because}`, () => {
    const read = parseContactForm({ phone: typed }, { phone: shown }, 'community')
    assert.deepEqual(read, { ok: true, value: { phone: shown, ...NONE } })
  })
}

test('all problems are told at once', () => {
  const read = parseContactForm({ phone: '', website: 'x', email: 'x', 'professional-email': 'x' }, {}, 'community')
  assert.deepEqual(!read.ok && read.problems.map(({ field }) => field), [
    'phone',
    'website',
    'email',
    'professional-email',
  ])
})

test('the same number for the public and professionals is taken once somebody says that it is right', () => {
  const fields = { phone: '01632 960001', 'professional-phone': '01632960001' }
  assert.equal(parseContactForm(fields, {}, 'community').ok, false)
  assert.equal(parseContactForm({ ...fields, 'confirm-same-phone': 'yes' }, {}, 'community').ok, true)
})

test('the form shows what there is, and nothing where there is none', () => {
  assert.deepEqual(contactFields({ phone: '01632 960001', website: null }), {
    phone: '01632 960001',
    website: '',
    email: '',
    'professional-phone': '',
    'professional-email': '',
  })
})

test('a pharmacy that people order from on its website only has to say which it is', () => {
  const read = parseContactForm({ phone: '01632 960001', website: ' ' }, {}, 'distance-selling')
  assert.deepEqual(!read.ok && read.problems.map(({ field }) => field), ['website'])
})
