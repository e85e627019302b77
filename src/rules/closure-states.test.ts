import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  ASK_AFTER_MS,
  CLOSURE_ACTS,
  CLOSURE_STATES,
  CLOSURE_TABLE,
  type ClosureAct,
  type ClosureState,
  type ClosureTimes,
  CONFIRM_AFTER_MS,
  closureStateAt,
  nextDue,
  REMIND_BEFORE_MS,
  refusalOf,
} from './closure-states.ts'

const HOUR = 3_600_000
const at = (text: string): number => Date.parse(`2026-12-${text}:00Z`)
const NOW = at('11T12:00')
const times = (given: Partial<ClosureTimes> = {}): ClosureTimes => ({
  startsAt: at('11T10:00'),
  expectedAt: null,
  endedAt: null,
  end: null,
  ...given,
})

test('the state follows from the times and the hour', () => {
  for (const [given, now, state, because] of [
    [{}, at('11T09:59'), 'planned', 'it has not begun'],
    [{}, at('11T10:00'), 'closed', 'its first minute is closed'],
    [{}, at('31T10:00'), 'closed', 'nobody has said when it ends'],
    [{ expectedAt: at('11T15:00') }, at('11T14:59'), 'closed', 'the minute before its end'],
    [{ expectedAt: at('11T15:00') }, at('11T15:00'), 'expired', 'open again at its end, with no job'],
    [{ end: 'reopened', endedAt: at('11T11:00') }, NOW, 'reopened', 'a person said so'],
    [{ end: 'cancelled', endedAt: at('11T09:00') }, NOW, 'cancelled', 'it never began'],
    [{ end: 'expired', expectedAt: at('11T11:00'), endedAt: at('11T11:00') }, NOW, 'expired', 'the job noted it'],
    [
      { end: 'reopened', endedAt: NOW, expectedAt: at('11T15:00') },
      at('11T16:00'),
      'reopened',
      'an end stays what it was',
    ],
  ] as const) {
    assert.equal(closureStateAt(times(given), now), state, because)
  }
})

/** One closure in each state at `NOW`. */
const IN_STATE: Readonly<Record<ClosureState, ClosureTimes>> = {
  planned: times({ startsAt: NOW + HOUR }),
  closed: times(),
  reopened: times({ end: 'reopened', endedAt: NOW - HOUR }),
  expired: times({ expectedAt: NOW - HOUR }),
  cancelled: times({ end: 'cancelled', endedAt: NOW - HOUR }),
}

test('what may be done in each state', () => {
  const MAY: Readonly<Record<ClosureState, readonly ClosureAct[]>> = {
    planned: ['expect', 'cancel'],
    closed: ['reopen', 'expect', 'confirm'],
    reopened: [],
    expired: [],
    cancelled: [],
  }
  for (const state of CLOSURE_STATES) {
    assert.equal(closureStateAt(IN_STATE[state], NOW), state)
    for (const act of CLOSURE_ACTS) {
      const refusal = refusalOf(act, IN_STATE[state], NOW)
      assert.equal(refusal === undefined, MAY[state].includes(act), `${act} when ${state}`)
      assert.equal(refusal?.message ?? null, CLOSURE_TABLE[state][act])
      if (refusal) assert.deepEqual([refusal.field, refusal.code], ['form', 'wrong-state'])
    }
  }
})

