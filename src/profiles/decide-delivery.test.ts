import assert from 'node:assert/strict'
import { test } from 'node:test'
import { aProfile } from '#test/support/builders.ts'
import { decideAddChange, decideSetContact } from './decide.ts'
import { decideSetDelivery } from './decide-delivery.ts'
import { decideRestore } from './decide-restore.ts'
import { deliveryFields, parseDeliveryForm } from './pages/delivery.form.ts'
import type { Delivery } from './profile.ts'

const online = aProfile({ kind: 'distance-selling' })
const SAID: Delivery = { how: 'Free, by post.', orderBy: 840, workingDays: 2, premisesNumber: '1099999' }

const fieldsOf = (result: ReturnType<typeof decideSetDelivery>) =>
  result.ok ? [] : result.problems.map(({ field, code }) => `${field}: ${code}`)

const CASES: readonly (readonly [Partial<Delivery>, readonly string[], string])[] = [
  [{}, [], 'everything is as it should be'],
  [{ orderBy: null, workingDays: null, premisesNumber: null }, [], 'only how is required, by the form'],
  [{ how: 'x'.repeat(200) }, [], '200 characters fit'],
  [{ how: 'x'.repeat(201) }, ['how: too-long'], '201 do not'],
  [{ how: 'Or pop in to our shop.' }, ['how: invitation'], 'nobody can'],
  [{ how: 'From 1 Mill Lane, M33 4AB' }, ['how: address'], 'an address is an invitation'],
  [{ workingDays: 0 }, ['working-days: range'], 'nothing arrives at once'],
  [{ workingDays: 11 }, ['working-days: range'], 'too long to wait for medicines'],
  [{ workingDays: Number.NaN }, ['working-days: range'], 'what was typed is no number'],
  [{ orderBy: 1440 }, ['order-by: invalid'], 'the end of the day is no limit'],
  [{ premisesNumber: '2099999' }, ['premises-number: not-a-number'], 'a person’s number'],
]
for (const [said, problems, because] of CASES) {
  test(`${JSON.stringify(said).slice(0, 60)} has ${problems.length} problems: ${because}`, () => {
    assert.deepEqual(fieldsOf(decideSetDelivery(online, { ...SAID, ...said })), problems)
  })
}

test('a pharmacy that people visit does not say how it delivers', () => {
  assert.deepEqual(fieldsOf(decideSetDelivery(aProfile(), SAID)), ['how: not-remote'])
})

test('the public note of a change must not ask people to come to a distance selling pharmacy', () => {
  const change = { id: 'x', from: '2026-12-01', to: '2026-12-01', sessions: [], reason: 'Other' } as const
  const noted = (note: string | null) => ({ ...change, note })
  const on = { today: '2026-11-16' as const }
  assert.deepEqual(fieldsOf(decideAddChange(online, noted('Visit us on Tuesday'), on)), ['note: invitation'])
  assert.equal(decideAddChange(online, noted('We post again on Tuesday'), on).ok, true)
  assert.equal(decideAddChange(aProfile(), noted('Visit us on Tuesday'), on).ok, true)
})

test('a distance selling pharmacy keeps its website', () => {
  const answers = {
    phone: '01632 960001',
    website: null,
    email: null,
    professionalPhone: null,
    professionalEmail: null,
  }
  const refused = decideSetContact(online, answers)
  assert.deepEqual(fieldsOf(refused), ['website: missing'])
  assert.equal(decideSetContact(online, { ...answers, website: 'www.example.com' }).ok, true)
})

const ON = { today: '2026-11-16' as const, holidays: { statutoryDays: () => [] } as never }
test('restoring contact details restores how it delivered, and that nothing was said', () => {
  const said = { ...online, delivery: SAID }
  const now = { ...online, delivery: { ...SAID, orderBy: 900 } }
  const to = (profile: typeof online) => ({ profile, savedOn: '2026-11-01' as const })
  assert.deepEqual(decideRestore(now, to(said), ['contact'], ON).profile.delivery, SAID)
  assert.equal('delivery' in decideRestore(now, to(online), ['contact'], ON).profile, false)
  const bad = to({ ...online, delivery: { ...SAID, how: 'Visit us' } })
  assert.deepEqual(
    decideRestore(now, bad, ['contact'], ON).refused.map(({ code }) => code),
    ['invitation'],
  )
})

test('the form reads back what it shows', () => {
  assert.deepEqual(parseDeliveryForm(deliveryFields(SAID)), { ok: true, value: SAID })
})

test('the form tells every problem at once', () => {
  const read = parseDeliveryForm({ how: ' ', 'order-by': 'noonish', 'premises-number': '12' })
  assert.deepEqual(!read.ok && read.problems.map(({ field }) => field), ['how', 'order-by', 'premises-number'])
})

test('days may be typed with their name', () => {
  const read = parseDeliveryForm({ how: 'By post', 'working-days': '2 working days' })
  assert.equal(read.ok && read.value.workingDays, 2)
})
