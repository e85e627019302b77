/** `/manage/:odsCode/services`: read, confirm, say yes or no to each. Views: services.njk, services-change.njk */
import type { FastifyInstance } from 'fastify'
import { template } from '#src/platform/views.ts'
import { decideSetServices, NOT_OFFERED } from '#src/profiles/decide-services.ts'
import type { Profile, ProfileKind, ServiceAnswer } from '#src/profiles/profile.ts'
import { askedServices, onSiteReason } from '#src/profiles/remote-offers.ts'
import { hasAnswers } from '#src/profiles/sections-due.ts'
import { type ManageDeps, visit } from '#src/profiles/visit.ts'
import {
  type OfferedServiceKind,
  SERVICE_GROUP_LABELS,
  SERVICE_GROUPS,
  type ServiceGroup,
} from '#src/rules/offered-services.ts'
import type { Problem } from '#src/rules/problems.ts'
import { directoryEffects } from './directory-effects.ts'
import type { Editor } from './editing.ts'
import { editingPages } from './editing-pages.ts'
import { type Fields, rawIn } from './fields.ts'
import { type FormPage, formPage } from './form-page.ts'
import { detailLines, statedOffers } from './offer-words.ts'
import { countOffers, isUrgentCare, listedKinds } from './offered-kinds.ts'
import { type SectionView, sectionView } from './section-view.ts'
import {
  inListFields,
  type OfferAnswers,
  offerFields,
  offersFormAfter,
  parseOffersForm,
  serviceField,
} from './services.form.ts'
import { differencesBetween, disputesBetween } from './stated.ts'
import type { StockAnswer } from './urgent-care-services.form.ts'

type OfferedRow = {
  readonly field: string
  readonly label: string
  readonly lines: readonly string[]
  /** Where its hours, booking link and dates are changed; null where there is nothing to change. */
  readonly details: string | null
}
type GroupView = {
  readonly heading: string
  readonly offered: readonly OfferedRow[]
  readonly refused: readonly string[]
  readonly unanswered: readonly string[]
}
type ServicesView = SectionView & {
  readonly groups: readonly GroupView[]
  readonly answered: boolean
  readonly urgentCare: string
}
type ServicesForm = FormPage & {
  readonly groups: readonly { readonly heading: string; readonly id: string; readonly questions: readonly Question[] }[]
  readonly urgentCare: string
}

/** A service as a form asks about it. */
export type Question = {
  readonly field: string
  readonly label: string
  readonly hint: string
  readonly chosen: string
}

const render = template<ServicesView>('profiles/pages/services.njk')
const renderForm = template<ServicesForm>('profiles/pages/services-change.njk')

/** Mounts the section and the form of its list. */
export function servicesPages(app: FastifyInstance, deps: ManageDeps): void {
  app.get('/manage/:odsCode/services', async (request, reply) => {
    const seen = await visit(deps, request, 'view-profile')
    const { profile } = seen.stored
    const answered = hasAnswers(profile.services)
    const view = await sectionView(deps.db.pool, seen, 'services', request.query)
    return render(reply, {
      ...view,
      groups: SERVICE_GROUPS.map((group) => groupView(group, profile, view)).filter((group) => group !== null),
      answered,
      urgentCare: urgentCareAddress(seen.odsCode),
      problems: refusedConfirmation(request.query, answered),
    })
  })
  editingPages(app, deps, servicesEditor)
}

const refusedConfirmation = (query: unknown, answered: boolean): readonly Problem[] =>
  (query as { confirm?: unknown }).confirm === 'refused' && !answered
    ? [{ field: 'unanswered', code: 'missing', message: 'Tell us which services you offer before you confirm them' }]
    : []

const urgentCareAddress = (odsCode: string): string => `/manage/${odsCode}/urgent-care-services`

/** Null when the pharmacy is not asked about any service of the group. */
function groupView(group: ServiceGroup, profile: Profile, { odsCode, mayEdit }: SectionView): GroupView | null {
  const kinds = askedServices(profile).filter((kind) => kind.group === group)
  if (kinds.length === 0) return null
  const answerOf = ({ code }: OfferedServiceKind) => profile.services?.[code]
  const labels = (wanted: (answer: ServiceAnswer | undefined) => boolean) =>
    kinds.filter((kind) => wanted(answerOf(kind))).map(({ label }) => label)
  return {
    heading: SERVICE_GROUP_LABELS[group],
    offered: kinds.flatMap((kind) => {
      const answer = answerOf(kind)
      return answer?.offered
        ? [offeredRow(kind, answer, profile.kind, mayEdit ? detailsAddress(odsCode, kind) : null)]
        : []
    }),
    refused: labels((answer) => answer?.offered === false),
    unanswered: labels((answer) => answer === undefined),
  }
}

