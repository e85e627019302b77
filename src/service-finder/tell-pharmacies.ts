/** Every morning: one email to each pharmacy about the referrals of the day before that it could not help. */
import { queueEmails } from '#src/emails/email-jobs.ts'
import type { ReferralProblems } from '#src/emails/referral-problems.ts'
import type { Db } from '#src/platform/db/db.ts'
import { loadProfiles } from '#src/profiles/load-profiles.ts'
import { dateOf, dayOf, instantOf, type LocalDate, toLondon } from '#src/rules/london-time.ts'
import { referralProblem } from '#src/rules/referral-problems.ts'
import { sharedMailboxOf } from '#src/rules/shared-mailbox.ts'
import { loadEditors, recipientsOf } from '#src/verification/reminder-recipients.ts'
import { countProblems } from './referral-problems.ts'

/** The queue and schedule of it. */
export const TELL_PROBLEMS = 'tell-referral-problems'
/** Days that a worker may have been away: an email that was queued once is not queued again. */
const DAYS_BACK = 3

/** Queues the emails about the days before `now`; says how many were new. */
export async function tellPharmacies(
  { db, sharedMailboxDomains }: { readonly db: Db; readonly sharedMailboxDomains: readonly string[] },
  now: Date,
): Promise<number> {
  const today = toLondon(now).day
  const emails: ReferralProblems[] = []
  for (let back = DAYS_BACK; back > 0; back--) {
    emails.push(...(await emailsOf({ db, sharedMailboxDomains }, dateOf(today - back), now)))
  }
  return emails.length === 0 ? 0 : await db.transact((tx) => queueEmails(tx, emails))
}

async function emailsOf(
  { db, sharedMailboxDomains }: Parameters<typeof tellPharmacies>[0],
  date: LocalDate,
  now: Date,
): Promise<readonly ReferralProblems[]> {
  const begins = (day: number) => instantOf({ day, minute: 0 })
  const counts = await countProblems(db.pool, { since: begins(dayOf(date)), until: begins(dayOf(date) + 1) })
  const byPharmacy = Map.groupBy(counts, ({ odsCode }) => odsCode)
  if (byPharmacy.size === 0) return []
  const [profiles, editors] = await Promise.all([
    loadProfiles(db.pool, [...byPharmacy.keys()]),
    loadEditors(db.pool, now),
  ])
  return [...profiles.values()].flatMap(({ profile }) => {
    const reasons = (byPharmacy.get(profile.odsCode) ?? []).map(({ reason, times }) => ({
      words: referralProblem(reason)?.told ?? reason,
      times,
    }))
    return recipientsOf(profile, editors, sharedMailboxOf(profile, sharedMailboxDomains)).map(({ email, name }) => ({
      ...{ kind: 'referral-problems' as const, recipient: email, name, odsCode: profile.odsCode, date, reasons },
      pharmacyName: profile.name,
    }))
  })
}
