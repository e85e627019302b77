import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sharedMailboxOf } from './shared-mailbox.ts'

const cases: [email: string | undefined, mailbox: string | null, because: string][] = [
  ['pharmacy.fa002@nhs.net', 'pharmacy.fa002@nhs.net', 'as NHSmail gives it out'],
  [' Pharmacy.FA002@NHS.net ', 'pharmacy.fa002@nhs.net', 'letter case and spaces do not matter'],
  ['pharmacy@chain.nhs.net', null, 'a domain below the one that is named is another'],
  ['pharmacy@nhs.net.example', null, 'a domain that begins alike is another'],
  ['pharmacy@mynhs.net', null, 'a domain that ends alike is another'],
  ['pharmacy@hill.example', null, 'anybody can make one there'],
  ['@nhs.net', null, 'nobody'],
  ['a@b@nhs.net', null, 'not an address'],
  ['', null, 'empty'],
  [undefined, null, 'none given'],
]
for (const [professionalEmail, mailbox, because] of cases) {
  test(`the shared mailbox of ${professionalEmail} is ${mailbox}: ${because}`, () => {
    const contact = professionalEmail === undefined ? {} : { professionalEmail }
    assert.equal(sharedMailboxOf({ contact }, ['nhs.net']), mailbox)
  })
}
