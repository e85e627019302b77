import assert from 'node:assert/strict'
import { test } from 'node:test'
import { invitationIn } from './visit-invitations.ts'

const REFUSED: readonly (readonly [text: string, words: string, because: string])[] = [
  ['Visit us any day.', 'Visit us', 'the plainest invitation'],
  ['Why not come in for a chat?', 'come in', 'a question that asks people in'],
  ['Just pop in', 'pop in', 'at the end of the text'],
  ['You can walk in without an appointment if you like.', 'walk in', 'the opposite of what follows is not this'],
  ['Walk-ins welcome', 'Walk-ins', 'one word'],
  ['Drop by when you pass', 'Drop by', 'when follows'],
  ['Free click and collect', 'click and collect', 'collecting is coming'],
  ['Collect your medicines from our shop', 'Collect your medicines from our shop', 'with words between'],
  ['Orders can be picked up from us', 'picked up from us', 'another word for collecting'],
  ['Ask at our counter', 'at our counter', 'a place to stand at'],
  ['VISIT OUR NEW SHOP', 'VISIT OUR NEW SHOP', 'capitals'],
  ['Consultations in person', 'in person', 'face to face'],
  ['We are at 12 Mill Lane, M33 4AB', 'M33 4AB', 'an address is where people go'],
  ['post to m334ab please', 'm334ab', 'a postcode without its space'],
]
for (const [text, words, because] of REFUSED) {
  test(`“${text}” asks people to come: ${because}`, () => assert.equal(invitationIn(text)?.words, words))
}

const TAKEN: readonly (readonly [text: string, because: string])[] = [
  ['', 'nothing is said'],
  ['Royal Mail Tracked 48, free, to every address in England.', 'it only says how'],
  ['Visit our website to order.', 'nobody travels to a website'],
  ['Visit www.example.com', 'an address of the web'],
  ['Your medicines come in plain packaging.', 'parcels come in something'],
  ['Our courier comes by van.', 'the courier comes'],
  ['You cannot visit us.', 'it says that nobody can'],
  ['Please don’t come in, phone us.', 'it says not to'],
  ['We do not offer collection from our premises.', 'it says that there is none'],
  ['Call in the morning.', 'a phone call'],
  ['We collect your prescription from your GP.', 'we collect, nobody comes'],
  ['Pick up where you left off online.', 'nothing to collect'],
  ['A drop in temperature does no harm.', 'drop is no verb here'],
  ['Tracked 24 and DPD1 1 hour slots', 'codes that look like half a postcode'],
]
for (const [text, because] of TAKEN) {
  test(`“${text}” asks nobody to come: ${because}`, () => assert.equal(invitationIn(text), undefined))
}

test('an invitation is told before an address', () => {
  assert.deepEqual(invitationIn('M33 4AB is where to visit us'), { kind: 'invitation', words: 'visit us' })
})
