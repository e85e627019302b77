/** `/manage/:odsCode/queries`: what the directory team asks, holds and proposes. Views: pharmacy-queries.njk, pharmacy-query.njk, value.njk */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Scope } from '#src/accounts/can.ts'
import { queryReference } from '#src/emails/field-query.ts'
import { NotFound } from '#src/platform/errors.ts'
import { type Fields, fieldsOf, rawIn } from '#src/platform/http/form-fields.ts'
import { template } from '#src/platform/views.ts'
import { loadUndecided } from '#src/profiles/asked-values.ts'
import { loadHoldsInForce } from '#src/profiles/field-holds.ts'
import { fieldLabel } from '#src/profiles/held-field-words.ts'
import { sectionOfField } from '#src/profiles/held-fields.ts'
import { formatEndIn, loadNames } from '#src/profiles/names-and-moments.ts'
import { sectionAddress } from '#src/profiles/section-pages.ts'
import { type Visit, visit } from '#src/profiles/visit.ts'
import { parseHeldField } from '#src/rules/asked-fields.ts'
import { formatDateShort } from '#src/rules/clock-time.ts'
import type { Problem } from '#src/rules/problems.ts'
import { loadQueriesOf, loadQuery, type Query } from '../queries.ts'
import { takeQueryStep } from '../save-query.ts'
import { loadValue } from '../values.ts'
import { type FieldPagesDeps, idIn } from './lead-pages.ts'
import { LONGEST_WORDS, parseAnswer, turnsIn } from './query.form.ts'
import { type MessageView, queryRow, queryTag, queryThread, type Row, type Tag } from './query-words.ts'
import { decideFrom, showValue } from './value-page.ts'
import { valueRow } from './value-words.ts'

type ListView = {
  readonly title: string
  readonly odsCode: string
  readonly pharmacy: string
  readonly banner: string | null
  readonly open: readonly Row[]
  readonly closed: readonly Row[]
  readonly holds: readonly Row[]
  readonly values: readonly Row[]
}
type QueryView = {
  readonly title: string
  readonly reference: string
  readonly odsCode: string
  readonly pharmacy: string
  readonly action: string
  readonly tag: Tag
  readonly replyBy: string
  readonly ifNoReply: string
  readonly messages: readonly MessageView[]
  readonly closed: string | null
  readonly turns: number
  /** Where the field is read and changed; null where it is none of the profile's. */
  readonly fieldPage: { readonly text: string; readonly address: string } | null
  readonly longest: number
  readonly notice: string | null
  readonly fields: Fields
  readonly problems: readonly Problem[]
}

const PATH = '/manage/:odsCode/queries'
const renderList = template<ListView>('field-queries/pages/pharmacy-queries.njk')
const renderOne = template<QueryView>('field-queries/pages/pharmacy-query.njk')

const BANNERS: Readonly<Record<string, string>> = {
  answered: 'Your answer is sent. The directory team is told by email.',
  take: 'Saved. The public page and the Directory of Services show it now.',
  leave: 'The profile stays as it is. Whoever asked is told.',
}

/** Mounts the pages, for those who answer for the pharmacy. */
export function pharmacyQueriesPages(app: FastifyInstance, deps: FieldPagesDeps): void {
  const { db } = deps
  app.get(PATH, async (request, reply) => {
    const seen = await visit(deps, request, 'answer-query')
    return renderList(reply, await listView(deps, seen, BANNERS[rawIn(fieldsOf(request.query), 'done')] ?? null))
  })

  app.get(`${PATH}/:id`, async (request, reply) => {
    const { seen, query } = await queryOf(deps, request)
    return show(deps, reply, seen, query, { fields: {}, problems: [], notice: null })
  })
  app.post(`${PATH}/:id`, async (request, reply) => {
    const { seen, query } = await queryOf(deps, request)
    const fields = fieldsOf(request.body)
    const step = parseAnswer(fields)
    if (!step.ok) return show(deps, reply.code(422), seen, query, { fields, problems: step.problems, notice: null })
    const outcome = await takeQueryStep(deps, seen.actor, query, { turns: turnsIn(fields), step: step.value })
    if (outcome === 'done') return reply.redirect(`/manage/${seen.odsCode}/queries?done=answered`, 303)
    const again = await queryOf(deps, request)
    const notice = 'Somebody wrote or closed this while you were writing. Read it again: your words are still below.'
    return show(deps, reply.code(409), seen, again.query, { fields, problems: [], notice })
  })

  app.get(`${PATH}/values/:id`, async (request, reply) => {
    const { seen, value } = await valueIn(deps, request)
    return showValue(deps, reply, value, { side: 'pharmacy', back: backTo(seen), mayDecide: mayDecide(seen) })
  })
  app.post(`${PATH}/values/:id`, async (request, reply) => {
    const { seen, value } = await valueIn(deps, request)
    const fields = fieldsOf(request.body)
    const again = () => loadValue(db.pool, value.id, onlyOf(seen))
    const given = { actor: seen.actor, value, side: 'pharmacy', back: backTo(seen), fields, again } as const
    const chosen = await decideFrom(deps, reply, given)
    return chosen ? reply.redirect(`/manage/${seen.odsCode}/queries?done=${chosen}`, 303) : reply
  })
}

