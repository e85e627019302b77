/**
 * What many branches can be asked to become at once. A command is the same kind for all branches of one change; its
 * values may differ from branch to branch when they came from a file. Pure.
 */
import type { PharmacyAction } from '#src/accounts/can.ts'
import { type ContactAnswers, decideAddChange, decideAnswerHolidays, decideSetContact } from '#src/profiles/decide.ts'
import { decideSetServices, NOT_OFFERED } from '#src/profiles/decide-services.ts'
import type { DatedChange, HolidayAnswer, Profile, ProfileSection, ServiceAnswer } from '#src/profiles/profile.ts'
import type { HolidayCalendar } from '#src/rules/bank-holidays.ts'
import { formatDate } from '#src/rules/clock-time.ts'
import { dayOf, type LocalDate, weekdayIndex } from '#src/rules/london-time.ts'
import { accepted, type Problem, type Result, refused } from '#src/rules/problems.ts'

export type BranchCommand =
  | { readonly kind: 'holidays'; readonly answers: Readonly<Record<LocalDate, HolidayAnswer>> }
  | { readonly kind: 'change'; readonly change: Omit<DatedChange, 'id'> }
  /** Offered or not; what else a branch says of the service stays. */
  | { readonly kind: 'services'; readonly offered: Readonly<Record<string, boolean>> }
  /** Only the values that are given; text may hold the placeholders of `fillIn`. */
  | { readonly kind: 'contact'; readonly contact: Partial<ContactAnswers> }
  | { readonly kind: 'check' }
export type BranchKind = BranchCommand['kind']

/** What each kind is called, which section it changes, and what one must be allowed to do to a branch. */
export const BRANCH_KINDS: Readonly<
  Record<
    BranchKind,
    { readonly title: string; readonly section: ProfileSection | null; readonly action: PharmacyAction }
  >
> = {
  holidays: { title: 'Bank holidays', section: 'holidays', action: 'edit-holidays' },
  change: { title: 'Closure or dated change', section: 'changes', action: 'edit-changes' },
  services: { title: 'Services', section: 'services', action: 'edit-services' },
  contact: { title: 'Contact details', section: 'contact', action: 'edit-contact' },
  check: { title: 'Check everything', section: null, action: 'confirm-section' },
}

export type BranchSetting = {
  readonly today: LocalDate
  readonly holidays: HolidayCalendar
  /** Names the dated change, so that running twice adds one. */
  readonly changeId: string
}

/** What a branch becomes; problems say why it cannot. A check changes no word. */
export function decideForBranch(profile: Profile, command: BranchCommand, setting: BranchSetting): Result<Profile> {
  if (profile.status === 'closed') return refused(CLOSED_FOR_GOOD)
  switch (command.kind) {
    case 'holidays':
      return decideHolidays(profile, command.answers, setting)
    case 'change':
      return profile.changes.some(({ id }) => id === setting.changeId)
        ? accepted(profile)
        : decideAddChange(profile, { ...command.change, id: setting.changeId }, setting)
    case 'services':
      return decideServices(profile, command.offered, setting)
    case 'contact':
      return decideContact(profile, command.contact)
    case 'check':
      return accepted(profile)
  }
}

/** "Usual hours" means nothing where the usual hours of that weekday are not known. */
function decideHolidays(
  profile: Profile,
  answers: Readonly<Record<LocalDate, HolidayAnswer>>,
  setting: BranchSetting,
): Result<Profile> {
  const unknown = (Object.entries(answers) as [LocalDate, HolidayAnswer][]).filter(
    ([date, { answer }]) => answer === 'usual' && (profile.weekly[weekdayIndex(dayOf(date))] ?? null) === null,
  )
  if (unknown.length > 0) {
    return refused(
      ...unknown.map(([date]) => problem('usual-unknown', `The usual hours of ${formatDate(date)} are not known`)),
    )
  }
  return decideAnswerHolidays(profile, answers, setting)
}

function decideServices(
  profile: Profile,
  offered: Readonly<Record<string, boolean>>,
  setting: BranchSetting,
): Result<Profile> {
  const answers = Object.entries(offered).flatMap(([code, isOffered]): [string, ServiceAnswer][] => {
    const now = profile.services?.[code]
    if (now?.offered === isOffered) return []
    return [[code, { ...NOT_OFFERED, offered: isOffered }]]
  })
  return decideSetServices(profile, Object.fromEntries(answers), setting)
}

function decideContact(profile: Profile, given: Partial<ContactAnswers>): Result<Profile> {
  const {
    phone = null,
    website = null,
    email = null,
    professionalPhone = null,
    professionalEmail = null,
  } = profile.contact
  const filled = Object.fromEntries(
    Object.entries(given).map(([key, value]) => [key, typeof value === 'string' ? fillIn(value, profile) : value]),
  )
  return decideSetContact(profile, { phone, website, email, professionalPhone, professionalEmail, ...filled })
}

/** Puts a branch's own facts into a pattern: `https://www.example.com/stores/{ods}`, in lower case as addresses are. */
export const fillIn = (pattern: string, { odsCode, address }: Pick<Profile, 'odsCode' | 'address'>): string =>
  pattern
    .replaceAll('{ods}', odsCode.toLowerCase())
    .replaceAll('{postcode}', address.postcode.toLowerCase().replaceAll(/\s/g, ''))

const problem = (code: string, message: string): Problem => ({ field: 'branch', code, message })
/** Why nothing of a branch changes any more, not even back. */
export const CLOSED_FOR_GOOD: Problem = problem('closed', 'This pharmacy is closed for good')
