import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type ChallengeRecord, challengeAnswers, chooseFacts, type FactKind, isRightAnswer } from './challenge-facts.ts'

const RECORD: ChallengeRecord = {
  name: 'Hill Pharmacy',
  ownerName: 'Brown & Sons (Chemists) Limited',
  contact: {
    phone: '01632 960 001',
    email: 'shop@hill.example',
    professionalPhone: '01632 960 777',
    professionalEmail: 'pharmacy.fx123@nhs.net',
  },
  members: ['Amina Khan', 'Zoë O’Neill'],
}

const said: readonly [kind: FactKind, said: string, right: boolean, because: string][] = [
  ['professional-phone', '0777', true, 'its last 4 numbers'],
  ['professional-phone', '01632 960 777', true, 'the whole number ends with them'],
  ['professional-phone', '777', false, 'only 3 numbers'],
  ['professional-phone', '0001', false, 'those of the public line'],
  ['professional-phone', '', false, 'nothing'],
  ['professional-email', ' Pharmacy.FX123 @nhs.net', true, 'case and spaces do not matter'],
  ['professional-email', 'shop@hill.example', false, 'the public one'],
  ['owner-name', 'brown and sons chemists', true, 'without Limited, and “and” for &'],
  ['owner-name', 'Brown', false, 'a part is not the name'],
  ['owner-name', 'Hill Pharmacy', false, 'the public name'],
  ['member-name', 'Mrs Zoe ONeill', true, 'without accent, apostrophe and title'],
  ['member-name', 'Amina', false, 'a first name is easily guessed'],
]
for (const [kind, words, right, because] of said) {
  test(`“${words}” is ${right ? 'right' : 'wrong'} for ${kind}: ${because}`, () => {
    assert.equal(isRightAnswer(kind, words, challengeAnswers(RECORD).get(kind) ?? []), right)
  })
}

const records: readonly [change: Partial<ChallengeRecord>, kinds: readonly FactKind[], because: string][] = [
  [{}, ['professional-phone', 'professional-email', 'owner-name', 'member-name'], 'all are private'],
  [
    { ownerName: 'The Hill Pharmacy Ltd' },
    ['professional-phone', 'professional-email', 'member-name'],
    'the contractor has the public name',
  ],
  [{ members: ['Amina'] }, ['professional-phone', 'professional-email', 'owner-name'], 'nobody has two names'],
  [
    { contact: { ...RECORD.contact, professionalPhone: '(01632) 960001' } },
    ['professional-email', 'owner-name', 'member-name'],
    'professionals ring the public line',
  ],
  [
    { contact: { ...RECORD.contact, professionalPhone: '0161 496 0001' } },
    ['professional-email', 'owner-name', 'member-name'],
    'the public line ends with the same numbers',
  ],
  [
    { contact: { email: 'a@b.example', professionalEmail: 'A@B.example' } },
    ['owner-name', 'member-name'],
    'the address is the public one, and there is no phone',
  ],
  [{ ownerName: null, members: [], contact: {} }, [], 'nothing is known'],
]
for (const [change, kinds, because] of records) {
  test(`${kinds.length} facts may be asked: ${because}`, () => {
    assert.deepEqual([...challengeAnswers({ ...RECORD, ...change }).keys()], kinds)
  })
}

test('the phone line for professionals and another fact are asked, whatever the dice say', () => {
  const answers = challengeAnswers(RECORD)
  fc.assert(
    fc.property(fc.infiniteStream(fc.nat()), (rolls) => {
      const chosen = chooseFacts(answers, (below) => (rolls.next().value ?? 0) % below) ?? assert.fail('none chosen')
      assert.equal(chosen[0], 'professional-phone')
      assert.equal(new Set(chosen).size, 2)
      assert.ok(chosen.every((kind) => answers.has(kind)))
    }),
    { seed: 20261211 },
  )
})

const tooFew: readonly (readonly [kinds: readonly FactKind[], because: string])[] = [
  [['professional-phone'], 'there is one'],
  [['professional-email', 'owner-name', 'member-name'], 'all of these can be found in lists, or guessed'],
]
for (const [kinds, because] of tooFew) {
  test(`no facts are asked: ${because}`, () => {
    assert.equal(
      chooseFacts(new Map(kinds.map((kind) => [kind, ['x']])), () => 0),
      undefined,
    )
  })
}
