/** `/manage/:odsCode/urgent-care-services`: what NHS 111 sends people for. Views: urgent-care-services.njk, …-change.njk */
import type { FastifyInstance } from 'fastify'
import type { ServiceRecord } from '#src/directory/service-record.ts'
import { template } from '#src/platform/views.ts'
import { loadServicesOf, type StoredService } from '#src/profiles/load-profiles.ts'
import type { Profile, ServiceAnswer } from '#src/profiles/profile.ts'
import { onSiteReason } from '#src/profiles/remote-offers.ts'
import { sectionAddress } from '#src/profiles/section-pages.ts'
import { type ManageDeps, type Visit, visit } from '#src/profiles/visit.ts'
import { formatDateShort } from '#src/rules/clock-time.ts'
import type { LocalDate } from '#src/rules/london-time.ts'
import { type OfferedServiceKind, stockCheckDueOn } from '#src/rules/offered-services.ts'
import { askFor, directoryEffects } from './directory-effects.ts'
import { type Editor, type Effect, withValueFrom } from './editing.ts'
import { editingPages } from './editing-pages.ts'
import { type FormPage, formPage } from './form-page.ts'
import { detailLines, statedOffers, statedStock } from './offer-words.ts'
import { urgentCareKinds } from './offered-kinds.ts'
import { type SectionView, sectionView } from './section-view.ts'
import { nameOf } from './service-words.ts'
import { stockDate, stockListField } from './services.form.ts'
import { decideOffers, detailsAddress, lostDetails, type Question, questionsOf } from './services.ts'
import { differencesBetween, disputesBetween, type Stated } from './stated.ts'
import { serviceTag, type Tag } from './status-tags.ts'
import { parseUrgentCareForm, type UrgentCareAnswers, urgentCareFields } from './urgent-care-services.form.ts'

type Row = {
  readonly label: string
  readonly tag: Tag
  readonly lines: readonly string[]
  /** What the Directory of Services has of it. */
  readonly directory: readonly Effect[]
  readonly details: string | null
}
type UrgentCareView = SectionView & { readonly rows: readonly Row[]; readonly section: string }
type UrgentCareForm = FormPage & {
  readonly questions: readonly (Question & { readonly stock: StockQuestion | null })[]
}

/** What is asked of a stock: its fields, and an example of a date. */
type StockQuestion = { readonly date: string; readonly list: string; readonly example: string }

const render = template<UrgentCareView>('profiles/pages/urgent-care-services.njk')
const renderForm = template<UrgentCareForm>('profiles/pages/urgent-care-services-change.njk')
const SLUG = 'urgent-care-services'

/** Mounts the page and its form. */
export function urgentCareServicesPages(app: FastifyInstance, deps: ManageDeps): void {
  app.get(`/manage/:odsCode/${SLUG}`, async (request, reply) => {
    const seen = await visit(deps, request, 'view-profile')
    const services = await loadServicesOf(deps.db.pool, seen.odsCode)
    const view = await sectionView(deps.db.pool, seen, 'services', request.query)
    return render(reply, {
      ...view,
      title: 'Urgent care services',
      address: `/manage/${seen.odsCode}/${SLUG}`,
      section: sectionAddress(seen.odsCode, 'services'),
      rows: urgentCareKinds(seen.stored.profile).map((kind) => rowOf(kind, seen, services, view.mayEdit)),
    })
  })
  editingPages(app, deps, urgentCareEditor)
}

function rowOf(kind: OfferedServiceKind, seen: Visit, services: readonly StoredService[], mayEdit: boolean): Row {
  const answer = seen.stored.profile.services?.[kind.code]
  const reason = answer?.offered ? onSiteReason(seen.stored.profile.kind, kind) : undefined
  const hasDetails = mayEdit && answer?.offered && !kind.stock && !reason
  return {
    label: kind.label,
    tag: tagOf(answer),
    lines: answer?.offered
      ? [...detailLines(answer), ...stockDue(answer, seen.today), ...(reason ? [reason] : [])]
      : [],
    directory: inDirectory(kind, answer, seen, services),
    details: hasDetails ? detailsAddress(seen.odsCode, kind) : null,
  }
}

function tagOf(answer: ServiceAnswer | undefined): Tag {
  if (!answer) return { text: 'Not answered', colour: 'yellow' }
  return answer.offered ? { text: 'Yes', colour: 'green' } : { text: 'No', colour: 'grey' }
}

