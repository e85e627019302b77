/** The public view of every profile, in memory: what public pages and open data show of a pharmacy. */
import type { Queryable } from '#src/platform/db/db.ts'
import { type PublicProfile, publicProfileOf } from '#src/rules/audience.ts'
import { closeHours } from '#src/rules/closed-spells.ts'
import type { LocalDate } from '#src/rules/london-time.ts'
import type { OpeningTimes, Session } from '#src/rules/opening-times.ts'
import { type Profile, type ProfileSection, SECTIONS, type Sections } from './profile.ts'
import { specifiedDates, wholeClosures } from './projected-facts.ts'

/** When a section was last checked and changed, without saying by whom. Instants are UTC. */
export type PublicStanding = {
  readonly checkedAt: string | null
  readonly changedAt: string
  /** True while the words come from the NHS list and nobody at the pharmacy has checked them. */
  readonly fromList: boolean
}

/** A profile as anyone may see it. Private fields are typed as absent (`rules/audience.ts`). */
export type PublicProfileView = PublicProfile<Profile & { readonly contact: Required<Profile['contact']> }> & {
  /** Dates with hours of their own: holiday answers, the dated changes that beat them, and closures, which beat all. */
  readonly specified: Readonly<Record<LocalDate, readonly Session[]>>
  /** For asking `rules/opening-times.ts`; a holiday without an answer is unknown. */
  readonly openingTimes: OpeningTimes
  readonly sections: Readonly<Record<ProfileSection, PublicStanding>>
}

export type ProfileIndex = {
  /** The profile of a pharmacy, hidden ones included: ask its `status` before showing it. */
  find(odsCode: string): PublicProfileView | undefined
  /** Every profile, hidden ones included, in no order. */
  all(): Iterable<PublicProfileView>
  readonly size: number
  /** Takes over every profile whose ledger sequence is above `from`. */
  refresh(from: number, to: number): Promise<void>
}

const PAGE = 1000

/** Reads every profile; afterwards `refresh` keeps it true. */
export async function loadProfileIndex(db: Queryable): Promise<ProfileIndex> {
  const profiles = new Map<string, PublicProfileView>()
  const take = (rows: readonly ProfileRow[]) => {
    for (const row of rows) profiles.set(row.ods_code, publicView(row.document as Profile, row.sections as Sections))
  }
  for (let after = ''; ; ) {
    const rows = await rowsOf(db).where('ods_code', '>', after).orderBy('ods_code').limit(PAGE).execute()
    take(rows)
    const last = rows.at(-1)
    if (!last || rows.length < PAGE) break
    after = last.ods_code
  }
  return {
    find: (odsCode) => profiles.get(odsCode),
    all: () => profiles.values(),
    get size() {
      return profiles.size
    },
    refresh: async (from) => take(await rowsOf(db).where('seq', '>', from).execute()),
  }
}

type ProfileRow = { ods_code: string; document: unknown; sections: unknown }

const rowsOf = (db: Queryable) => db.selectFrom('profile').select(['ods_code', 'document', 'sections'])

const NOTHING_SAID: Required<Profile['contact']> = {
  phone: null,
  website: null,
  email: null,
  professionalPhone: null,
  professionalEmail: null,
}

/** What anyone may see of a profile. */
export function publicView(profile: Profile, sections: Sections): PublicProfileView {
  const openingTimes = closeHours(
    { weekly: profile.weekly, bankHoliday: null, openAllHours: false, specified: specifiedDates(profile) },
    wholeClosures(profile),
  )
  const standing = (section: ProfileSection): PublicStanding => {
    const { source, checkedAt, changedAt } = sections[section]
    return { checkedAt, changedAt, fromList: source === 'list' && checkedAt === null }
  }
  return {
    ...publicProfileOf({ ...profile, contact: { ...NOTHING_SAID, ...profile.contact } }),
    specified: openingTimes.specified,
    openingTimes,
    sections: Object.fromEntries(
      SECTIONS.map((section) => [section, standing(section)]),
    ) as PublicProfileView['sections'],
  }
}
