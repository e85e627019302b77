/** Who may open a page of a pharmacy, and what every such page needs to know. */
import type { FastifyRequest } from 'fastify'
import { type Actor, requireActor } from '#src/accounts/actor.ts'
import { can, type PharmacyAction, type Target } from '#src/accounts/can.ts'
import type { Clock } from '#src/platform/clock.ts'
import type { Db } from '#src/platform/db/db.ts'
import { Forbidden, NotFound } from '#src/platform/errors.ts'
import { loadProfile } from '#src/profiles/load-profiles.ts'
import type { StoredProfile } from '#src/profiles/profile.ts'
import type { HolidayCalendar } from '#src/rules/bank-holidays.ts'
import { dateOf, type LocalDate, toLondon } from '#src/rules/london-time.ts'
import { parsePharmacyCode } from '#src/rules/ods-code.ts'
import type { IssueReceipts } from '#src/verification/issue-receipts.ts'

/** What the pages of Profile Manager are built from. */
export type ManageDeps = {
  readonly db: Db
  readonly clock: Clock
  readonly holidays: () => HolidayCalendar
  /** Where people reach the site; the name of the session's cookie depends on it. */
  readonly baseUrl: string
  /** Proves what a person decides. */
  readonly issueReceipts: IssueReceipts
  /** Knows when this process shows a committed change. */
  readonly follower: { reached(seq: number): Promise<void> }
}

/** One request about one pharmacy, after permission was given. */
export type Visit = {
  readonly actor: Actor
  readonly stored: StoredProfile
  readonly odsCode: string
  readonly now: Date
  /** London date of the request. */
  readonly today: LocalDate
  readonly holidays: HolidayCalendar
  may(action: PharmacyAction): boolean
}

/**
 * The pharmacy in the address, for somebody who may do this to it. Throws `Forbidden` when they may not, whether the
 * pharmacy exists or not, and `NotFound` when they might and it does not.
 */
export async function visit(
  deps: Pick<ManageDeps, 'db' | 'clock' | 'holidays'>,
  request: FastifyRequest,
  action: PharmacyAction,
): Promise<Visit> {
  const actor = requireActor(request)
  const text = (request.params as { odsCode: string }).odsCode
  const odsCode = parsePharmacyCode(text)
  if (!odsCode) throw new NotFound(`“${text}” is not the ODS code of a pharmacy`)
  const stored = await loadProfile(deps.db.pool, odsCode)
  const target = targetOf(odsCode, stored)
  if (!can(actor, action, target)) throw new Forbidden(`You do not have access to pharmacy ${odsCode} for this`)
  if (!stored) throw new NotFound(`No pharmacy has the ODS code ${odsCode}`)
  const now = deps.clock.now()
  return {
    actor,
    stored,
    odsCode,
    now,
    today: dateOf(toLondon(now).day),
    holidays: deps.holidays(),
    may: (wanted) => can(actor, wanted, target),
  }
}

/** A pharmacy as the permission table sees it. */
export function targetOf(odsCode: string, stored: Pick<StoredProfile, 'profile'> | undefined): Target {
  const { parentCode, icbCode } = stored?.profile.commissioning ?? {}
  return { odsCode, parentCode, icbCode, closedForGood: stored?.profile.status === 'closed' }
}
