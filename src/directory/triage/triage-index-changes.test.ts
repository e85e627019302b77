/** An index that lived through changes answers as one that was made from the services as they are now. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ALL, ANSWERS, REASONS, type Sides, sidesOf } from '#test/reference/comparisons.ts'
import { type Dice, diceFor } from '#test/reference/dice.ts'
import { fastReader, fastReference } from '#test/reference/fast-triage.ts'
import { randomDirectory, randomQuestion, randomService } from '#test/reference/random-directory.ts'
import type { SlowQuestion, SlowService } from '#test/reference/slow-triage.ts'
import { createTriageIndex } from './triage-index.ts'

/** What of a service changes, and what it takes from another one. */
const CHANGES: Readonly<Record<string, (service: SlowService, other: SlowService) => Partial<SlowService>>> = {
  moved: (_, { easting, northing }) => ({ easting, northing }),
  'moved by a metre': ({ easting }) => ({ easting: easting === null ? null : Math.abs(easting - 1) }),
  unplaced: () => ({ easting: null, northing: null }),
  'of another type': (_, { typeId }) => ({ typeId }),
  closed: () => ({ status: 'CLOSED' }),
  'open again': () => ({ status: 'ACTIVE' }),
  'of another code': (_, { odsCode }) => ({ odsCode }),
  'as busy as another': (_, { capacity }) => ({ capacity }),
  'for other people': (_, { genders, ages, roles }) => ({ genders, ages, roles }),
  'for other needs': (_, { sgsd, dispositions }) => ({ sgsd, dispositions }),
  'commissioned otherwise': (_, { restricted, referrals }) => ({ restricted, referrals }),
  'limited otherwise': (_, { limitedTo, promotedTo }) => ({
    limitedTo: limitedTo ?? null,
    promotedTo: promotedTo ?? null,
  }),
  'open at other hours': (_, { openAllHours, weekly, bankHoliday, specified, returnIfOpenMinutes }) => ({
    ...{ openAllHours, weekly, bankHoliday, specified },
    returnIfOpenMinutes: returnIfOpenMinutes ?? null,
  }),
  'another altogether': (_, { uid: _uid, ...other }) => other,
  unchanged: () => ({}),
}

const NEW_SHARE = 0.25

function changed(dice: Dice, services: readonly SlowService[], newcomer: Partial<SlowService>): SlowService {
  const uid = services.length + 1
  if (services.length === 0 || dice.chance(NEW_SHARE)) return { ...randomService(dice, uid), ...newcomer }
  const service = dice.pick(services)
  const change = dice.pick(Object.values(CHANGES))
  return { ...service, ...change(service, randomService(dice, uid)) }
}

/** Everything that an index says to a question, and what it says of single services. */
function saidBy(sides: Sides, asked: SlowQuestion): readonly (readonly string[])[] {
  const codes = sides.index
    .byOdsCode(asked.surgery ?? '')
    .map(({ uid, typeId, easting }) => `${uid} ${typeId} ${easting}`)
  return [...ALL.map(({ fast }) => fast(sides, asked)), codes]
}

const STEPS = 25
const CHANGES_PER_STEP = 16
const NEW_QUESTIONS_PER_STEP = 3
/** The same questions are asked again after every step, of what was remembered for them. */
const REGULAR_QUESTIONS = 5
const TIDY_EVERY = 8
const HOLIDAYS_EVERY = 5

/** More and more of one type in one place. */
const CROWD = { typeId: 13, easting: 481_000, northing: 479_000 }

/** The answers of an index that was made from the services as they are. */
function agreesWithFresh(live: Sides, services: readonly SlowService[], questions: readonly SlowQuestion[]): void {
  const fresh = sidesOf({ services, reference: live.reference })
  assert.equal(live.index.size, fresh.index.size)
  for (const asked of questions) assert.deepEqual(saidBy(live, asked), saidBy(fresh, asked), JSON.stringify(asked))
  for (const { uid, typeId, status } of services) {
    const { typeId: type, isActive } = live.index.service(uid) ?? {}
    assert.deepEqual({ uid, type, isActive }, { uid, type: typeId, isActive: status === 'ACTIVE' })
  }
}

for (const [seed, size, newcomer] of [
  ['from nothing', 0, {}],
  ['from a few', 20, {}],
  ['from some', 150, {}],
  ['from many', 500, {}],
  ['a crowd', 40, CROWD],
] as const) {
  test(`after any changes an index answers as a new one does (seed "${seed}")`, () => {
    const dice = diceFor(`changes ${seed}`)
    const { reference, services: first } = randomDirectory(seed, size, 0)
    const read = fastReader(reference)
    const index = createTriageIndex()
    const live: Sides = { index, said: fastReference(reference), reference }
    const services = first.toSorted((a, b) => a.uid - b.uid)
    for (const service of services) index.take(read(service))
    const ask = (count: number) => Array.from({ length: count }, () => randomQuestion(dice, services))
    const regular: SlowQuestion[] = []
    for (let step = 1; step <= STEPS; step++) {
      if (step % TIDY_EVERY === 0) index.tidy()
      if (step % HOLIDAYS_EVERY === 0) index.noticeHolidays()
      for (let at = 0; at < CHANGES_PER_STEP; at++) {
        const service = changed(dice, services, newcomer)
        services[service.uid - 1] = service
        index.take(read(service))
      }
      if (step === 1) regular.push(...ask(REGULAR_QUESTIONS))
      agreesWithFresh(live, services, [...regular, ...ask(NEW_QUESTIONS_PER_STEP)])
    }
  })
}

test('with a service in the place of the stored one an index answers as one that has it, and stays as it was', () => {
  const dice = diceFor('instead')
  const { reference, services } = randomDirectory('instead', 15, 0)
  const read = fastReader(reference)
  const live = sidesOf({ services, reference })
  const ordered = services.toSorted((a, b) => a.uid - b.uid)
  let differ = 0
  for (let step = 0; step < 40; step++) {
    const edited = changed(dice, ordered, step % 2 === 0 ? CROWD : {})
    const fresh = sidesOf({ services: [...services.filter(({ uid }) => uid !== edited.uid), edited], reference })
    const overlaid: Sides = { ...live, index: { ...live.index, ...live.index.instead(read(edited)) } }
    for (let count = 0; count < 6; count++) {
      const asked = randomQuestion(dice, [...services, edited])
      const before = ANSWERS.fast(live, asked)
      for (const { fast, what } of [ANSWERS, REASONS]) {
        assert.deepEqual(fast(overlaid, asked), fast(fresh, asked), `${what} of ${JSON.stringify({ asked, edited })}`)
      }
      assert.deepEqual(ANSWERS.fast(live, asked), before)
      if (before.join() !== ANSWERS.fast(fresh, asked).join()) differ++
    }
  }
  assert.ok(differ > 8, `only ${differ} answers differed from what is stored`)
})
