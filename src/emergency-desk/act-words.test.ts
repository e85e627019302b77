import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readBack } from './act-words.ts'

test('the reason is read back within a sentence, and IT stays IT', () => {
  const startsAt = Date.parse('2026-11-22T10:13:00Z')
  const closure = { startsAt, expectedAt: null, endedAt: null, reason: 'Power or IT failure' }
  assert.deepEqual(readBack('close', 'Hill & Sons', closure, ['your owner', 'the local team']), [
    '“I have told 111 and the public page that Hill & Sons has been closed since Sunday 22 November 2026 at 10:13am, ' +
      'because: power or IT failure.”',
    '“Nobody knows yet when it reopens. We will ask you.”',
    '“We are emailing your owner and the local team. You can reopen it yourself, or ring us.”',
  ])
})
