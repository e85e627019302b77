/** `/manage/:odsCode`: the hub of a pharmacy's profile. View: hub.njk */
import type { FastifyInstance } from 'fastify'
import { isInScope, type PharmacyAction, scopeOf } from '#src/accounts/can.ts'
import type { Queryable } from '#src/platform/db/db.ts'
import { template } from '#src/platform/views.ts'
import {
  closureLabel,
  closuresAt,
  closureText,
  comingClosures,
  momentInWords,
  reopeningWords,
  wholeClosureAt,
} from '#src/profiles/closure-words.ts'
import { loadServicesOf } from '#src/profiles/load-profiles.ts'
import type { Closure, Profile, ProfileSection } from '#src/profiles/profile.ts'
import { SECTION_PAGES, type SectionPage, sectionAddress, sectionTitle } from '#src/profiles/section-pages.ts'
import { hasAnswers, holidaysDue, isCheckedThisQuarter } from '#src/profiles/sections-due.ts'
import { standingOf } from '#src/profiles/standing.ts'
import { type ManageDeps, targetOf, type Visit, visit } from '#src/profiles/visit.ts'
import { dayName, formatDateShort } from '#src/rules/clock-time.ts'
import { type LocalDate, type LondonTime, toLondon, weekdayIndex } from '#src/rules/london-time.ts'
import { TRAINING_PHARMACY } from '#src/rules/ods-code.ts'
import { datesInWords, hoursInSentence, hoursInWords } from './change-words.ts'
import { countFacilities } from './facility-words.ts'
import { fieldsOf, rawIn } from './fields.ts'
import { countOffers } from './offered-kinds.ts'
import { savedBanner } from './saved-banner.ts'
import { type StandingWords, standingWords } from './section-view.ts'
import { type ServiceCard, serviceCard, updatesWords } from './service-cards.ts'
import { nowTag, type Tag } from './status-tags.ts'
import { loadNames } from './time-words.ts'

type SectionCard = {
  readonly title: string
  readonly summary: string
  readonly standing: StandingWords
  readonly address: string
  readonly action: string
}
type HubView = {
  readonly title: string
  readonly odsCode: string
  readonly address: readonly string[]
  readonly status: Tag
  readonly banner: string | null
  /** What is closed out of turn now, the whole pharmacy first. */
  readonly closures: readonly ClosureCard[]
  /** May say that the pharmacy is closed, which it is not yet. */
  readonly mayClose: boolean
  readonly mayReopen: boolean
  readonly deadline: { readonly done: boolean; readonly checked: number; readonly of: number; readonly by: string }
  readonly cards: readonly SectionCard[]
  /** Null for those who may not see it, and for a pharmacy without a service. */
  readonly capacity: (CapacityCard & { readonly action: string }) | null
  /** How good the record is, in a line; null for a pharmacy that nobody looks for. */
  readonly quality: string | null
  readonly services: readonly ServiceCard[]
  /** How many of them this profile updates. */
  readonly updates: string
  /** What the directory team asks, holds and proposes. */
  readonly news: readonly NewsLine[]
  readonly more: readonly { readonly text: string; readonly address: string }[]
  readonly mayRequest: boolean
  readonly mayEditAny: boolean
  readonly mayConfirm: boolean
  readonly isPublic: boolean
}

/** How busy the main service of a pharmacy is. */
export type CapacityCard = { readonly tag: Tag; readonly summary: string; readonly address: string }
/** Something that waits for the pharmacy, and where it is settled. */
type NewsLine = { readonly text: string; readonly address: string }
export type HubDeps = ManageDeps & {
  readonly loadCapacityCard: (odsCode: string, now: Date) => Promise<CapacityCard | null>
  /** What the directory team asks, holds and proposes: a line each. */
  readonly loadPharmacyNews: (odsCode: string, now: Date) => Promise<readonly NewsLine[]>
  /** How good the record is, and what to do next. */
  readonly loadQualityLine: (odsCode: string, today: LocalDate) => Promise<string>
}

const render = template<HubView>('profiles/pages/hub.njk')

