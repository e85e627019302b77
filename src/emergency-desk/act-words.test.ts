import assert from 'node:assert/strict'
import { test } from 'node:test'
import { actWords, readBack } from './act-words.ts'

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

test('whoever reads of a closure that has ended reads that it has', () => {
  const startsAt = Date.parse('2026-11-22T10:13:00Z')
  const closure = { startsAt, expectedAt: null, endedAt: startsAt + 3_600_000, reason: 'Power or IT failure' }
  const [from, to] = ['Sunday 22 November 2026 at 10:13am', 'Sunday 22 November 2026 at 11:13am']
  assert.equal(actWords('close', closure), `Closed from ${from} until ${to}. Reason: Power or IT failure.`)
  assert.equal(actWords('expect', closure), `Open again since ${to}.`)
  assert.equal(actWords('reopen', closure), `Open again since ${to}.`)
})
