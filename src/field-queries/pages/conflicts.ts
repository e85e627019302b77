/** `/workspace/conflicts`: values that nobody has decided about; and proposing one. Views: conflicts.njk, value.njk, new-proposal.njk */
import type { FastifyInstance } from 'fastify'
import type { ChosenArea } from '#src/directory/area-choices.ts'
import { NotFound } from '#src/platform/errors.ts'
import { type Fields, fieldsOf, lineIn, rawIn } from '#src/platform/http/form-fields.ts'
import { template } from '#src/platform/views.ts'
import { fieldLabel } from '#src/profiles/held-field-words.ts'
import { valueOfField } from '#src/profiles/held-fields.ts'
import { loadNames } from '#src/profiles/names-and-moments.ts'
import { narrowScope } from '#src/profiles/narrow-scope.ts'
import { type ProposalInput, parseProposedValue, parseWords, proposalInputs } from '#src/profiles/proposed-values.ts'
import type { HeldField } from '#src/rules/asked-fields.ts'
import { londonDateOf } from '#src/rules/london-time.ts'
import { accepted, type Problem, type Result, refused } from '#src/rules/problems.ts'
import { countUndecided, loadUndecidedIn, loadValue, proposeValue, VALUES_SHOWN } from '../values.ts'
import {
  type About,
  type AboutView,
  aboutIn,
  aboutView,
  type FieldPagesDeps,
  HELD,
  idIn,
  leadOf,
  pageIn,
} from './lead-pages.ts'
import { LONGEST_SHORT_WORDS } from './query.form.ts'
import type { Row } from './query-words.ts'
import { decideFrom, showValue } from './value-page.ts'
import { valueRow } from './value-words.ts'

type ListView = {
  readonly title: string
  readonly banner: string | null
  readonly chosen: ChosenArea
  /** Of all pages. */
  readonly total: number
  readonly isPaged: boolean
  readonly previous: string | null
  readonly next: string | null
  readonly groups: readonly { readonly heading: string; readonly nothing: string; readonly rows: readonly Row[] }[]
}
type NewView = {
  readonly title: string
  readonly action: string
  readonly about: AboutView
  readonly heading: string
  readonly inputs: readonly (ProposalInput & { readonly typed: string })[]
  readonly version: number
  readonly longest: number
  readonly notice: string | null
  readonly fields: Fields
  readonly problems: readonly Problem[]
}

const PATH = '/workspace/conflicts'
const NEW = { title: 'Propose a value', action: '/workspace/proposals/new', back: PATH, fields: HELD }
const BACK = { text: 'Conflicts and proposals', href: PATH }
const renderList = template<ListView>('field-queries/pages/conflicts.njk')
const renderNew = template<NewView>('field-queries/pages/new-proposal.njk')

const BANNERS: Readonly<Record<string, string>> = {
  proposed: 'The pharmacy has your proposal. Its editors are told by email.',
  take: 'Let through. The public page and the Directory of Services show it now.',
  leave: 'Withdrawn. The pharmacy is told.',
}

