/** What visitors said is wrong on the pages of fictitious pharmacies: waiting, late, said three times, and answered. */
import { auditNameOf } from '#src/accounts/actor.ts'
import type { Clock } from '#src/platform/clock.ts'
import type { Profile } from '#src/profiles/profile.ts'
import type { WrongState, WrongThing } from '#src/rules/wrong-reports.ts'
import type { ReportDeps } from '#src/wrong-reports/report-deps.ts'
import { tellWrong } from '#src/wrong-reports/tell-wrong.ts'
import { actorOf } from './person-row.ts'

const HOUR_MS = 3_600_000
const DAY_HOURS = 24

type Told = {
  readonly odsCode: string
  readonly what: WrongThing
  readonly words: string | null
  readonly hoursAgo: number
}

/** Nobody at the pharmacies of Norwich can be told, so that theirs wait for the lead; three about one pharmacy are flagged. */
const WAITING: readonly Told[] = [
  { odsCode: 'FZ046', what: 'phone', words: 'The number is that of a hairdresser.', hoursAgo: 5 },
  { odsCode: 'FZ048', what: 'closed', words: 'There was a note on the door.', hoursAgo: 4 },
  { odsCode: 'FZ048', what: 'closed', words: null, hoursAgo: 3 },
  { odsCode: 'FZ048', what: 'hours', words: 'It now shuts for lunch from 1pm to 2pm.', hoursAgo: 2 },
  { odsCode: 'FZ02B', what: 'access', words: 'There is a step at the door, about 10 centimetres.', hoursAgo: 1 },
]

const ANSWERED: readonly (Told & {
  readonly state: Exclude<WrongState, 'waiting'>
  readonly answer: string | null
  /** The part of their address before the @. */
  readonly by: string
})[] = [
  {
    ...{ odsCode: 'FZ0D1', what: 'phone', words: 'Nobody answers at weekends.', hoursAgo: 6 * DAY_HOURS },
    ...{ state: 'right', answer: null, by: 'amina.khan' },
  },
  {
    ...{ odsCode: 'FZ0D1', what: 'access', words: 'The bell at the side door is broken.', hoursAgo: 3 * DAY_HOURS },
    ...{ state: 'corrected', answer: null, by: 'amina.khan' },
  },
  {
    ...{ odsCode: 'FZ049', what: 'service', words: 'They do not give flu jabs.', hoursAgo: 4 * DAY_HOURS },
    ...{ state: 'settled', answer: 'We rang the pharmacy. It gives them again from Monday.', by: 'ivy.stone' },
  },
]

/** Keeps them once. Those that wait are told to whom they concern; of those that are over nobody hears again. */
export async function seedWrongPages(deps: Omit<ReportDeps, 'sharedMailboxOf'>): Promise<void> {
  const { db, clock } = deps
  const there = await db.pool.selectFrom('wrong_report').select('id').limit(1).executeTakeFirst()
  if (there) return
  const now = clock.now().getTime()
  const momentOf = (hoursAgo: number) => new Date(now - hoursAgo * HOUR_MS)
  for (const { odsCode, what, words, hoursAgo, state, answer, by } of ANSWERED) {
    const toldAt = momentOf(hoursAgo).toISOString()
    await db.pool
      .insertInto('wrong_report')
      .values({
        ...{ ods_code: odsCode, what, words, visited_on: null, told_at: toldAt, due_at: toldAt },
        ...{
          state,
          answer,
          answered_at: momentOf(hoursAgo - 2).toISOString(),
          answered_by: auditNameOf(await actorOf(db, clock, by)),
        },
        ...{ reporter_email: null, network: null },
      })
      .execute()
  }
  for (const [index, { hoursAgo, ...told }] of WAITING.entries()) {
    const then: Clock = { ...clock, now: () => momentOf(hoursAgo) }
    const report = { ...told, visitedOn: null, email: null, address: `192.0.2.${index + 1}` }
    const sharedMailboxOf = (_profile: Profile) => null
    const outcome = await tellWrong({ ...deps, clock: then, sharedMailboxOf }, report)
    if (outcome !== 'told') throw new Error(`What is wrong at ${told.odsCode} could not be told: ${outcome}`)
  }
}