test('what is due next', () => {
  const always = (instant: number): number | null => instant
  const tomorrowAtNine = () => at('12T09:00')
  for (const [given, said, due, because] of [
    [{}, {}, ['ask', '11T12:00'], 'two hours after it was told'],
    [{}, { lastWordAt: at('11T11:00') }, ['ask', '11T13:00'], 'two hours after the last word'],
    [{}, { wouldOpenAt: tomorrowAtNine }, ['ask', '12T09:00'], 'nobody is asked while it is shut anyway'],
    [{}, { wouldOpenAt: () => null }, ['ask', '11T12:00'], 'hours that are not in sight hold nothing back'],
    [{ startsAt: at('14T09:00') }, {}, ['ask', '14T11:00'], 'a planned one is asked about after its start'],
    [{ expectedAt: at('11T15:00') }, {}, ['remind', '11T14:45'], 'a quarter of an hour before'],
    [{ expectedAt: at('11T15:00') }, { reminded: true }, ['expire', '11T15:00'], 'once is enough'],
    [{ expectedAt: at('11T10:10') }, {}, ['expire', '11T10:10'], 'they have said it minutes ago'],
    [{ expectedAt: at('31T15:00') }, {}, ['confirm', '18T10:00'], 'a long one is confirmed every week'],
    [
      { expectedAt: at('31T15:00') },
      { lastWordAt: at('25T10:00') },
      ['remind', '31T14:45'],
      'its last week needs no more',
    ],
    [{ expectedAt: at('31T15:00'), startsAt: at('20T09:00') }, {}, ['confirm', '27T09:00'], 'a week after its start'],
    [{ expectedAt: at('11T11:00') }, { now: at('11T13:00') }, ['expire', '11T11:00'], 'its end is noted, however late'],
    [{ end: 'reopened', endedAt: NOW }, {}, undefined, 'it is over'],
  ] as const) {
    const answered = nextDue(times(given), {
      now: at('11T10:00'),
      lastWordAt: at('11T10:00'),
      reminded: false,
      wouldOpenAt: always,
      ...said,
    })
    assert.deepEqual(answered && [answered.what, answered.at], due && [due[0], at(due[1])], because)
  }
  assert.deepEqual([ASK_AFTER_MS, REMIND_BEFORE_MS, CONFIRM_AFTER_MS], [2 * HOUR, HOUR / 4, 168 * HOUR])
})

const acts = fc.array(
  fc.record({
    act: fc.constantFrom(...CLOSURE_ACTS),
    /** How long after the act before, in minutes; the expected end lies up to a week ahead, or nobody knows. */
    after: fc.integer({ min: 0, max: 3000 }),
    ahead: fc.option(fc.integer({ min: 1, max: 10_080 })),
  }),
  { maxLength: 20 },
)

test('whatever is done, a closure is in one state, ends once, and is never forgotten', () => {
  fc.assert(
    fc.property(acts, fc.integer({ min: -3000, max: 3000 }), (steps, startsIn) => {
      let now = NOW
      let closure = times({ startsAt: NOW + startsIn * 60_000 })
      for (const { act, after, ahead } of steps) {
        now += after * 60_000
        const before = closureStateAt(closure, now)
        const isOver = before !== 'planned' && before !== 'closed'
        const isRefused = refusalOf(act, closure, now) !== undefined
        assert.equal(isRefused, CLOSURE_TABLE[before][act] !== null)
        assert.ok(isRefused || !isOver, 'nothing is done to what is over')
        if (!isRefused) closure = afterAct(closure, act, now, ahead)
        if (isOver) assert.equal(closureStateAt(closure, now), before, 'an end stays')
        assertSomethingIsDue(closure, now)
      }
    }),
  )
})

function assertSomethingIsDue(closure: ClosureTimes, now: number): void {
  assert.ok(CLOSURE_STATES.includes(closureStateAt(closure, now)))
  const due = nextDue(closure, { now, lastWordAt: now, reminded: false, wouldOpenAt: (instant) => instant })
  assert.equal(due === undefined, closure.end !== null, 'something is due until its end is noted')
  assert.ok(!due || due.what === 'expire' || due.at > now, 'and never at once')
}

function afterAct(closure: ClosureTimes, act: ClosureAct, now: number, ahead: number | null): ClosureTimes {
  switch (act) {
    case 'reopen':
      return { ...closure, endedAt: now, end: 'reopened' }
    case 'cancel':
      return { ...closure, endedAt: now, end: 'cancelled' }
    case 'expect':
      return { ...closure, expectedAt: ahead === null ? null : Math.max(now, closure.startsAt) + ahead * 60_000 }
    case 'confirm':
      return closure
  }
}