/** The pharmacy of the address, and nothing else. */
const onlyOf = ({ odsCode }: Visit): Scope => ({
  ...{ everywhere: false, odsCodes: [odsCode], parentCodes: [], icbCodes: [] },
})

const backTo = ({ odsCode }: Visit) => ({ text: 'Questions and proposals', href: `/manage/${odsCode}/queries` })

/** A pharmacy that has closed for good answers questions, and changes nothing any more. */
const mayDecide = ({ stored }: Visit): boolean => stored.profile.status !== 'closed'

async function queryOf(deps: FieldPagesDeps, request: FastifyRequest) {
  const seen = await visit(deps, request, 'answer-query')
  const query = await loadQuery(deps.db.pool, idIn(request, 'question'), onlyOf(seen))
  if (!query) throw new NotFound('This pharmacy was not asked this')
  return { seen, query }
}

async function valueIn(deps: FieldPagesDeps, request: FastifyRequest) {
  const seen = await visit(deps, request, 'answer-query')
  const value = await loadValue(deps.db.pool, idIn(request, 'value'), onlyOf(seen))
  if (!value) throw new NotFound('This pharmacy has no such value')
  return { seen, value }
}

async function listView({ db }: FieldPagesDeps, seen: Visit, banner: string | null): Promise<ListView> {
  const { odsCode, stored, today, now } = seen
  const { name: pharmacyName, kind } = stored.profile
  const queries = await loadQueriesOf(db.pool, odsCode)
  const holds = await loadHoldsInForce(db.pool, [odsCode], now.toISOString())
  const values = await loadUndecided(db.pool, [odsCode])
  const nameOf = await loadNames(db.pool, [...holds.map(({ heldBy }) => heldBy), ...values.map(({ person }) => person)])
  const rowOf = (query: Query) => queryRow(query, today, 'pharmacy')
  return {
    title: 'Questions and proposals',
    odsCode,
    pharmacy: pharmacyName,
    banner,
    open: queries.filter(({ turn }) => turn !== 'closed').map(rowOf),
    closed: queries.filter(({ turn }) => turn === 'closed').map(rowOf),
    holds: holds.map((hold) => ({
      address: sectionAddress(odsCode, sectionOfField(hold.field)),
      title: fieldLabel(hold.field, kind),
      lines: [
        `Held until ${formatEndIn(hold.endsAt)} by ${nameOf(hold.heldBy)}: ${hold.reason}`,
        'What you send of it is kept and waits. Close now is never held.',
      ],
      tag: { text: 'Held', colour: 'yellow' },
    })),
    values: values.map((value) => valueRow({ ...value, pharmacyName }, 'pharmacy', nameOf)),
  }
}

async function show(
  { db }: FieldPagesDeps,
  reply: FastifyReply,
  { odsCode, stored, today }: Visit,
  query: Query,
  more: Pick<QueryView, 'fields' | 'problems' | 'notice'>,
) {
  const label = fieldLabel(query.field, stored.profile.kind)
  return renderOne(reply, {
    ...more,
    title: `Question about ${label.toLowerCase()}`,
    reference: queryReference(query.id),
    odsCode,
    pharmacy: stored.profile.name,
    action: `/manage/${odsCode}/queries/${query.id}`,
    tag: queryTag(query, today, 'pharmacy'),
    replyBy: formatDateShort(query.replyBy),
    ifNoReply: query.ifNoReply,
    ...(await queryThread(db.pool, query)),
    turns: query.turns,
    fieldPage: fieldPage(odsCode, query, label),
    longest: LONGEST_WORDS,
  })
}

function fieldPage(odsCode: string, { field }: Query, label: string): QueryView['fieldPage'] {
  const text = `See ${label.toLowerCase()}`
  const held = parseHeldField(field)
  if (held) return { text, address: sectionAddress(odsCode, sectionOfField(held)) }
  if (field === 'changes') return { text, address: sectionAddress(odsCode, 'changes') }
  return field === 'place' ? { text, address: `/manage/${odsCode}/address-and-name` } : null
}
