import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { holidayCalendar } from './bank-holidays.ts'
import {
  lateFrom,
  lateSince,
  mayTake,
  ONBOARDING_STATES,
  ONBOARDING_STEPS,
  type OnboardingState,
  type OnboardingStep,
  REFERRAL_SERVICES,
  type Side,
  STATES,
  standingAfter,
  stepsOpenTo,
} from './onboarding-steps.ts'

const holidays = holidayCalendar([])

describe('the way to a referral service', () => {
  const cases: readonly [because: string, state: OnboardingState, side: Side, steps: readonly OnboardingStep[]][] = [
    ['the team prepares the entry', 'signed-up', 'team', ['profile', 'pause', 'withdraw']],
    ['the pharmacy waits meanwhile', 'signed-up', 'pharmacy', ['pause', 'withdraw']],
    ['only the pharmacy agrees to its entry', 'profiled', 'pharmacy', ['agree', 'dispute', 'pause', 'withdraw']],
    ['the team may pick another entry before that', 'profiled', 'team', ['profile', 'pause', 'withdraw']],
    ['what is wrong is corrected', 'disputed', 'team', ['profile', 'pause', 'withdraw']],
    ['an agreed entry is tested', 'checked', 'team', ['profile', 'send-test', 'pause', 'withdraw']],
    ['the pharmacy says whether it came', 'test-sent', 'pharmacy', ['pass-test', 'fail-test', 'pause', 'withdraw']],
    ['or the team records it', 'test-sent', 'team', ['pass-test', 'fail-test', 'pause', 'withdraw']],
    ['a failed test is sent again', 'test-failed', 'team', ['profile', 'send-test', 'pause', 'withdraw']],
    ['only what passed its test goes live', 'test-passed', 'team', ['profile', 'go-live', 'pause', 'withdraw']],
    ['nobody makes themselves live', 'test-passed', 'pharmacy', ['pause', 'withdraw']],
    ['what is live is over', 'live', 'team', []],
    ['what is withdrawn is over', 'withdrawn', 'pharmacy', []],
  ]
  for (const [because, state, side, steps] of cases) {
    test(`${because} (${state}, ${side})`, () => {
      assert.deepEqual(stepsOpenTo({ state, isPaused: false }, side), steps)
      const paused = stepsOpenTo({ state, isPaused: true }, side)
      assert.deepEqual(paused, steps.length === 0 ? [] : ['resume', 'withdraw'])
    })
  }

  test('nothing is live that was not signed up, prepared, agreed and tested, in that order', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom(...ONBOARDING_STEPS), fc.constantFrom('team', 'pharmacy'))),
        (asked) => {
          let standing: { state: OnboardingState; isPaused: boolean } = { state: 'signed-up', isPaused: false }
          const taken: OnboardingStep[] = []
          for (const [step, side] of asked as [OnboardingStep, Side][]) {
            if (!mayTake(step, standing, side)) continue
            taken.push(step)
            standing = standingAfter(step, standing)
          }
          if (standing.state !== 'live') return
          const order = (['profile', 'agree', 'send-test', 'pass-test', 'go-live'] as const).map((step) =>
            taken.lastIndexOf(step),
          )
          assert.ok(
            order.every((place, index) => place > (order[index - 1] ?? -1)),
            taken.join(' '),
          )
        },
      ),
      { numRuns: 300 },
    )
  })

  test('every open state waits for somebody who can do something, and becomes late', () => {
    for (const state of ONBOARDING_STATES) {
      const { waitsFor, lateAfter } = STATES[state]
      assert.equal(waitsFor === null, lateAfter === null, state)
      if (waitsFor) assert.ok(stepsOpenTo({ state, isPaused: false }, waitsFor).length > 2, state)
    }
  })

  test('lateness counts working days, and the query agrees with the page', () => {
    const friday = new Date('2026-12-11T10:34:00Z')
    assert.equal(lateFrom('test-sent', friday, holidays)?.toISOString(), '2026-12-15T10:34:00.000Z')
    assert.equal(lateFrom('live', friday, holidays), null)
    fc.assert(
      fc.property(fc.constantFrom(...ONBOARDING_STATES), fc.nat(60 * 24 * 40), fc.nat(60 * 24 * 40), (state, a, b) => {
        const since = new Date(friday.getTime() + a * 60_000)
        const now = new Date(friday.getTime() + b * 60_000)
        const [late, before] = [lateFrom(state, since, holidays), lateSince(state, now, holidays)]
        assert.equal(late !== null && late <= now, before !== null && since <= before)
      }),
      { numRuns: 200 },
    )
  })

  test('the referral services are those with a type of DoS service of their own', () => {
    assert.deepEqual(
      REFERRAL_SERVICES.map(({ label, dosType }) => [label, dosType]),
      [
        ['Pharmacy First', 132],
        ['NHS Blood Pressure Check', 148],
        ['NHS Pharmacy Contraception Service', 149],
        ['Urgent medicines supply', 131],
      ],
    )
  })
})
