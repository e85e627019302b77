import assert from 'node:assert/strict'
import { test } from 'node:test'
import { writeBranchesChanged } from './branches-changed.ts'

const FACTS = {
  kind: 'branches-changed',
  recipient: 'dev@nhs.example',
  name: 'Dev Patel',
  changeId: 7,
  title: 'Closed on Thursday\n24 December 2026',
  what: 'done',
  changed: 297,
  unchanged: 0,
  refused: 3,
} as const

test('the email of a change that was made says how it went and where to look, and acts on nothing by itself', () => {
  const { subject, text, event } = writeBranchesChanged(FACTS, 'https://signpost.example')
  assert.equal(subject, 'Made: Closed on Thursday 24 December 2026, 3 to look at')
  assert.match(text, /^Hello Dev Patel\n/)
  assert.match(text, /Changed: 297\n+Said so already: 0\n+Not changed: 3\n/)
  assert.deepEqual(text.match(/https:\S+/g), [
    'https://signpost.example/manage/branches/7',
    'https://signpost.example/contact',
  ])
  assert.match(text, /undo the change as one for 24 hours/)
  assert.equal(event, 'branches done 7')
})

test('the email of an undoing is another, and does not offer to undo again', () => {
  const undone = { ...FACTS, what: 'undone', changed: 297, refused: 0 } as const
  const { subject, text, event } = writeBranchesChanged(undone, 'https://signpost.example')
  assert.equal(subject, 'Undone: Closed on Thursday 24 December 2026')
  assert.match(text, /Changed back: 297\n+Not changed back: 0\n/)
  assert.doesNotMatch(text, /24 hours|Said so already/)
  assert.equal(event, 'branches undone 7')
})
