import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type RecordEditTold, writeRecordEditTold } from './record-edit-told.ts'

const FACTS: RecordEditTold = {
  ...{ kind: 'record-edit-told', editId: 7, version: 3, what: 'conflict', recipient: 'ann@nhs.example', name: 'Ann' },
  ...{ isAuthor: true, uid: 901, serviceName: 'Walk-in\nBcc: x', author: 'Ann', decidedBy: 'Bob', note: null },
  fields: [
    { field: 'Name', values: { before: 'Old', proposed: 'Ann’s', now: '' } },
    { field: 'Non-public phone', values: null },
  ],
}
const write = (given: Partial<RecordEditTold>) => writeRecordEditTold({ ...FACTS, ...given }, 'https://s.example')

test('a conflict names before, yours and now, and says of what is not public only that it is on the page', () => {
  const { subject, text, event } = write({})
  assert.equal(subject, 'Choose what is right: the record of Walk-in Bcc: x (901)')
  assert.equal(event, 'record-edit 7 3 conflict')
  assert.match(text, /Reference: R00007/)
  assert.match(text, /Name\nIt was: Old\nYour change: Ann’s\nIt is now: nothing/)
  assert.match(text, /Non-public phone\nNot public, so not in this email/)
  assert.match(text, /https:\/\/s\.example\/workspace\/approvals\/7/)
  assert.match(write({ isAuthor: false }).text, /Their change: Ann’s/)
})

test('an answer says who gave it and quotes what they wrote, to both', () => {
  const declined = { what: 'declined', note: 'No.\nSee the record: it is right' } as const
  assert.match(write(declined).text, /Bob has not approved your change[\s\S]*> No\.\n> See the record/)
  assert.match(write({ ...declined, isAuthor: false }).text, /You have not approved a change .* by Ann/)
  assert.match(write({ what: 'approved' }).text, /Bob has approved your change[\s\S]*It is now: Ann’s/)
  assert.match(write({ what: 'approved', isAuthor: false, uid: null }).subject, /record of Walk-in Bcc: x$/)
})
