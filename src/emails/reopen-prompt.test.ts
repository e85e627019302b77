import assert from 'node:assert/strict'
import { test } from 'node:test'
import { writeClosureConfirm } from './closure-confirm.ts'
import { writeReopenPrompt } from './reopen-prompt.ts'

const FACTS = {
  recipient: 'amina@nhs.example',
  name: 'Amina Khan',
  odsCode: 'FX123',
  pharmacy: 'Hill & Sons',
  postcode: 'M33 7AB',
  closureId: 'c1',
  services: null,
  startsAt: '2026-12-11T10:34:00.000Z',
  expectedAt: null,
  askedAt: '2026-12-11T12:34:00.000Z',
} as const
const PAGE = 'https://signpost.example/manage/FX123/closures/c1'
const linksIn = (text: string) => text.match(/https:\S+/g)

test('the question names the pharmacy and since when, and its link only leads to the page', () => {
  const email = writeReopenPrompt({ kind: 'reopen-prompt', what: 'ask', ...FACTS }, 'https://signpost.example')
  assert.equal(email.subject, 'Is Hill & Sons open again?')
  assert.match(email.text, /^Hello Amina Khan\n/)
  assert.match(email.text, /Hill & Sons, M33 7AB \(FX123\)\nClosed since 10:34am on Friday 11 December 2026\./)
  assert.match(email.text, /Yes: press "Reopen now"[\s\S]*No: press "Still closed"/)
  assert.deepEqual(linksIn(email.text), [PAGE, 'https://signpost.example/contact'])
  assert.equal(email.event, 'reopen-prompt c1 ask 2026-12-11T12:34:00.000Z')
  assert.equal(email.uselessAfter, '2026-12-11T14:34:00.000Z', 'the next question is due then')
})

test('the reminder says from when on it is shown as open, and is of no use afterwards', () => {
  const reminder = { ...FACTS, kind: 'reopen-prompt', what: 'remind', expectedAt: '2026-12-11T17:00:00.000Z' } as const
  const email = writeReopenPrompt({ ...reminder, services: 2, name: null }, 'https://signpost.example')
  assert.equal(email.subject, 'Hill & Sons: the closure ends at 5pm on Friday 11 December 2026')
  assert.match(email.text, /^Hello\n[\s\S]*2 services closed since[\s\S]*give a new time before that/)
  assert.match(email.text, /its opening times hold again for these services/, 'which may be shut at that hour')
  assert.equal(email.uselessAfter, '2026-12-11T17:00:00.000Z')
})

test('where services alone are closed, nobody is told that the pharmacy is', () => {
  const email = writeReopenPrompt({ ...FACTS, kind: 'reopen-prompt', what: 'ask', services: 2 }, '')
  assert.equal(email.subject, 'Does Hill & Sons give all its services again?')
  assert.match(email.text, /NHS 111 sends nobody for them and the public page says that they are closed/)
  assert.doesNotMatch(email.text, /you are closed/)
  assert.doesNotMatch(email.text, /a code/, 'whoever told it by name signs in')
  const shared = writeReopenPrompt({ ...FACTS, kind: 'reopen-prompt', what: 'ask', name: null }, 'https://x.example')
  assert.match(shared.text, /cannot sign in, get a code [^\n]*\nhttps:\/\/x\.example\/close-without-sign-in\/FX123\n/)
})

test('a long closure is asked about with the time that is expected', () => {
  const long = {
    ...FACTS,
    kind: 'closure-confirm',
    expectedAt: '2027-01-11T09:00:00.000Z',
    pharmacy: 'Hill\r\nBcc: x',
  } as const
  const email = writeClosureConfirm(long, 'https://signpost.example')
  assert.equal(email.subject, 'Is Hill Bcc: x still closed?')
  assert.match(email.text, /You expect it to reopen at 9am on Monday 11 January 2027\./)
  assert.deepEqual(linksIn(email.text), [PAGE, 'https://signpost.example/contact'])
  assert.equal(writeClosureConfirm({ ...long, services: 2 }, '').subject, 'Are services of Hill Bcc: x still closed?')
  assert.match(writeClosureConfirm({ ...long, expectedAt: null }, '').text, /You have not said yet when it reopens/)
})
