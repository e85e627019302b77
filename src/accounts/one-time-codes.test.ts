import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Db } from '#src/platform/db/db.ts'
import { onBothDatabases } from '#test/support/databases.ts'
import {
  type CodeAnswer,
  type CodePurpose,
  codeDigits,
  issueCode,
  loadCode,
  parseCode,
  sweepCodes,
  takeCode,
} from './one-time-codes.ts'

const NOW = new Date('2026-12-11T10:34:00.000Z')
const PEPPER = 'a pepper of thirty-two characters'
const SUBJECT = 'hana@chemist.example'
const minutesLater = (minutes: number) => new Date(NOW.getTime() + minutes * 60_000)

const issue = (db: Db, { minutes = 0, subject = SUBJECT, purpose = 'sign-in' as CodePurpose, mostPerHour = 5 } = {}) =>
  db.transact((tx) => issueCode(tx, { purpose, subject, now: minutesLater(minutes), pepper: PEPPER, mostPerHour }))

async function issued(db: Db, given: Parameters<typeof issue>[1] = {}) {
  return (await issue(db, given)) ?? assert.fail('no code was made')
}

const take = (
  db: Db,
  guess: { codeId: string; code: string; minutes?: number; purpose?: CodePurpose },
): Promise<CodeAnswer> =>
  db.transact((tx) =>
    takeCode(tx, { purpose: 'sign-in', ...guess, now: minutesLater(guess.minutes ?? 1), pepper: PEPPER }),
  )

const wrong = (code: string): string => String((Number(code) + 1) % 1_000_000).padStart(6, '0')

