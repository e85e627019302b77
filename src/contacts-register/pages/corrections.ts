/** What readers say is wrong: the list, and one to answer. Views: corrections.njk, correction.njk */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { scopeOf } from '#src/accounts/can.ts'
import { type ChosenArea, chooseArea } from '#src/directory/area-choices.ts'
import { NotFound } from '#src/platform/errors.ts'
import { type Fields, fieldsOf, lineIn, rawIn } from '#src/platform/http/form-fields.ts'
import { template } from '#src/platform/views.ts'
import { formatMomentIn, loadNames } from '#src/profiles/names-and-moments.ts'
import type { Problem } from '#src/rules/problems.ts'
import { parseWordsForm } from '../contact.form.ts'
import { answerCorrection, type Correction, loadCorrection, loadCorrections } from '../corrections.ts'
import { CORRECTIONS, type ContactsDeps, keeperOf, writingOf } from './who-keeps.ts'

type Row = {
  readonly id: number
  readonly areaCode: string
  readonly area: string
  readonly words: string
  /** Who said it, and when. */
  readonly asked: string
  readonly answer: string | null
  readonly answered: string | null
}
type ListView = {
  readonly title: string
  readonly banner: string | null
  readonly chosen: ChosenArea
  readonly open: readonly Row[]
  readonly closed: readonly Row[]
}
type OneView = {
  readonly title: string
  readonly row: Row
  readonly fields: Fields
  readonly problems: readonly Problem[]
}

const BANNERS: Readonly<Record<string, string>> = {
  answered: 'The request is closed. We have told whoever asked by email.',
  before: 'Somebody else has answered this request already.',
}
/** As large as ids get in the database. */
const ID = /^[1-9]\d{0,14}$/
const renderList = template<ListView>('contacts-register/pages/corrections.njk')
const renderOne = template<OneView>('contacts-register/pages/correction.njk')

/** Mounts the pages. */
export function correctionPages(app: FastifyInstance, deps: ContactsDeps): void {
  const { db } = deps
  app.get(CORRECTIONS, async (request, reply) => {
    const scope = scopeOf(keeperOf(request), 'edit-contacts')
    const chosen = await chooseArea(db.pool, scope, lineIn(fieldsOf(request.query), 'area'))
    const { open, closed } = await loadCorrections(db.pool, { ...scope, area: chosen.area })
    const nameOf = await namesIn(deps, [...open, ...closed])
    return renderList(reply, {
      title: 'Contacts that readers say are wrong',
      banner: BANNERS[rawIn(fieldsOf(request.query), 'done')] ?? null,
      chosen,
      open: open.map((each) => rowOf(each, nameOf)),
      closed: closed.map((each) => rowOf(each, nameOf)),
    })
  })

  const path = `${CORRECTIONS}/:id`
  const show = async (
    reply: FastifyReply,
    found: Correction,
    fields: Fields = {},
    problems: readonly Problem[] = [],
  ) => {
    const row = rowOf(found, await namesIn(deps, [found]))
    return renderOne(reply, { title: found.area, row, fields, problems })
  }
  app.get(path, async (request, reply) => show(reply, await correctionIn(deps, request)))
  app.post(path, async (request, reply) => {
    const actor = keeperOf(request)
    const found = await correctionIn(deps, request)
    const fields = fieldsOf(request.body)
    const answer = parseWordsForm(fields, 'answer', 'Enter what you did')
    if (!answer.ok) return show(reply.code(422), found, fields, answer.problems)
    const isClosed = await answerCorrection(db, found, answer.value, writingOf(actor, deps))
    return reply.redirect(`${CORRECTIONS}?done=${isClosed ? 'answered' : 'before'}`, 303)
  })
}

/** The correction of the address, among those of one's areas. Throws `NotFound` for any other. */
async function correctionIn({ db }: ContactsDeps, request: FastifyRequest): Promise<Correction> {
  const actor = keeperOf(request)
  const { id } = request.params as { readonly id: string }
  const found = ID.test(id) && (await loadCorrection(db.pool, Number(id), scopeOf(actor, 'edit-contacts')))
  if (!found) throw new NotFound('There is no such request in your areas')
  return found
}

const namesIn = ({ db }: ContactsDeps, corrections: readonly Correction[]) =>
  loadNames(
    db.pool,
    corrections.flatMap(({ askedBy, answeredBy }) => [askedBy, answeredBy]),
  )

function rowOf(correction: Correction, nameOf: (actor: string) => string): Row {
  const { id, areaCode, area, words, askedBy, askedAt, answer, answeredBy, answeredAt } = correction
  return {
    ...{ id, areaCode, area, words, answer },
    asked: `${nameOf(askedBy)}, ${formatMomentIn(askedAt)}`,
    answered: answeredAt === null ? null : `${nameOf(answeredBy ?? '')}, ${formatMomentIn(answeredAt)}`,
  }
}
