import assert from 'node:assert/strict'
import { test } from 'node:test'
import { replacementOf } from './old-addresses.ts'

const cases: readonly [rest: string, to: string, because: string][] = [
  ['', '/manage', 'the front page of an editor is the front page of the new one'],
  ['fz001', '/manage/FZ001', 'a code leads to that pharmacy'],
  ['organisations/FZ001/contact-details', '/manage/FZ001/contact-details', 'the task is kept'],
  ['FZ001/bank-holiday-opening-times/2026', '/manage/FZ001/bank-holidays', 'a holiday is more than opening times'],
  [
    'FZ001/exceptional-opening-times',
    '/manage/FZ001/closures-and-changes',
    'a dated change is more than opening times',
  ],
  ['pharmacy/FZ001/opening-times/monday', '/manage/FZ001/opening-times', 'the week is one page now'],
  ['FZ001/services', '/manage/FZ001', 'services are shown on the pharmacy’s page'],
  ['login', '/sign-in', 'there is one way to sign in'],
  ['help', '/help', 'help is help'],
  ['services/search', '/manage', 'what we do not know leads to the front page'],
  ['//evil.example/', '/manage', 'nothing of the old address becomes an address of somebody else'],
  ['%00', '/manage', 'nonsense is harmless'],
]
for (const [rest, to, because] of cases) {
  test(`old address “${rest}” leads to ${to}: ${because}`, () => {
    assert.equal(replacementOf(rest), to)
  })
}
