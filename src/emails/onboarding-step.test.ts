import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ONBOARDING_STEPS } from '#src/rules/onboarding-steps.ts'
import { type OnboardingTold, writeOnboardingStep } from './onboarding-step.ts'

const told = (given: Partial<OnboardingTold>): OnboardingTold => ({
  kind: 'onboarding-step',
  onboardingId: 7,
  version: 2,
  step: 'profile',
  recipient: 'amina@nhs.example',
  odsCode: 'FX123',
  pharmacyName: 'Hill & Sons',
  service: 'Pharmacy First',
  words: null,
  next: 'Check your entry.',
  ...given,
})

test('every step has a subject and a sentence of its own, and says what happens next and where', () => {
  const emails = [...ONBOARDING_STEPS, 'sign-up' as const].map((step) =>
    writeOnboardingStep(told({ step }), 'https://x.example'),
  )
  const firstLines = emails.map(({ text }) => text.split('\n\n')[1])
  assert.equal(new Set(emails.map(({ subject }) => subject)).size, ONBOARDING_STEPS.length + 1)
  assert.equal(new Set(firstLines).size, ONBOARDING_STEPS.length + 1)
  for (const { text } of emails) {
    assert.match(text, /What happens next\n\nCheck your entry\./)
    assert.match(text, /https:\/\/x\.example\/manage\/FX123\/referral-services\/7\n/)
  }
})

test('what somebody wrote is quoted line by line, and never becomes a header', () => {
  const words = 'It is wrong\nSee it here:\nhttps://evil.example'
  const { text, subject } = writeOnboardingStep(
    told({ step: 'dispute', words, pharmacyName: 'Hill\r\nBcc: a@b.c' }),
    'https://x.example',
  )
  assert.match(text, /> It is wrong\n> See it here:\n> https:\/\/evil\.example/)
  assert.doesNotMatch(subject, /[\r\n]/)
})

test('all of one sign-up are one conversation, each step once', () => {
  const { event, thread } = writeOnboardingStep(told({}), 'https://x.example')
  assert.deepEqual([event, thread], ['onboarding 7 2', ['onboarding 7 1']])
  assert.equal(writeOnboardingStep(told({ version: 1, step: 'sign-up' }), 'https://x.example').thread, undefined)
})