/** Mounts the pages. */
export function conflictsPages(app: FastifyInstance, deps: FieldPagesDeps): void {
  const { db } = deps
  app.get(PATH, async (request, reply) => {
    const asked = fieldsOf(request.query)
    const { chosen, scope } = await narrowScope(db.pool, leadOf(request).scope, lineIn(asked, 'area'))
    const page = pageIn(asked)
    const total = await countUndecided(db.pool, scope)
    const values = await loadUndecidedIn(db.pool, scope, page)
    const addressOf = (to: number): string =>
      `${PATH}?${new URLSearchParams({ ...(chosen.area ? { area: chosen.area } : {}), page: String(to) })}`
    const nameOf = await loadNames(
      db.pool,
      values.map(({ person }) => person),
    )
    const rows = (test: (value: (typeof values)[number]) => boolean) =>
      values.filter(test).map((value) => valueRow(value, 'lead', nameOf))
    return renderList(reply, {
      title: 'Conflicts, waiting changes and proposals',
      banner: BANNERS[rawIn(asked, 'done')] ?? null,
      chosen,
      total,
      isPaged: total > VALUES_SHOWN,
      previous: page > 1 ? addressOf(page - 1) : null,
      next: page * VALUES_SHOWN < total ? addressOf(page + 1) : null,
      groups: [
        {
          heading: 'Two values to choose from',
          nothing: 'No two values disagree.',
          rows: rows(({ state }) => state === 'conflict'),
        },
        {
          heading: 'Changes that wait for a hold to end',
          nothing: 'Nothing waits.',
          rows: rows(({ state, kind }) => state === 'open' && kind === 'waiting'),
        },
        {
          heading: 'Proposals without an answer',
          nothing: 'No proposal is open.',
          rows: rows(({ state, kind }) => state === 'open' && kind === 'proposal'),
        },
      ],
    })
  })
  app.get(`${PATH}/:id`, async (request, reply) => {
    const { scope } = leadOf(request)
    const value = await loadValue(db.pool, idIn(request, 'value'), scope)
    if (!value) throw new NotFound('There is no such value in your areas')
    return showValue(deps, reply, value, { side: 'lead', back: BACK })
  })
  app.post(`${PATH}/:id`, async (request, reply) => {
    const { scope, actor } = leadOf(request)
    const id = idIn(request, 'value')
    const value = await loadValue(db.pool, id, scope)
    if (!value) throw new NotFound('There is no such value in your areas')
    const again = () => loadValue(db.pool, id, scope)
    const fields = fieldsOf(request.body)
    const chosen = await decideFrom(deps, reply, { actor, value, side: 'lead', back: BACK, fields, again })
    return chosen ? reply.redirect(`${PATH}?done=${chosen}`, 303) : reply
  })
  newProposalPage(app, deps)
}

function newProposalPage(app: FastifyInstance, deps: FieldPagesDeps): void {
  const { clock, holidays } = deps
  const contextNow = () => ({ today: londonDateOf(clock.now()), holidays: holidays() })
  const view = (about: About<HeldField>, more: Pick<NewView, 'fields' | 'problems' | 'notice'>): NewView => ({
    ...more,
    ...{ title: NEW.title, action: NEW.action, about: aboutView(about, holidays()), longest: LONGEST_SHORT_WORDS },
    heading: fieldLabel(about.field, about.stored.profile.kind),
    inputs: proposalInputs(about.stored.profile, about.field, contextNow()).map((input) => ({
      ...input,
      typed: more.fields[input.name] ?? input.value,
    })),
    version: about.stored.version,
  })
  app.get(NEW.action, async (request, reply) => {
    const { scope } = leadOf(request)
    const about = await aboutIn(deps, reply, scope, fieldsOf(request.query), NEW)
    return about ? renderNew(reply, view(about, { fields: {}, problems: [], notice: null })) : reply
  })
  app.post(NEW.action, async (request, reply) => {
    const { scope, actor } = leadOf(request)
    const fields = fieldsOf(request.body)
    const about = await aboutIn(deps, reply, scope, fields, NEW)
    if (!about) return reply
    const { stored, field } = about
    const read = parseProposal(about, fields, contextNow())
    if (!read.ok) return renderNew(reply.code(422), view(about, { fields, problems: read.problems, notice: null }))
    const base = valueOfField(stored.profile, field)
    const { outcome } = await proposeValue(deps, actor, { odsCode: stored.profile.odsCode, field, base, ...read.value })
    if (outcome === 'proposed') return reply.redirect(`${PATH}?done=proposed`, 303)
    return renderNew(reply.code(409), view(about, { fields, problems: [], notice: NOT_PROPOSED[outcome] }))
  })
}

const NOT_PROPOSED = {
  changed: 'The pharmacy changed this field while you were writing. Read what it says now, then propose again.',
  'proposed-already':
    'You have proposed a value for this field already, and nobody has decided about it. Withdraw that one first.',
} as const

function parseProposal(
  { stored, field }: About<HeldField>,
  fields: Fields,
  context: Parameters<typeof parseProposedValue>[3],
): Result<{ readonly asked: unknown; readonly reason: string }> {
  const value = parseProposedValue(stored.profile, field, fields, context)
  const missing = 'Enter why the value is right'
  const reason = parseWords(fields, 'reason', { label: 'Your reason', longest: LONGEST_SHORT_WORDS, missing })
  if (value.ok && reason.ok) return accepted({ asked: value.value, reason: reason.value })
  return refused(...(value.ok ? [] : value.problems), ...(reason.ok ? [] : reason.problems))
}
