import assert from 'node:assert/strict'
import { test } from 'node:test'
import { summaryLines } from './summary-lines.ts'

test('a summary is a column of counts, then what is behind them, then what to look at', () => {
  const note = (subject: string) => ({ kind: 'hours look wrong', subject, message: '' })
  const lines = summaryLines({
    read: 8648,
    stored: 0,
    changed: 12,
    unchanged: 8600,
    kept: 1,
    refused: 15,
    details: { 'days refused, now unknown': 47 },
    notes: ['FA001', 'FA002', 'FA003', 'FA004'].map(note),
    refusedFile: 'list.refused.csv',
    notesFile: undefined,
  })
  assert.deepEqual(lines, [
    'read       8648',
    'stored        0',
    'changed      12',
    'unchanged  8600',
    'kept          1',
    'refused      15',
    '             47  days refused, now unknown',
    'Note: hours look wrong: FA001, FA002, FA003 and 1 more',
    'Refused rows, with reasons: list.refused.csv',
  ])
})
