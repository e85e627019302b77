/** What the page of a service says besides its address: whom it takes, how fresh each part is, what is coming. */
import type { TriageReference } from '#src/directory/triage/triage-reference.ts'
import type { UrgentCareService } from '#src/directory/triage/urgent-care-service.ts'
import type { Queryable } from '#src/platform/db/db.ts'
import { minuteInWords } from '#src/profiles/closure-words.ts'
import { loadProfile } from '#src/profiles/load-profiles.ts'
import type { ProfileSection, StoredProfile } from '#src/profiles/profile.ts'
import { visibleTo } from '#src/rules/audience.ts'
import { formatDate, formatDateShort, formatSessions } from '#src/rules/clock-time.ts'
import { type CompiledHours, compiledSessionsOn } from '#src/rules/compiled-hours.ts'
import { agesInWords, areasInWords, sexesInWords, surgeriesInWords } from '#src/rules/eligibility-words.ts'
import { dateOf, formatLondon, type LondonTime, londonDateOf } from '#src/rules/london-time.ts'
import { pharmacyCodeOf } from '#src/rules/ods-code.ts'
import { roleName } from '#src/rules/referral-roles.ts'

export type Fact = { readonly name: string; readonly words: string }

/** Whom it takes, as it is profiled; nothing where professionals may not know. */
export function eligibilityOf(
  { clinical }: UrgentCareService,
  { roles }: Pick<TriageReference, 'roles'>,
): readonly Fact[] {
  if (!visibleTo('professional', 'service.other.eligibility')) return []
  const referrers = [...clinical.roles].map((id) => roleName(id, roles.get(id)))
  const facts = [
    { name: 'Age', words: agesInWords(clinical.ages) },
    { name: 'Sex', words: sexesInWords(clinical.genders) },
    { name: 'GP practice', words: surgeriesInWords(clinical) },
    { name: 'Area', words: areasInWords(clinical.limitedTo) },
    { name: 'Referrals from', words: referrers.join(', ') || 'nobody is given' },
  ]
  return facts.map(({ name, words }) => ({ name, words: words.charAt(0).toUpperCase() + words.slice(1) }))
}

const DAYS_AHEAD = 62

/** The dates ahead with hours of their own, today's first; two months. */
export function datesAhead(hours: CompiledHours, today: LondonTime['day']): readonly Fact[] {
  return hours.dates
    .filter((day) => day >= today && day < today + DAYS_AHEAD)
    .map((day) => ({ name: formatDate(dateOf(day)), words: datesWords(hours, day) }))
}

function datesWords(hours: CompiledHours, day: LondonTime['day']): string {
  const { sessions } = compiledSessionsOn(hours, day)
  const title = hours.holidays.titleOf(day)
  return `${sessions === null ? 'Not known' : formatSessions(sessions)}${title === undefined ? '' : ` (${title})`}`
}

export type ServiceStanding = {
  /** How fresh each part is. */
  readonly parts: readonly Fact[]
  /** Closures that are in force or coming, with why. */
  readonly closures: readonly string[]
}

/** From its pharmacy's profile where one projects it, else from the last change of its record. Reads twice. */
export async function loadStanding(
  db: Queryable,
  service: UrgentCareService,
  now: LondonTime,
): Promise<ServiceStanding> {
  const { uid, odsCode } = service.shown
  const [row, stored] = await Promise.all([
    db
      .selectFrom('service')
      .select(({ selectFrom }) => [
        'profile_ods',
        selectFrom('service_change')
          .select('recorded_at')
          .whereRef('service_change.uid', '=', 'service.uid')
          .orderBy('seq', 'desc')
          .limit(1)
          .as('changed_at'),
      ])
      .where('uid', '=', uid)
      .executeTakeFirst(),
    odsCode === null ? undefined : loadProfile(db, pharmacyCodeOf(odsCode)),
  ])
  const profile = stored && row?.profile_ods === stored.profile.odsCode ? stored : undefined
  const record = row?.changed_at ? `Last changed on ${dayWords(row.changed_at)}` : 'Never changed since it was imported'
  return {
    parts: [
      ...PARTS.map(({ name, section }) => ({ name, words: profile ? sectionWords(profile, section) : record })),
      { name: 'Who it is for, and how to refer', words: record },
    ],
    closures: profile ? closuresAhead(profile, uid, now) : [],
  }
}

const PARTS: readonly { readonly name: string; readonly section: ProfileSection }[] = [
  { name: 'Phone, email and website', section: 'contact' },
  { name: 'Opening times', section: 'hours' },
  { name: 'Bank holidays', section: 'holidays' },
]

function sectionWords({ sections }: StoredProfile, section: ProfileSection): string {
  const { checkedAt, changedAt, source } = sections[section]
  if (checkedAt !== null) return `Checked by the pharmacy on ${dayWords(checkedAt)}`
  return source === 'list'
    ? 'From the NHS list. The pharmacy has not checked it'
    : `Changed on ${dayWords(changedAt)}. Not checked since`
}

const dayWords = (instant: string): string => formatDateShort(londonDateOf(instant))

function closuresAhead({ profile }: StoredProfile, uid: number, now: LondonTime): readonly string[] {
  const text = formatLondon(now)
  return (profile.closures ?? [])
    .filter(({ services }) => services === null || services.includes(uid))
    .filter(({ until, ended }) => !ended && (until === null || until > text))
    .map(({ from, until, reason }) => {
      const why = visibleTo('professional', 'profile.closures.reason') ? `: ${reason}` : ''
      const end = until === null ? 'until further notice' : `until ${minuteInWords(until)}`
      return `${from <= text ? 'Closed' : 'Will close'} from ${minuteInWords(from)}, ${end}${why}`
    })
}