function stockDue({ stockCheckedOn }: ServiceAnswer, today: LocalDate): readonly string[] {
  if (!stockCheckedOn) return []
  const due = stockCheckDueOn(stockCheckedOn)
  const words = formatDateShort(due)
  return [due < today ? `The stock should have been checked again by ${words}` : `Check the stock again by ${words}`]
}

/** The DoS services that stand for a service, as they are now, and what is missing of them. */
function inDirectory(
  kind: OfferedServiceKind,
  answer: ServiceAnswer | undefined,
  seen: Visit,
  services: readonly StoredService[],
): readonly Effect[] {
  const records = services.map(({ record }) => record)
  const its = records.filter((record) =>
    kind.dosType === null ? kind.zCode !== null && isPlainPharmacy(record) : record.typeId === kind.dosType,
  )
  if (its.length === 0 && answer?.offered && kind.zCode !== null) {
    const text = `The directory has no service of this pharmacy that can show this, so NHS 111 cannot find it here.`
    return [{ text, link: seen.may('request-service') ? askFor(seen.odsCode, kind.code) : null }]
  }
  if (kind.dosType === null && !answer?.offered) return []
  return its.map((record) => ({
    text: `DoS service “${nameOf(record)}” (ID ${record.uid}): ${statusWords(record.status)}.`,
    link: null,
  }))
}

/** A service that carries the pharmacy's own code, without a suffix. */
const isPlainPharmacy = ({ typeId, odsCode }: ServiceRecord): boolean => typeId === 13 && odsCode?.trim().length === 5

const statusWords = (status: Parameters<typeof serviceTag>[0]): string =>
  status === 'ACTIVE'
    ? 'NHS 111 finds it'
    : `${serviceTag(status).text.toLowerCase()}, so that NHS 111 does not find it`

const stated = (profile: Profile, kinds: readonly OfferedServiceKind[]): readonly Stated[] => [
  ...statedOffers(profile, kinds),
  ...statedStock(profile, kinds),
]

const stockQuestion = ({ code }: OfferedServiceKind, today: LocalDate): StockQuestion => ({
  date: stockDate(code),
  list: stockListField(code),
  example: formatDateShort(today),
})

const urgentCareEditor: Editor<UrgentCareAnswers> = {
  kind: 'urgent-care',
  section: 'services',
  permission: 'edit-services',
  path: `${SLUG}/change`,
  historyName: 'set-urgent-care-services',
  checkTitle: 'Check your urgent care services',
  open: ({ stored: { profile } }) => urgentCareFields(profile.services, urgentCareKinds(profile)),
  press: () => undefined,
  parse: (fields, base) => parseUrgentCareForm(fields, urgentCareKinds(base)),
  decide: (profile, { offers, stock }, edit) => decideOffers(profile, offers, edit, stock),
  differences: (before, after) => {
    const kinds = urgentCareKinds(after)
    return differencesBetween(stated(before, kinds), stated(after, kinds))
  },
  notes: (before, after) => lostDetails(before, after, urgentCareKinds(after)),
  publicView: () => [],
  effects: directoryEffects,
  afterwards: ({ odsCode }) => `/manage/${odsCode}/${SLUG}`,
  disputes: (base, mine, theirs) => {
    const kinds = urgentCareKinds(theirs)
    return disputesBetween(stated(base, kinds), stated(mine, kinds), stated(theirs, kinds))
  },
  settleDisputes: (fields, theirs, takeTheirs) => {
    const their = urgentCareFields(theirs.services, urgentCareKinds(theirs))
    return [...takeTheirs].reduce((kept, key) => withValueFrom(kept, their, key), fields)
  },
  show: (reply, view) => {
    const { odsCode, stored, today } = view.edit
    const kinds = urgentCareKinds(stored.profile)
    const questions = questionsOf(kinds, view.fields)
    return renderForm(reply, {
      ...formPage(urgentCareEditor, view, 'Change urgent care services'),
      back: `/manage/${odsCode}/${SLUG}`,
      questions: questions.map((question, index) => ({
        ...question,
        stock: kinds[index]?.stock ? stockQuestion(kinds[index], today) : null,
      })),
    })
  },
}