/** The pages beside the sections, for those who may see them. */
const MORE: readonly { readonly text: string; readonly slug: string; readonly permission: PharmacyAction }[] = [
  { text: 'Checks by quarter', slug: 'standing', permission: 'view-profile' },
  { text: 'Referrals that could not be helped', slug: 'referral-problems', permission: 'view-profile' },
  { text: 'Evidence: receipts of your checks and changes', slug: 'evidence', permission: 'see-history' },
  { text: 'History', slug: 'history', permission: 'see-history' },
  { text: 'Address, name and map pin', slug: 'address-and-name', permission: 'view-profile' },
  { text: 'People and access', slug: 'people', permission: 'see-people' },
  { text: 'Questions and proposals of the directory team', slug: 'queries', permission: 'answer-query' },
  { text: 'What people say is wrong', slug: 'wrong-reports', permission: 'answer-query' },
]

/** Mounts the page. */
export function hubPage(app: FastifyInstance, deps: HubDeps): void {
  app.get('/manage/:odsCode', async (request, reply) => {
    const seen = await visit(deps, request, 'view-profile')
    const { profile, sections } = seen.stored
    const at = toLondon(seen.now)
    const services = await loadServicesOf(deps.db.pool, seen.odsCode)
    const standing = standingOf(seen.stored, seen)
    const nameOf = await loadNames(
      deps.db.pool,
      Object.values(sections).flatMap(({ changedBy, checkedBy }) => [changedBy, checkedBy]),
    )
    return render(reply, {
      title: profile.name,
      odsCode: seen.odsCode,
      address: [...profile.address.lines, profile.address.postcode],
      status: nowTag(profile, at, seen.holidays),
      banner: await bannerOf(deps.db.pool, seen, request.query),
      closures: closureCards(profile, at, seen.odsCode),
      mayClose: seen.may('edit-changes') && !wholeClosureAt(profile.closures, at),
      mayReopen: seen.may('edit-changes'),
      deadline: {
        done: standing.isDone,
        checked: standing.checked,
        of: standing.of,
        by: formatDateShort(standing.quarter.ends),
      },
      cards: SECTION_PAGES.map((page) => cardOf(page, seen, at, nameOf)),
      capacity: await capacityOf(deps, seen),
      news: seen.may('answer-query') ? await deps.loadPharmacyNews(seen.odsCode, seen.now) : [],
      quality: await qualityOf(deps, seen),
      updates: updatesWords(services),
      services: services.map((service) => serviceCard(service, at, seen.holidays, profile.kind)),
      more: [...MORE.filter(({ permission }) => seen.may(permission)), ...wayOut(seen)].map(({ text, slug }) => ({
        text,
        address: `/manage/${seen.odsCode}/${slug}`,
      })),
      mayRequest: seen.may('request-service'),
      mayEditAny: SECTION_PAGES.some(({ permission }) => seen.may(permission)),
      mayConfirm: seen.may('confirm-section'),
      isPublic: profile.status === 'open' || profile.status === 'temporarily-closed',
    })
  })
}

async function capacityOf({ loadCapacityCard }: HubDeps, seen: Visit): Promise<HubView['capacity']> {
  if (!isInScope(scopeOf(seen.actor, 'see-capacity'), targetOf(seen.odsCode, seen.stored))) return null
  const card = await loadCapacityCard(seen.odsCode, seen.now)
  return card && { ...card, action: seen.may('set-capacity') ? 'Set capacity' : 'See capacity' }
}

/** Nobody keeps the record of a pharmacy right that has closed, or of one that does not exist. */
async function qualityOf({ loadQualityLine }: HubDeps, { odsCode, stored, today }: Visit): Promise<string | null> {
  const { status } = stored.profile
  if (odsCode === TRAINING_PHARMACY || status === 'closed' || status === 'hidden') return null
  return loadQualityLine(odsCode, today)
}

/** Members who may not see the other people leave from here; the others from the page of the people. */
function wayOut({ actor, odsCode, may }: Visit): readonly { readonly text: string; readonly slug: string }[] {
  const isMember = actor.grants.some(({ scope }) => scope === `ods:${odsCode}`)
  return isMember && !may('see-people') ? [{ text: 'Leave this pharmacy', slug: 'leave' }] : []
}

function cardOf(page: SectionPage, seen: Visit, at: LondonTime, nameOf: (actor: string) => string): SectionCard {
  const { section, permission } = page
  const { sections, profile } = seen.stored
  const title = sectionTitle(section, profile.kind)
  const mayEdit = seen.may(permission)
  return {
    title,
    summary: summaryOf(section, seen, at),
    standing: standingWords(sections, section, seen.today, nameOf),
    address: sectionAddress(seen.odsCode, section),
    action: actionOf(page, title, seen, mayEdit),
  }
}

