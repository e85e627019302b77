/** For journeys: the quarter of their day ends and is frozen, and a pharmacy that had not checked everything does it late. */
import assert from 'node:assert/strict'
import type { FastifyInstance } from 'fastify'
import type { Db } from '#src/platform/db/db.ts'
import { commitProfiles } from '#src/profiles/commit-profiles.ts'
import { holidaysToAnswer } from '#src/profiles/decide.ts'
import { loadProfile } from '#src/profiles/load-profiles.ts'
import { QUARTERLY_SECTIONS } from '#src/profiles/sections-due.ts'
import { freezeLastQuarter } from '#src/reports/frozen-quarters.ts'
import type { HolidayCalendar } from '#src/rules/bank-holidays.ts'
import { londonDateOf } from '#src/rules/london-time.ts'
import { confirmSections } from '#src/verification/confirm-sections.ts'
import type { IssueReceipts } from '#src/verification/issue-receipts.ts'
import type { FixedClock } from './fixed-clock.ts'

/** The night in which the quarter of the journeys is frozen, a late check, and the morning after it. */
const FROZEN = '2027-01-01T00:40:00Z'
const LATE = '2027-01-04T10:00:00Z'
const AFTER = '2027-01-05T09:30:00Z'

type Deps = {
  readonly db: Db
  readonly clock: FixedClock
  readonly holidays: () => HolidayCalendar
  readonly issueReceipts: IssueReceipts
}

/**
 * Mounts `/test/quarter-ends/FA002`: time goes on to January, and the pharmacy checks there what it had not. Time does not
 * come back: for the last journey of a server.
 */
export function quarterEnds(pages: FastifyInstance, { db, clock, holidays, issueReceipts }: Deps): void {
  pages.get<{ Params: { odsCode: string } }>('/test/quarter-ends/:odsCode', async (request, reply) => {
    const { odsCode } = request.params
    clock.set(FROZEN)
    assert.ok(await freezeLastQuarter({ db, clock }), 'the quarter is frozen')
    clock.set(LATE)
    const actor = 'person:late@nhs.example'
    await db.transact(async (tx) => {
      const before = await loadProfile(tx, odsCode)
      assert.ok(before, odsCode)
      const asked = holidaysToAnswer(londonDateOf(clock.now()), holidays())
      const answers = Object.fromEntries(asked.map(({ date }) => [date, { answer: 'closed' as const }]))
      const said = before.profile
      const none = { offered: false, hours: null, byAppointment: false, bookingLink: null, from: null, to: null }
      const profile = {
        ...said,
        ...(Object.keys(said.services ?? {}).length === 0 && { services: { SRV0559: none } }),
        ...(Object.keys(said.facilities ?? {}).length === 0 && { facilities: { ramp: { has: true } } }),
        holidays: { ...said.holidays, ...answers },
      }
      const how = { actor, action: 'edit', decides: true, onMeeting: 'take', issueReceipts, recordedAt: LATE } as const
      await commitProfiles(tx, [{ before, profile, sections: before.sections }], how)
    })
    const stored = await loadProfile(db.pool, odsCode)
    assert.ok(stored, odsCode)
    const confirmation = { odsCode, sections: QUARTERLY_SECTIONS, expectedVersion: stored.version, actor }
    const checked = await confirmSections({ db, clock, holidays, issueReceipts }, confirmation)
    assert.equal(checked.outcome, 'confirmed', JSON.stringify(checked))
    clock.set(AFTER)
    return reply.send({ odsCode, name: stored.profile.name })
  })
}
