import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fixedClock } from '#test/support/fixed-clock.ts'
import { createFailedAttempts, networkOf } from './failed-attempts.ts'

const fail = (attempts: ReturnType<typeof createFailedAttempts>, times: number, name: string, address: string) => {
  for (let index = 0; index < times; index++) attempts.failed(name, address)
}

test('ten failures of one name from one address are the last of the minute; others go on', () => {
  const clock = fixedClock()
  const attempts = createFailedAttempts(clock)
  fail(attempts, 9, 'supplier', '192.0.2.1')
  assert.equal(attempts.mayTry('supplier', '192.0.2.1'), true)
  attempts.failed('supplier', '192.0.2.1')
  assert.equal(attempts.mayTry('supplier', '192.0.2.1'), false)
  assert.equal(attempts.mayTry('supplier', '192.0.2.2'), true)
  assert.equal(attempts.mayTry('another', '192.0.2.1'), true)
  clock.set('2026-12-11T10:35:00Z')
  assert.equal(attempts.mayTry('supplier', '192.0.2.1'), true)
})

test('an address that tries many names is refused all of them', () => {
  const attempts = createFailedAttempts(fixedClock())
  for (let index = 0; index < 120; index++) attempts.failed(`name ${index}`, '192.0.2.1')
  assert.equal(attempts.mayTry('name 1000', '192.0.2.1'), false)
  assert.equal(attempts.mayTry('name 1000', '192.0.2.2'), true)
})

test('a name that many addresses guess at is only tried for those that have not guessed wrong', () => {
  const attempts = createFailedAttempts(fixedClock())
  for (let index = 0; index < 60; index++) attempts.failed('supplier', `192.0.2.${index}`)
  assert.equal(attempts.mayTry('supplier', '192.0.2.7'), false)
  assert.equal(attempts.mayTry('supplier', '198.51.100.1'), true)
})

test('more names than anyone has do not fill the memory', () => {
  const attempts = createFailedAttempts(fixedClock())
  for (let index = 0; index < 150_000; index++) attempts.failed(`name ${index}`, `address ${index}`)
  assert.equal(attempts.mayTry('name 1', 'address 1'), true)
})

const networks: [address: string, network: string, because: string][] = [
  ['192.0.2.1', '192.0.2.1', 'an IPv4 address is one customer’s'],
  ['::ffff:192.0.2.1', '192.0.2.1', 'the same, as IPv6 writes it'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2', 'whoever has one IPv6 address has 64 bits of them'],
  ['2001:DB8:1:2::6', '2001:db8:1:2', 'zeros left out'],
  ['2001:db8::6', '2001:db8:0:0', 'more zeros left out'],
  ['::1', '0:0:0:0', 'this machine'],
]
for (const [address, network, because] of networks) {
  test(`${address} belongs to ${network}: ${because}`, () => assert.equal(networkOf(address), network))
}
