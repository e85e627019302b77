/** `/manage/:odsCode/services/:code/change`: when and how one service is given. View: one-service.njk */
import type { FastifyInstance } from 'fastify'
import { NotFound } from '#src/platform/errors.ts'
import { template } from '#src/platform/views.ts'
import { decideSetServices } from '#src/profiles/decide-services.ts'
import { hoursName, sameHoursWords } from '#src/profiles/kind-words.ts'
import type { Profile } from '#src/profiles/profile.ts'
import { askedServices, canOffer } from '#src/profiles/remote-offers.ts'
import { sectionAddress } from '#src/profiles/section-pages.ts'
import type { ManageDeps } from '#src/profiles/visit.ts'
import { formatDateShort } from '#src/rules/clock-time.ts'
import { dateOf, dayOf } from '#src/rules/london-time.ts'
import type { OfferedServiceKind } from '#src/rules/offered-services.ts'
import type { Result } from '#src/rules/problems.ts'
import { directoryEffects } from './directory-effects.ts'
import { type Edit, type Editor, withValueFrom } from './editing.ts'
import { editingPages } from './editing-pages.ts'
import type { Fields } from './fields.ts'
import { type FormPage, formPage } from './form-page.ts'
import { statedDetails } from './offer-words.ts'
import {
  detailFields,
  inDetailFields,
  PLAIN_DETAILS,
  parseServiceDetails,
  type ServiceDetails,
  weekShown,
} from './one-service.form.ts'
import { DAYS, type DayInForm, daysInForm, weeklyFormAfter } from './opening-times.form.ts'
import { type Dispute, differencesBetween, disputesBetween } from './stated.ts'
import { weekInWords } from './week-words.ts'

type ServiceForm = FormPage & {
  readonly line: string
  readonly who: string | null
  readonly offered: boolean
  readonly asksHours: boolean
  readonly asksLink: boolean
  readonly sameHours: string
  readonly pharmacyWeek: string
  readonly hoursName: string
  readonly days: readonly DayInForm[]
  /** An example of a date that could be a last day. */
  readonly example: string
}

const EXAMPLE_DAYS_AHEAD = 90

const render = template<ServiceForm>('profiles/pages/one-service.njk')

/** Mounts the form. */
export function oneServicePages(app: FastifyInstance, deps: ManageDeps): void {
  editingPages(app, deps, serviceEditor)
}

/** The service that the address names. Throws `NotFound` for one that this pharmacy is not asked about, or not here. */
function kindOf({ stored: { profile }, changeId }: Edit): OfferedServiceKind {
  const kind = askedServices(profile).find(
    (kind) => kind.code === changeId && !kind.stock && canOffer(profile.kind, kind),
  )
  if (!kind) throw new NotFound(`There is no service “${changeId}” with hours or a booking link to change`)
  return kind
}

/** What is said of a service that is offered; undefined for one that is not. */
function detailsIn({ services }: Profile, { code }: OfferedServiceKind): ServiceDetails | undefined {
  const answer = services?.[code]
  return answer?.offered ? answer : undefined
}

const fieldsIn = (profile: Profile, kind: OfferedServiceKind): Fields =>
  detailFields(detailsIn(profile, kind) ?? PLAIN_DETAILS, profile.weekly)

function decideDetails(profile: Profile, details: ServiceDetails, edit: Edit): Result<Profile> {
  const { code } = kindOf(edit)
  const decided = decideSetServices(profile, { [code]: { ...details, offered: true } }, edit)
  return decided.ok ? decided : { ok: false, problems: inDetailFields(decided.problems) }
}

const serviceEditor: Editor<ServiceDetails> = {
  kind: 'one-service',
  section: 'services',
  permission: 'edit-services',
  path: 'services/:changeId/change',
  historyName: 'set-service-details',
  checkTitle: (edit) => `Check your answers: ${kindOf(edit).label}`,
  open: (edit) => fieldsIn(edit.stored.profile, kindOf(edit)),
  press: (fields, button) => {
    const after = weeklyFormAfter(fields, button)
    return after && { ...after, fields: { ...after.fields, 'hours-are': 'own' } }
  },
  parse: (fields, base, edit) => {
    const kind = kindOf(edit)
    return parseServiceDetails(fields, kind, weekShown(detailsIn(base, kind), base.weekly))
  },
  decide: decideDetails,
  differences: (before, after, edit) => {
    const kind = kindOf(edit)
    const differences = differencesBetween(statedDetails(before, kind), statedDetails(after, kind))
    return differences.filter((difference) => difference.before !== null || !isNothing(difference.after))
  },
  notes: () => [],
  publicView: () => [],
  effects: directoryEffects,
  afterwards: ({ odsCode }) => sectionAddress(odsCode, 'services'),
  disputes: (base, mine, theirs, edit) => disputesOf(kindOf(edit), { base, mine, theirs }),
  settleDisputes: (fields, theirs, takeTheirs, edit) => {
    if (takeTheirs.has('offered')) return undefined
    return [...takeTheirs].reduce((kept, key) => withTheirs(kept, fieldsIn(theirs, kindOf(edit)), key), fields)
  },
  show: (reply, view) => {
    const { edit, fields } = view
    const kind = kindOf(edit)
    const { profile } = edit.stored
    return render(reply, {
      ...formPage(serviceEditor, view, kind.label),
      line: kind.line,
      who: kind.who,
      offered: detailsIn(profile, kind) !== undefined,
      asksHours: kind.ownHours,
      asksLink: kind.bookingLink,
      sameHours: sameHoursWords(profile.kind),
      pharmacyWeek: weekInWords(profile.weekly),
      hoursName: hoursName(profile.kind),
      days: daysInForm(fields, weekShown(detailsIn(profile, kind), profile.weekly)),
      example: formatDateShort(dateOf(dayOf(edit.today) + EXAMPLE_DAYS_AHEAD)),
    })
  },
}

/** Of a service that is new on the list, what it does not have goes without saying. */
const isNothing = (text: string | null): boolean => text === 'None' || text === 'No'

/** Somebody else who said that the service is not offered at all left nothing else to differ on. */
function disputesOf(
  kind: OfferedServiceKind,
  { base, mine, theirs }: Readonly<Record<'base' | 'mine' | 'theirs', Profile>>,
): readonly Dispute[] {
  const disputes = disputesBetween(statedDetails(base, kind), statedDetails(mine, kind), statedDetails(theirs, kind))
  const offered = disputes.filter(({ key }) => key === 'offered')
  return offered.length > 0 ? offered.map((dispute) => ({ ...dispute, label: kind.label })) : disputes
}

/** The hours are one value: which they are, and every day. */
function withTheirs(fields: Fields, theirs: Fields, key: string): Fields {
  if (key !== 'hours') return withValueFrom(fields, theirs, key)
  return ['hours-are', ...DAYS.map(({ prefix }) => prefix)].reduce(
    (kept, part) => withValueFrom(kept, theirs, part),
    fields,
  )
}
