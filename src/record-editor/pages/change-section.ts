/** `/workspace/services/:uid/change/:section`: the form of a section, kept in the reader's draft. View: change-section.njk */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Forbidden, NotFound } from '#src/platform/errors.ts'
import type { Fields } from '#src/platform/http/form-fields.ts'
import { template } from '#src/platform/views.ts'
import type { Problem } from '#src/rules/problems.ts'
import { amendEdit } from '../amend-edit.ts'
import type { ServicePatch } from '../service-edit.ts'
import { captionOf } from './record-view.ts'
import { type FormContext, flatInputs, formFieldsOf, type Input, type Section } from './section.ts'
import { sectionOf } from './sections.ts'
import { APPROVALS, addressOf, type EditorDeps, loadSubject, SERVICES, type Subject } from './subject.ts'

type View = {
  readonly title: string
  readonly caption: string
  readonly intro: string
  readonly action: string
  readonly back: string
  readonly inputs: readonly Input[]
  readonly fields: Fields
  readonly problems: readonly Problem[]
}

const PATH = `${SERVICES}/:uid/change/:section`
const render = template<View>('record-editor/pages/change-section.njk')

/** Mounts the forms. */
export function changeSectionPages(app: FastifyInstance, deps: EditorDeps): void {
  app.get(PATH, async (request, reply) => {
    const opened = await openSection(deps, request)
    if (isElsewhere(opened.subject)) return toItsPage(reply, opened.subject)
    return show(reply, opened, { fields: opened.section.fill(opened.context), problems: [] })
  })

  app.post(PATH, async (request, reply) => {
    const opened = await openSection(deps, request)
    const { subject, section, context } = opened
    if (isElsewhere(subject)) return toItsPage(reply, subject)
    const inputs = section.inputs(section.fill(context), context)
    const prose = flatInputs(inputs).filter(({ kind }) => kind === 'prose')
    const fields = formFieldsOf(
      request.body,
      prose.map(({ name }) => name),
    )
    const parsed = section.parse(withOwned(fields, opened), context)
    if (!parsed.ok) return show(reply.code(422), opened, { fields, problems: parsed.problems })
    const patch = ownFields(parsed.value, subject)
    const outcome = await amendEdit(deps, subject.actor, { of: subject.of, patch })
    if (outcome.outcome === 'not-a-draft') return reply.redirect(`${APPROVALS}/${outcome.edit.id}`, 303)
    if (outcome.outcome === 'saved') return reply.redirect(addressOf(subject, 'check'), 303)
    const problems = outcome.problems.map((each) => ({ ...each, field: section.boxes[each.field] ?? each.field }))
    return show(reply.code(422), opened, { fields, problems })
  })
}

/** What the reader has sent, or must choose about, is not a draft: they take it back first. */
const isElsewhere = ({ edit }: Subject): boolean => edit !== undefined && edit.state !== 'draft'
const toItsPage = (reply: FastifyReply, { edit }: Subject) => reply.redirect(`${APPROVALS}/${edit?.id}`, 303)

type Opened = { readonly subject: Subject; readonly section: Section; readonly context: FormContext }

async function openSection(deps: EditorDeps, request: FastifyRequest): Promise<Opened> {
  const subject = await loadSubject(deps, request)
  const section = sectionOf((request.params as { readonly section: string }).section)
  if (!section) throw new NotFound('A record has no such section')
  if (section.fields.every((field) => subject.owner.readOnly.has(field))) {
    throw new Forbidden(
      'The pharmacy says this in its profile. Ask the pharmacy',
      'The pharmacy says this in its profile, and only people with access to that profile change it. Ask the pharmacy.',
    )
  }
  const context: FormContext = {
    shown: subject.shown,
    now: subject.held.record,
    isNew: subject.held.record.uid === 0,
    reference: deps.reference(),
    gazetteer: deps.gazetteer,
  }
  return { subject, section, context }
}

/** Boxes of fields that the pharmacy owns are not shown, and keep what they say. */
const ownedBoxes = ({ subject, section }: Opened): ReadonlySet<string> =>
  new Set(
    section.fields.filter((field) => subject.owner.readOnly.has(field)).map((field) => section.boxes[field] ?? field),
  )

function withOwned(fields: Fields, opened: Opened): Fields {
  const filled = opened.section.fill(opened.context)
  const kept = [...ownedBoxes(opened)].map((name) => [name, filled[name] ?? ''] as const)
  return { ...fields, ...Object.fromEntries(kept) }
}

const ownFields = (patch: ServicePatch, { owner }: Subject): ServicePatch =>
  Object.fromEntries(Object.entries(patch).filter(([field]) => !owner.readOnly.has(field)))

function show(
  reply: FastifyReply,
  opened: Opened,
  { fields, problems }: { readonly fields: Fields; readonly problems: readonly Problem[] },
) {
  const { subject, section, context } = opened
  const owned = ownedBoxes(opened)
  const inputs = section.inputs(fields, context).filter((input) => input.kind === 'group' || !owned.has(input.name))
  return render(reply, {
    title: section.title,
    caption: captionOf(subject.shown),
    intro: section.intro ?? '',
    action: addressOf(subject, `change/${section.key}`),
    back: addressOf(subject),
    inputs,
    fields,
    problems,
  })
}