/** What the link of a card leads to, in the words of what is to be done there. */
function actionOf({ section }: SectionPage, title: string, seen: Visit, mayEdit: boolean): string {
  const name = title.toLowerCase()
  if (section === 'changes') return mayEdit ? 'Close or change hours' : `See ${name}`
  if (!mayEdit) return `See ${name}`
  return isCheckedThisQuarter(seen.stored.sections, section, seen.today) ? `Change ${name}` : `Check ${name}`
}

function summaryOf(section: ProfileSection, { stored, today, holidays }: Visit, now: LondonTime): string {
  const { profile } = stored
  const { day } = now
  switch (section) {
    case 'contact':
      return profile.contact.phone ? `Public phone number ${profile.contact.phone}` : 'No public phone number yet'
    case 'hours':
      return `On ${dayName(weekdayIndex(day))}s: ${hoursInSentence(profile.weekly[weekdayIndex(day)] ?? null)}`
    case 'holidays': {
      const due = holidaysDue(profile, { today, holidays }).length
      if (due === 0) return 'Every day of this quarter is answered'
      return due === 1 ? '1 day of this quarter needs an answer' : `${due} days of this quarter need an answer`
    }
    case 'changes':
      return nextChangeOf(profile, today, now)
    case 'services':
      return servicesSummary(profile)
    case 'facilities':
      return facilitiesSummary(profile)
  }
}

function servicesSummary(profile: Profile): string {
  if (!hasAnswers(profile.services)) return 'You have not said yet which services you offer'
  const { offered, unanswered } = countOffers(profile)
  return `${offered} service${offered === 1 ? '' : 's'}, ${unanswered} not answered`
}

function facilitiesSummary(profile: Profile): string {
  if (!hasAnswers(profile.facilities)) return 'Nothing is stated yet'
  const { has, notStated } = countFacilities(profile)
  return `${has} ${has === 1 ? 'facility' : 'facilities'}, ${notStated} not stated`
}

function nextChangeOf(profile: Profile, today: LocalDate, now: LondonTime): string {
  const lines = comingClosures(profile.closures, now).map(closureLine)
  const changes = profile.changes.filter(({ to }) => to >= today).toSorted((a, b) => (a.from < b.from ? -1 : 1))
  const [first, ...others] = [...lines, ...changes.map((change) => `${datesInWords(change)}: ${hoursInWords(change)}`)]
  if (!first) return 'Nothing is planned'
  return others.length === 0 ? first : `${first}, and ${others.length} more`
}

const closureLine = (closure: Closure): string =>
  `${closureLabel(closure)}. ${closureText({ ...closure, advice: null })}`

/** A closure in force, as it stands above everything else. */
type ClosureCard = { readonly heading: string; readonly expected: string; readonly address: string }

const closureCards = ({ closures }: Profile, at: LondonTime, odsCode: string): readonly ClosureCard[] =>
  closuresAt(closures, at).map(({ id, services, from, until }) => ({
    heading: `${services === null ? 'Closed' : servicesClosed(services.length)} since ${momentInWords(from, at)}`,
    expected: reopeningWords(until, at),
    address: `/manage/${odsCode}/closures/${id}`,
  }))

const servicesClosed = (count: number): string => (count === 1 ? '1 service closed' : `${count} services closed`)

/** What was just done. Null when nothing was, or when the address claims something that is not so. */
async function bannerOf(db: Queryable, seen: Visit, query: unknown): Promise<string | null> {
  const asked = fieldsOf(query)
  const checked = SECTION_PAGES.find(({ slug }) => slug === rawIn(asked, 'checked'))
  if (checked && isCheckedThisQuarter(seen.stored.sections, checked.section, seen.today)) {
    return `Thank you. ${sectionTitle(checked.section, seen.stored.profile.kind)}: everything is correct.`
  }
  if (rawIn(asked, 'joined') === 'yes') return 'You can look after this pharmacy now.'
  if (rawIn(asked, 'cancelled') === 'yes') return 'The closure or change is cancelled.'
  if (rawIn(asked, 'requested') === 'yes') return 'We have your request. An email to you says what happens next.'
  return savedBanner(db, seen, query)
}
