/** `/workspace/queries`: what was asked of pharmacies, one query with its thread, and a new one. Views: queries.njk, query.njk, new-query.njk */
import type { FastifyInstance, FastifyReply } from 'fastify'
import type { ChosenArea } from '#src/directory/area-choices.ts'
import { queryReference } from '#src/emails/field-query.ts'
import { NotFound } from '#src/platform/errors.ts'
import { type Fields, fieldsOf, lineIn, rawIn } from '#src/platform/http/form-fields.ts'
import { template } from '#src/platform/views.ts'
import { fieldLabel } from '#src/profiles/held-field-words.ts'
import { narrowScope } from '#src/profiles/narrow-scope.ts'
import { QUERY_OUTCOMES } from '#src/rules/asked-fields.ts'
import { formatDateShort } from '#src/rules/clock-time.ts'
import { londonDateOf } from '#src/rules/london-time.ts'
import type { Problem } from '#src/rules/problems.ts'
import {
  countQueries,
  loadQueries,
  loadQuery,
  QUERIES_SHOWN,
  QUERY_SHOWS,
  type Query,
  type QueryShow,
} from '../queries.ts'
import { askPharmacy, takeQueryStep } from '../save-query.ts'
import { type AboutView, ASKED, aboutIn, aboutView, type FieldPagesDeps, idIn, leadOf } from './lead-pages.ts'
import {
  LONGEST_SHORT_WORDS,
  LONGEST_WORDS,
  newQueryFields,
  parseLeadStep,
  parseNewQuery,
  replyFields,
  turnsIn,
} from './query.form.ts'
import { type MessageView, queryRow, queryTag, queryThread, type Row, type Tag } from './query-words.ts'

type ListView = {
  readonly title: string
  readonly banner: string | null
  readonly chosen: ChosenArea
  readonly show: QueryShow
  readonly filters: readonly { readonly text: string; readonly address: string; readonly isShown: boolean }[]
  readonly rows: readonly Row[]
  readonly previous: string | null
  readonly next: string | null
}
type QueryView = {
  readonly title: string
  readonly reference: string
  readonly pharmacy: string
  readonly ods: string
  readonly field: string
  readonly action: string
  readonly tag: Tag
  readonly replyBy: string
  readonly ifNoReply: string
  readonly messages: readonly MessageView[]
  readonly closed: string | null
  readonly turns: number
  readonly outcomes: readonly { readonly value: string; readonly text: string }[]
  readonly longest: number
  readonly notice: string | null
  readonly banner: string | null
  readonly fields: Fields
  readonly problems: readonly Problem[]
}
type NewView = {
  readonly title: string
  readonly action: string
  readonly about: AboutView
  readonly uid: string
  readonly longest: number
  readonly longestShort: number
  readonly fields: Fields
  readonly problems: readonly Problem[]
}

const PATH = '/workspace/queries'
const NEW = { title: 'Ask a pharmacy', action: `${PATH}/new`, back: PATH, fields: ASKED }
const renderList = template<ListView>('field-queries/pages/queries.njk')
const renderOne = template<QueryView>('field-queries/pages/query.njk')
const renderNew = template<NewView>('field-queries/pages/new-query.njk')

const FILTERS: Readonly<Record<QueryShow, string>> = {
  lead: 'Answered',
  overdue: 'Overdue',
  pharmacy: 'Waiting for an answer',
  closed: 'Closed',
}
const BANNERS: Readonly<Record<string, string>> = {
  asked: 'The pharmacy is asked. We have told its editors by email.',
  unread: 'The question is kept. Nobody at this pharmacy can be reached by email yet, so ring them too.',
  closed: 'The question is closed. The pharmacy is told.',
  said: 'Sent. The pharmacy is told by email.',
}

/** Mounts the pages. */
export function queriesPages(app: FastifyInstance, deps: FieldPagesDeps): void {
  listPage(app, deps)
  newQueryPage(app, deps)
  queryPage(app, deps)
}

function listPage(app: FastifyInstance, { db, clock }: FieldPagesDeps): void {
  app.get(PATH, async (request, reply) => {
    const asked = fieldsOf(request.query)
    const { chosen, scope } = await narrowScope(db.pool, leadOf(request).scope, lineIn(asked, 'area'))
    const area = chosen.area === undefined ? '' : `&${new URLSearchParams({ area: chosen.area })}`
    const page = /^[1-9]\d{0,3}$/.test(rawIn(asked, 'page')) ? Number(rawIn(asked, 'page')) : 1
    const today = londonDateOf(clock.now())
    const { forLead, forPharmacy, overdue } = await countQueries(db.pool, scope, today)
    const counts: Readonly<Partial<Record<QueryShow, number>>> = { lead: forLead, overdue, pharmacy: forPharmacy }
    // Whoever asks for nothing special sees the first list that has something in it.
    const busiest = QUERY_SHOWS.find((each) => (counts[each] ?? 0) > 0) ?? 'lead'
    const show = QUERY_SHOWS.find((each) => each === rawIn(asked, 'show')) ?? busiest
    const { queries, total } = await loadQueries(db.pool, { scope, show, today, page })
    return renderList(reply, {
      title: 'Questions to pharmacies',
      banner: BANNERS[rawIn(asked, 'done')] ?? null,
      chosen,
      show,
      filters: QUERY_SHOWS.map((each) => ({
        text: counts[each] === undefined ? FILTERS[each] : `${FILTERS[each]} (${counts[each]})`,
        address: `${PATH}?show=${each}${area}`,
        isShown: each === show,
      })),
      rows: queries.map((query) => queryRow(query, today, 'lead')),
      previous: page > 1 ? `${PATH}?show=${show}${area}&page=${page - 1}` : null,
      next: page * QUERIES_SHOWN < total ? `${PATH}?show=${show}${area}&page=${page + 1}` : null,
    })
  })
}

