import assert from 'node:assert/strict'
import { test } from 'node:test'
import { askAddress, askedFieldOf, proposeAddress } from './ask-about.ts'

test('a pharmacy is asked about the field that a finding is about', () => {
  const cases = [
    ['differs-from-ods', 'FA002 phone', 'phone', 'the file names another number'],
    ['differs-from-list', 'FA002 tuesday', 'weekly', 'a day of the week'],
    ['differs-from-list', 'FA002 postcode', 'place', 'where it is'],
    ['differs-from-list', 'FA002 name', 'place', 'its name is asked about with its address'],
    ['blank-holidays', 'FA002', 'holidays', 'the rule says it'],
    ['closed-in-ods', 'FA002 closed', 'other', 'no field of its own'],
  ] as const
  for (const [rule, subject, field, because] of cases) assert.equal(askedFieldOf({ rule, subject }), field, because)
})

test('only what can be proposed is proposed', () => {
  const about = (rule: string, subject: string) => ({ rule, subject, uid: null })
  assert.equal(
    proposeAddress('FA002', about('differs-from-ods', 'FA002 phone')),
    '/workspace/proposals/new?ods=FA002&field=phone',
  )
  assert.equal(proposeAddress('FA002', about('differs-from-list', 'FA002 name')), null)
  assert.equal(proposeAddress('FA002', about('missing-phone', 'FA002')), null)
  assert.equal(
    askAddress('FA002', { rule: 'own-values', subject: 'uid:7', uid: 7 }),
    '/workspace/queries/new?ods=FA002&field=other&uid=7',
  )
})
