/** `/workspace/services/:uid`: the whole record in words, section by section, and who owns what. View: record.njk */
import type { FastifyInstance } from 'fastify'
import { editReference } from '#src/emails/record-edit-told.ts'
import { fieldsOf, rawIn } from '#src/platform/http/form-fields.ts'
import { template } from '#src/platform/views.ts'
import { formatMomentIn, loadNames } from '#src/profiles/names-and-moments.ts'
import { nameOf } from '#src/rules/change-lines.ts'
import { pharmacyCodeOf } from '#src/rules/ods-code.ts'
import { stageName } from '#src/rules/service-lifecycle.ts'
import { TOPICS } from '../clinical/clinical-topics.ts'
import { profileOfRecord } from '../clinical-check.ts'
import type { ServiceEdit } from '../service-edit.ts'
import { loadStatusHistory, type StatusStep } from '../status-history.ts'
import { type FactLine, factsOf } from './record-view.ts'
import type { Section } from './section.ts'
import { SECTIONS } from './sections.ts'
import { APPROVALS, addressOf, type EditorDeps, loadSubject, SERVICES, type Subject } from './subject.ts'

type SectionView = {
  readonly title: string
  /** What the directory team says, and may change. */
  readonly own: readonly FactLine[]
  /** What the pharmacy says. */
  readonly theirs: readonly FactLine[]
  /** Where it is changed; null when nothing of it is the directory team's, or a change is with somebody else. */
  readonly change: string | null
}
type OpenEdit = { readonly href: string; readonly text: string }
type View = {
  readonly title: string
  readonly caption: string
  readonly status: string
  readonly banner: string | null
  /** The pharmacy whose profile speaks for part of it. */
  readonly pharmacy: { readonly odsCode: string; readonly profile: string } | null
  readonly sections: readonly SectionView[]
  readonly clinical: readonly FactLine[]
  readonly clinicalAddress: string
  readonly steps: readonly string[]
  /** What everybody was told about it at any moment; null for one that is being made. */
  readonly asTold: string | null
  readonly draft: { readonly check: string; readonly fields: string } | null
  readonly elsewhere: OpenEdit | null
  readonly others: readonly OpenEdit[]
  readonly isNew: boolean
}

const BANNERS: Readonly<Record<string, string>> = {
  published: 'Published. Searches and every page show it now.',
  discarded: 'Your changes are thrown away. The record is as it was.',
}
const STATES: Readonly<Record<string, string>> = {
  draft: 'is changing',
  waiting: 'has sent a change, which waits for a second person, of',
  conflict: 'has a change in conflict, of',
}

const render = template<View>('record-editor/pages/record.njk')

/** Mounts the page. */
export function recordPage(app: FastifyInstance, deps: EditorDeps): void {
  app.get(`${SERVICES}/:uid`, async (request, reply) => {
    const subject = await loadSubject(deps, request)
    const { held, others, shown } = subject
    const reference = deps.reference()
    const isNew = held.record.uid === 0
    const history = isNew ? [] : await loadStatusHistory(deps.db.pool, held.record.uid)
    const people = [...history.map(({ actor }) => actor), ...others.map(({ author }) => author)]
    const nameOfPerson = await loadNames(deps.db.pool, people)
    const clinicalProfile = profileOfRecord(shown)
    return render(reply, {
      title: shown.name || 'New service',
      caption: isNew ? 'A service that is being made' : `Service ${held.record.uid}`,
      status: isNew ? stageName('DRAFT') : stageName(held.record.status),
      banner: BANNERS[rawIn(fieldsOf(request.query), 'done')] ?? null,
      pharmacy: pharmacyView(subject),
      sections: SECTIONS.map((section) => sectionView(section, subject, reference)),
      clinical: TOPICS.map((topic) => ({ what: topic.title, text: topic.say(clinicalProfile, reference) })),
      clinicalAddress: addressOf(subject, 'clinical'),
      steps: history.map((step) => stepInWords(step, nameOfPerson)),
      asTold: isNew ? null : `/workspace/as-told?uid=${held.record.uid}`,
      ...ownEdit(subject),
      others: others.map((one) => otherEdit(one, nameOfPerson)),
      isNew,
    })
  })
}

/** The pharmacy that says part of the record: whose profile reaches it, or would if it were given. */
function pharmacyView({ owner, shown }: Subject): View['pharmacy'] {
  const code = owner.profileOds ?? (owner.readOnly.size > 0 ? shown.odsCode : null)
  if (code === null) return null
  const odsCode = pharmacyCodeOf(code)
  return { odsCode, profile: `/manage/${odsCode}` }
}

function ownEdit(subject: Subject): Pick<View, 'draft' | 'elsewhere'> {
  const { edit } = subject
  if (!edit) return { draft: null, elsewhere: null }
  const fields = fieldNames(Object.keys(edit.proposed))
  if (edit.state === 'draft') return { draft: { check: addressOf(subject, 'check'), fields }, elsewhere: null }
  return { draft: null, elsewhere: { href: `${APPROVALS}/${edit.id}`, text: `${editReference(edit.id)}: ${fields}` } }
}

const otherEdit = (
  { id, author, state, proposed }: ServiceEdit,
  nameOfPerson: (actor: string) => string,
): OpenEdit => ({
  href: `${APPROVALS}/${id}`,
  text: `${nameOfPerson(author)} ${STATES[state] ?? ''} ${fieldNames(Object.keys(proposed)) || 'nothing yet'}`,
})

function stepInWords({ at, status, actor, reason }: StatusStep, nameOfPerson: (actor: string) => string): string {
  const words = `${stageName(status)} from ${formatMomentIn(at)}, by ${nameOfPerson(actor)}`
  return reason ? `${words}: ${reason}` : words
}

/** `Name, public name, address`, the point of an address left out. */
export const fieldNames = (fields: readonly string[]): string =>
  fields
    .filter(
      (field) => !['easting', 'northing', 'latitude', 'longitude'].includes(field) || !fields.includes('postcode'),
    )
    .map((field, index) => (index === 0 ? nameOf(field) : lowerFirst(nameOf(field))))
    .join(', ')

const lowerFirst = (text: string): string =>
  /^[A-Z][a-z]/.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text

function sectionView(section: Section, subject: Subject, reference: ReturnType<EditorDeps['reference']>): SectionView {
  const { owner, shown, edit } = subject
  const isTheirs = (field: string) => owner.readOnly.has(field)
  const own = section.fields.filter((field) => !isTheirs(field))
  const isWithSomebody = edit !== undefined && edit.state !== 'draft'
  return {
    title: section.title,
    own: factsOf(shown, own, reference),
    theirs: factsOf(shown, section.fields.filter(isTheirs), reference),
    change: own.length === 0 || isWithSomebody ? null : addressOf(subject, `change/${section.key}`),
  }
}