onBothDatabases((_kind, open) => {
  let shared: Promise<Db> | undefined
  const database = () => {
    shared ??= open()
    return shared
  }
  let people = 0
  /** Each case has a mailbox of its own, so that their limits do not meet. */
  const anew = () => {
    people += 1
    return `person-${people}@chemist.example`
  }

  test('is six digits, good once', async () => {
    const db = await database()
    const { codeId, code } = await issued(db, { subject: anew() })
    assert.match(code, /^\d{6}$/)
    assert.equal(await take(db, { codeId, code }), 'ok')
    assert.equal(await take(db, { codeId, code }), 'used', 'replayed')
    assert.equal(await take(db, { codeId, code: wrong(code) }), 'used', 'and a used one is no oracle')
  })

  const times: [minutes: number, answer: CodeAnswer, because: string][] = [
    [0, 'ok', 'at once'],
    [9.99, 'ok', 'just before it runs out'],
    [10, 'expired', 'it runs out after ten minutes'],
    [-1, 'ok', 'another node’s clock is a minute behind'],
  ]
  for (const [minutes, answer, because] of times) {
    test(`after ${minutes} minutes a right code is ${answer}: ${because}`, async () => {
      const db = await database()
      const { codeId, code } = await issued(db, { subject: anew() })
      assert.equal(await take(db, { codeId, code, minutes }), answer)
    })
  }

  test('after five wrong guesses the right one is refused too', async () => {
    const db = await database()
    const { codeId, code } = await issued(db, { subject: anew() })
    for (let guess = 1; guess <= 5; guess += 1) {
      assert.equal(await take(db, { codeId, code: wrong(code) }), 'wrong', `guess ${guess}`)
      assert.equal((await loadCode(db.pool, { codeId, purpose: 'sign-in' }))?.guessesLeft, 5 - guess)
    }
    assert.equal(await take(db, { codeId, code }), 'too-many')
  })

  test('five wrong guesses at once count as five', async () => {
    const db = await database()
    const { codeId, code } = await issued(db, { subject: anew() })
    await Promise.all(Array.from({ length: 5 }, () => take(db, { codeId, code: wrong(code) })))
    assert.equal(await take(db, { codeId, code }), 'too-many')
  })

  test('of two right guesses at once one is taken', async () => {
    const db = await database()
    const { codeId, code } = await issued(db, { subject: anew() })
    const answers = await Promise.all([take(db, { codeId, code }), take(db, { codeId, code })])
    assert.deepEqual(answers.sort(), ['ok', 'used'])
  })

  test('a new code replaces the old, of the same purpose and subject only', async () => {
    const db = await database()
    const subject = anew()
    const old = await issued(db, { subject })
    const otherPurpose = await issued(db, { subject, purpose: 'shared-mailbox' })
    const otherPerson = await issued(db, { subject: anew() })
    const next = await issued(db, { subject, minutes: 1 })
    assert.equal(await take(db, old), 'expired')
    assert.equal(await take(db, next), 'ok')
    assert.equal(await take(db, otherPerson), 'ok')
    assert.equal(await take(db, { ...otherPurpose, purpose: 'shared-mailbox' }), 'ok')
  })

  test('a code for one purpose, or of somebody else, is unknown for another', async () => {
    const db = await database()
    const mailbox = await issued(db, { subject: anew(), purpose: 'shared-mailbox' })
    assert.equal(await take(db, mailbox), 'expired')
    assert.equal(await loadCode(db.pool, { codeId: mailbox.codeId, purpose: 'sign-in' }), undefined)
    const mine = await issued(db, { subject: anew() })
    const theirs = await issued(db, { subject: anew() })
    assert.equal(await take(db, { codeId: theirs.codeId, code: mine.code }), 'wrong')
    assert.equal(await take(db, { codeId: 'made-up', code: mine.code }), 'expired')
  })

  test('a mailbox gets five codes an hour and twenty a day, whatever others get', async () => {
    const db = await database()
    const subject = anew()
    for (let number = 0; number < 5; number += 1) await issued(db, { subject, minutes: number })
    assert.equal(await issue(db, { subject, minutes: 5 }), undefined, 'the sixth in an hour')
    await issued(db, { subject: anew() })
    await issued(db, { subject, minutes: 60 })
    for (let hour = 2; hour < 6; hour += 1) {
      for (let number = 0; number < 5; number += 1) await issue(db, { subject, minutes: hour * 60 + number })
    }
    assert.equal(await issue(db, { subject, minutes: 7 * 60 }), undefined, 'the 21st in a day')
    await issued(db, { subject, minutes: 25 * 60 })
  })

  test('codes asked for at once do not pass the limit', async () => {
    const db = await database()
    const subject = anew()
    const made = await Promise.all(Array.from({ length: 8 }, () => issue(db, { subject, mostPerHour: 3 })))
    assert.equal(made.filter(Boolean).length, 3)
    const answers = await Promise.all(made.flatMap((code) => (code ? [take(db, code)] : [])))
    assert.deepEqual(answers.sort(), ['expired', 'expired', 'ok'], 'one of them is good')
  })

  test('neither the table nor the audit holds the digits', async () => {
    const db = await database()
    const { codeId, code } = await issued(db, { subject: anew() })
    const row = await db.pool.selectFrom('one_time_code').selectAll().where('id', '=', codeId).executeTakeFirst()
    assert.ok(row && !Object.values(row).some((value) => String(value).includes(code)))
    assert.notEqual(codeDigits(codeId, 'another pepper of thirty-two letters'), code)
  })

  test('sweeping keeps what still counts for a limit', async () => {
    const db = await database()
    const { codeId } = await issued(db, { subject: anew() })
    const isKept = async () => (await loadCode(db.pool, { codeId, purpose: 'sign-in' })) !== undefined
    await sweepCodes(db.pool, minutesLater(24 * 60 - 1))
    assert.equal(await isKept(), true)
    await sweepCodes(db.pool, minutesLater(24 * 60))
    assert.equal(await isKept(), false)
  })
})

const typed: [text: string, code: string | undefined, because: string][] = [
  ['123456', '123456', 'as the email shows it'],
  [' 123 456 ', '123456', 'in two groups'],
  ['123-456', '123456', 'with a dash'],
  ['１２３４５６', '123456', 'full-width digits of some keyboards'],
  ['000001', '000001', 'leading noughts count'],
  ['12345', undefined, 'five digits'],
  ['1234567', undefined, 'seven digits'],
  ['12345a', undefined, 'a letter'],
  ['', undefined, 'nothing'],
  ['١٢٣٤٥٦', undefined, 'digits of another script'],
]
for (const [text, code, because] of typed) {
  test(`${JSON.stringify(text)} reads as ${code}: ${because}`, () => assert.equal(parseCode(text), code))
}

test('digits spread evenly over all codes', () => {
  const seen = new Set(Array.from({ length: 2000 }, (_, index) => codeDigits(`id-${index}`, PEPPER).slice(0, 1)))
  assert.equal(seen.size, 10)
  fc.assert(fc.property(fc.string(), (id) => /^\d{6}$/.test(codeDigits(id, PEPPER))))
})
