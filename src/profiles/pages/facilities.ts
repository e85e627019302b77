/** `/manage/:odsCode/facilities`: read, confirm, change. Views: facilities.njk, facilities-change.njk */
import type { FastifyInstance } from 'fastify'
import { template } from '#src/platform/views.ts'
import { decideSetFacilities, LONGEST_FACILITY_NOTE } from '#src/profiles/decide-services.ts'
import type { Profile } from '#src/profiles/profile.ts'
import { askedFacilities } from '#src/profiles/remote-offers.ts'
import { hasAnswers } from '#src/profiles/sections-due.ts'
import { type ManageDeps, visit } from '#src/profiles/visit.ts'
import { FACILITY_GROUP_LABELS, FACILITY_GROUPS, type FacilityGroup, type FacilityKind } from '#src/rules/facilities.ts'
import type { Problem } from '#src/rules/problems.ts'
import type { Editor } from './editing.ts'
import { editingPages } from './editing-pages.ts'
import {
  type FacilityAnswers,
  facilityField,
  facilityFields,
  measureField,
  noteField,
  parseFacilitiesForm,
  withFacilityFrom,
} from './facilities.form.ts'
import { facilityInWords, statedFacilities } from './facility-words.ts'
import { type Fields, rawIn } from './fields.ts'
import { type FormPage, formPage } from './form-page.ts'
import { type SectionView, sectionView } from './section-view.ts'
import type { Question } from './services.ts'
import { differencesBetween, disputesBetween } from './stated.ts'

type GroupView = {
  readonly heading: string
  readonly rows: readonly { readonly label: string; readonly text: string }[]
  readonly notStated: readonly string[]
}
type FacilitiesView = SectionView & { readonly groups: readonly GroupView[]; readonly answered: boolean }
type FacilityQuestion = Question & {
  readonly measureField: string
  readonly noteField: string
  readonly measure: { readonly label: string; readonly unit: string; readonly hint: string } | null
}
type FacilitiesForm = FormPage & {
  readonly groups: readonly {
    readonly heading: string
    readonly id: string
    readonly questions: readonly FacilityQuestion[]
  }[]
  readonly longestNote: number
}

const render = template<FacilitiesView>('profiles/pages/facilities.njk')
const renderForm = template<FacilitiesForm>('profiles/pages/facilities-change.njk')

/** Mounts the section and its edit. */
export function facilitiesPages(app: FastifyInstance, deps: ManageDeps): void {
  app.get('/manage/:odsCode/facilities', async (request, reply) => {
    const seen = await visit(deps, request, 'view-profile')
    const { profile } = seen.stored
    const answered = hasAnswers(profile.facilities)
    return render(reply, {
      ...(await sectionView(deps.db.pool, seen, 'facilities', request.query)),
      groups: FACILITY_GROUPS.map((group) => groupView(group, profile)).filter((group) => group !== null),
      answered,
      problems: refusedConfirmation(request.query, answered),
    })
  })
  editingPages(app, deps, facilitiesEditor)
}

const refusedConfirmation = (query: unknown, answered: boolean): readonly Problem[] =>
  (query as { confirm?: unknown }).confirm === 'refused' && !answered
    ? [{ field: 'unanswered', code: 'missing', message: 'Tell us about your facilities before you confirm them' }]
    : []

/** Null when the pharmacy is not asked about any facility of the group. */
function groupView(group: FacilityGroup, profile: Profile): GroupView | null {
  const kinds = askedFacilities(profile).filter((kind) => kind.group === group)
  if (kinds.length === 0) return null
  const values = kinds.map((kind) => ({
    label: kind.label,
    text: facilityInWords(kind, profile.facilities?.[kind.id]),
  }))
  return {
    heading: FACILITY_GROUP_LABELS[group],
    rows: values.flatMap(({ label, text }) => (text === null ? [] : [{ label, text }])),
    notStated: values.filter(({ text }) => text === null).map(({ label }) => label),
  }
}

const facilitiesEditor: Editor<FacilityAnswers> = {
  kind: 'facilities',
  section: 'facilities',
  permission: 'edit-facilities',
  path: 'facilities/change',
  historyName: 'set-facilities',
  checkTitle: 'Check your facilities',
  open: ({ stored: { profile } }) => facilityFields(profile.facilities, askedFacilities(profile)),
  press: () => undefined,
  parse: (fields, base) => parseFacilitiesForm(fields, askedFacilities(base), base.facilities),
  decide: decideSetFacilities,
  differences: (before, after) =>
    differencesBetween(statedFacilities(before), statedFacilities(after)).map((difference) => ({
      ...difference,
      after: difference.after ?? 'Not stated',
    })),
  notes: () => [],
  publicView: () => [],
  disputes: (base, mine, theirs) =>
    disputesBetween(statedFacilities(base), statedFacilities(mine), statedFacilities(theirs)).map((dispute) => ({
      ...dispute,
      mine: dispute.mine ?? 'Not stated',
      theirs: dispute.theirs ?? 'Not stated',
    })),
  settleDisputes: (fields, theirs, takeTheirs) => {
    const their = facilityFields(theirs.facilities, askedFacilities(theirs))
    return askedFacilities(theirs)
      .filter(({ id }) => takeTheirs.has(facilityField(id)))
      .reduce((kept, { id }) => withFacilityFrom(kept, their, id), fields)
  },
  show: (reply, view) =>
    renderForm(reply, {
      ...formPage(facilitiesEditor, view, 'Change facilities'),
      groups: FACILITY_GROUPS.map((group) => ({
        heading: FACILITY_GROUP_LABELS[group],
        id: group,
        questions: askedFacilities(view.edit.stored.profile)
          .filter((kind) => kind.group === group)
          .map((kind) => questionOf(kind, view.fields)),
      })).filter(({ questions }) => questions.length > 0),
      longestNote: LONGEST_FACILITY_NOTE,
    }),
}

const questionOf = ({ id, label, hint, measure }: FacilityKind, fields: Fields): FacilityQuestion => ({
  field: facilityField(id),
  label,
  hint,
  chosen: rawIn(fields, facilityField(id)),
  measureField: measureField(id),
  noteField: noteField(id),
  measure: measure && {
    label: measure.label,
    unit: measure.unit,
    hint: `A whole number from ${measure.min} to ${measure.max}.`,
  },
})