function newQueryPage(app: FastifyInstance, deps: FieldPagesDeps): void {
  const uidIn = (fields: Fields) => (/^[1-9]\d{0,9}$/.test(lineIn(fields, 'uid')) ? lineIn(fields, 'uid') : '')
  const view = (about: AboutView, fields: Fields, problems: readonly Problem[], uid: string): NewView => ({
    ...{ title: NEW.title, action: NEW.action, about, uid, fields, problems },
    ...{ longest: LONGEST_WORDS, longestShort: LONGEST_SHORT_WORDS },
  })
  app.get(NEW.action, async (request, reply) => {
    const { scope } = leadOf(request)
    const asked = fieldsOf(request.query)
    const about = await aboutIn(deps, reply, scope, asked, NEW)
    if (!about) return reply
    const today = londonDateOf(deps.clock.now())
    return renderNew(reply, view(aboutView(about, deps.holidays()), newQueryFields(today), [], uidIn(asked)))
  })
  app.post(NEW.action, async (request, reply) => {
    const { scope, actor } = leadOf(request)
    const fields = fieldsOf(request.body)
    const about = await aboutIn(deps, reply, scope, fields, NEW)
    if (!about) return reply
    const query = parseNewQuery(fields, londonDateOf(deps.clock.now()))
    const uid = uidIn(fields)
    if (!query.ok) {
      return renderNew(reply.code(422), view(aboutView(about, deps.holidays()), fields, query.problems, uid))
    }
    const { odsCode } = about.stored.profile
    const asked = { odsCode, field: about.field, uid: uid === '' ? null : Number(uid), ...query.value }
    const { id, told } = await askPharmacy(deps, actor, asked)
    return reply.redirect(`${PATH}/${id}?done=${told > 0 ? 'asked' : 'unread'}`, 303)
  })
}

function queryPage(app: FastifyInstance, deps: FieldPagesDeps): void {
  app.get(`${PATH}/:id`, async (request, reply) => {
    const { scope } = leadOf(request)
    const query = await loadQuery(deps.db.pool, idIn(request, 'question'), scope)
    if (!query) throw new NotFound('There is no such question in your areas')
    const banner = BANNERS[rawIn(fieldsOf(request.query), 'done')] ?? null
    const fields = replyFields(londonDateOf(deps.clock.now()))
    return show(deps, reply, query, { fields, problems: [], notice: null, banner })
  })
  app.post(`${PATH}/:id`, async (request, reply) => {
    const { scope, actor } = leadOf(request)
    const id = idIn(request, 'question')
    const query = await loadQuery(deps.db.pool, id, scope)
    if (!query) throw new NotFound('There is no such question in your areas')
    const fields = fieldsOf(request.body)
    const step = parseLeadStep(fields, londonDateOf(deps.clock.now()))
    const banner = null
    if (!step.ok) return show(deps, reply.code(422), query, { fields, problems: step.problems, notice: null, banner })
    const outcome = await takeQueryStep(deps, actor, query, { turns: turnsIn(fields), step: step.value })
    if (outcome === 'done') {
      return reply.redirect(`${PATH}/${id}?done=${step.value.kind === 'close' ? 'closed' : 'said'}`, 303)
    }
    const now = (await loadQuery(deps.db.pool, id, scope)) ?? query
    const notice = 'Somebody wrote or closed this while you were reading. Read it again: what you wrote is still below.'
    return show(deps, reply.code(409), now, { fields, problems: [], notice, banner })
  })
}

async function show(
  { db, clock }: FieldPagesDeps,
  reply: FastifyReply,
  query: Query,
  more: Pick<QueryView, 'fields' | 'problems' | 'notice' | 'banner'>,
) {
  return renderOne(reply, {
    ...more,
    title: `Question about ${fieldLabel(query.field, 'community').toLowerCase()}`,
    reference: queryReference(query.id),
    pharmacy: query.pharmacyName,
    ods: query.odsCode,
    field: query.field,
    action: `${PATH}/${query.id}`,
    tag: queryTag(query, londonDateOf(clock.now()), 'lead'),
    replyBy: formatDateShort(query.replyBy),
    ifNoReply: query.ifNoReply,
    ...(await queryThread(db.pool, query)),
    turns: query.turns,
    outcomes: Object.entries(QUERY_OUTCOMES).map(([value, text]) => ({ value, text })),
    longest: LONGEST_WORDS,
  })
}
