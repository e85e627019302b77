/** A profile in the directory's words: what it states about each DoS service it matches. Pure. */
import type { ProjectedFacts } from '#src/directory/project-profile.ts'
import type { ClosedSpell } from '#src/rules/closed-spells.ts'
import { dateOf, dayOf, type LocalDate, weekdayIndex } from '#src/rules/london-time.ts'
import type { Session } from '#src/rules/opening-times.ts'
import { offerFacts, type ProjectedOnto } from './offer-facts.ts'
import type { HolidayAnswer, Profile } from './profile.ts'

/** Contact value of a profile -> the service field it becomes. The public email is shown on the profile only. */
const CONTACT_FIELDS = {
  phone: 'phone',
  website: 'web',
  professionalPhone: 'nonPublicPhone',
  professionalEmail: 'email',
} as const

/**
 * What a profile states on a day, for any of its services: hours of a service's own and what is offered differ by type.
 * `today` is the London date, for services that begin and end.
 */
export function projectedFacts(
  profile: Profile,
  today: LocalDate,
): (service: ProjectedOnto & { readonly uid: number }) => ProjectedFacts {
  const stated = statedFacts(profile)
  return (service) => {
    const offer = offerFacts(profile, stated.specified, service, today)
    return { ...stated, ...offer, closures: closuresOf(profile, service.uid) }
  }
}

/** The closures of a service: those of the whole pharmacy, and those that name it. */
const closuresOf = ({ closures = [] }: Profile, uid: number): readonly ClosedSpell[] =>
  closures.filter(({ services }) => services === null || services.includes(uid)).map(spellOf)

/** The closures of the whole pharmacy. */
export const wholeClosures = ({ closures = [] }: Pick<Profile, 'closures'>): readonly ClosedSpell[] =>
  closures.filter(({ services }) => services === null).map(spellOf)

const spellOf = ({ from, until, writtenTo, statutory, ended }: ClosedSpell): ClosedSpell => ({
  from,
  until,
  writtenTo,
  statutory,
  ended,
})

function statedFacts(profile: Profile): Omit<ProjectedFacts, 'closures'> {
  const contacts = Object.entries(CONTACT_FIELDS)
    .map(([said, field]) => [field, profile.contact[said as keyof typeof CONTACT_FIELDS]] as const)
    .filter(([, value]) => value !== undefined)
  const { lines, postcode, position } = profile.address
  return {
    ...Object.fromEntries(contacts),
    place: {
      address: lines,
      postcode,
      easting: position?.easting ?? null,
      northing: position?.northing ?? null,
      latitude: position?.latitude ?? null,
      longitude: position?.longitude ?? null,
    },
    weekly: profile.weekly,
    specified: specifiedDates(profile),
    holidays: Object.keys(profile.holidays) as LocalDate[],
  }
}

/**
 * Every date on which the pharmacy states hours of its own: its holiday answers and, beating them, its dated changes.
 * Closures are not in them: they lie over these (`closeHours`).
 * "Usual hours" on a holiday are the hours of that weekday; where those are not known the day stays unknown.
 */
export function specifiedDates({ holidays, changes, weekly }: Profile): Record<LocalDate, readonly Session[]> {
  const specified: Record<LocalDate, readonly Session[]> = {}
  for (const [date, answer] of Object.entries(holidays) as [LocalDate, HolidayAnswer][]) {
    const sessions = sessionsOfAnswer(answer, weekly[weekdayIndex(dayOf(date))] ?? null)
    if (sessions !== null) specified[date] = sessions
  }
  for (const { from, to, sessions } of changes) {
    for (let day = dayOf(from); day <= dayOf(to); day++) specified[dateOf(day)] = sessions
  }
  return specified
}

/** The sessions an answer means on a weekday with `usual` hours; null when those are not known. */
export function sessionsOfAnswer(answer: HolidayAnswer, usual: readonly Session[] | null): readonly Session[] | null {
  switch (answer.answer) {
    case 'closed':
      return []
    case 'usual':
      return usual
    case 'other':
      return answer.sessions
  }
}