function offeredRow(
  kind: OfferedServiceKind,
  answer: ServiceAnswer,
  of: ProfileKind,
  details: string | null,
): OfferedRow {
  const reason = onSiteReason(of, kind)
  return {
    field: serviceField(kind.code),
    label: kind.label,
    lines: [...detailLines(answer), ...(reason ? [reason] : [])],
    details: reason ? null : details,
  }
}

/** Where the hours, booking link and dates of a service are changed. */
export const detailsAddress = (odsCode: string, { code, stock }: OfferedServiceKind): string =>
  stock ? `${urgentCareAddress(odsCode)}/change` : `/manage/${odsCode}/services/${code}/change`

/** The questions of a form, in the order of the list. */
export const questionsOf = (kinds: readonly OfferedServiceKind[], fields: Fields): readonly Question[] =>
  kinds.map(({ code, label, line }) => {
    const field = serviceField(code)
    return { field, label, hint: line, chosen: rawIn(fields, field) }
  })

/** The profile with these answers; what was said of a service that is offered as before stays. */
export function decideOffers(
  profile: Profile,
  offers: OfferAnswers,
  edit: Parameters<typeof decideSetServices>[2],
  stock: Readonly<Record<string, StockAnswer>> = {},
) {
  const answers = Object.entries(offers).map(([code, offered]) => {
    const before = profile.services?.[code]
    const answer = before?.offered === offered ? before : { ...NOT_OFFERED, offered }
    return [code, stock[code] ? withStock(answer, stock[code]) : answer] as const
  })
  const decided = decideSetServices(profile, Object.fromEntries(answers), edit)
  return decided.ok ? decided : { ok: false as const, problems: inListFields(decided.problems) }
}

/** What was said of the stock before gives way to what is said now, silence about its list included. */
const withStock = ({ stockCheckedOn: _on, stockList: _list, ...answer }: ServiceAnswer, stock: StockAnswer) => ({
  ...answer,
  ...stock,
})

/** What a "no" takes with it. */
export const lostDetails = (before: Profile, after: Profile, kinds: readonly OfferedServiceKind[]): readonly string[] =>
  kinds.flatMap(({ code, label }) => {
    const was = before.services?.[code]
    const isLost = was?.offered && after.services?.[code]?.offered === false && detailLines(was).length > 0
    return isLost ? [`What you said about ${label} goes with it: ${detailLines(was).join('; ')}.`] : []
  })

const servicesEditor: Editor<OfferAnswers> = {
  kind: 'services',
  section: 'services',
  permission: 'edit-services',
  path: 'services/change',
  historyName: 'set-services',
  checkTitle: 'Check your services',
  open: ({ stored: { profile } }) => offerFields(profile.services, listedKinds(profile)),
  press: (fields, button, { stored: { profile } }) => offersFormAfter(fields, button, listedKinds(profile)),
  parse: (fields, base) => parseOffersForm(fields, listedKinds(base)),
  decide: decideOffers,
  differences: (before, after) => {
    const kinds = listedKinds(after)
    return differencesBetween(statedOffers(before, kinds), statedOffers(after, kinds))
  },
  notes: (before, after) => [...lostDetails(before, after, listedKinds(after)), ...stillOpen(after)],
  publicView: () => [],
  effects: directoryEffects,
  afterwards: ({ odsCode }) => `/manage/${odsCode}/services`,
  disputes: (base, mine, theirs) => {
    const kinds = listedKinds(theirs)
    return disputesBetween(statedOffers(base, kinds), statedOffers(mine, kinds), statedOffers(theirs, kinds))
  },
  settleDisputes: (fields, theirs, takeTheirs) => {
    const their = offerFields(theirs.services, listedKinds(theirs))
    return { ...fields, ...Object.fromEntries([...takeTheirs].map((field) => [field, their[field] ?? ''])) }
  },
  show: (reply, view) => {
    const kinds = listedKinds(view.edit.stored.profile)
    return renderForm(reply, {
      ...formPage(servicesEditor, view, 'Change services'),
      groups: SERVICE_GROUPS.map((group) => ({
        heading: SERVICE_GROUP_LABELS[group],
        id: group,
        questions: questionsOf(
          kinds.filter((kind) => kind.group === group),
          view.fields,
        ),
      })).filter(({ questions }) => questions.length > 0),
      urgentCare: urgentCareAddress(view.edit.odsCode),
    })
  },
}

/** That there is more to say is worth a word once the list is through. */
function stillOpen(after: Profile): readonly string[] {
  const { unanswered } = countOffers({ ...after, services: after.services ?? {} })
  const urgent = askedServices(after).filter((kind) => isUrgentCare(kind) && !after.services?.[kind.code]).length
  if (unanswered === 0) return []
  const where = urgent === unanswered ? ' They are on the page of urgent care services.' : ''
  return [`${unanswered} service${unanswered === 1 ? ' is' : 's are'} not answered yet.${where}`]
}
