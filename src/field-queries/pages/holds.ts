/** `/workspace/holds`: which fields are held, holding one, ending a hold. Views: holds.njk, hold.njk, new-hold.njk */
import type { FastifyInstance } from 'fastify'
import { NotFound } from '#src/platform/errors.ts'
import { dateFields, parseDateFields } from '#src/platform/http/date-fields.ts'
import { type Fields, fieldsOf, rawIn } from '#src/platform/http/form-fields.ts'
import { template } from '#src/platform/views.ts'
import { loadUndecided } from '#src/profiles/asked-values.ts'
import { fieldLabel } from '#src/profiles/held-field-words.ts'
import { formatEndIn, formatMomentIn, loadNames } from '#src/profiles/names-and-moments.ts'
import { parseWords } from '#src/profiles/proposed-values.ts'
import { isInForce, LONGEST_HOLD_DAYS } from '#src/rules/asked-fields.ts'
import { dateOf, dayOf, instantOf, type LocalDate, londonDateOf } from '#src/rules/london-time.ts'
import { accepted, type Problem, type Result, refused } from '#src/rules/problems.ts'
import { applyEnded } from '../field-jobs.ts'
import { HOLDS_SHOWN, holdField, type ListedHold, loadHold, loadHolds, releaseHold } from '../holds.ts'
import { type AboutView, aboutIn, aboutView, type FieldPagesDeps, HELD, idIn, leadOf, pageIn } from './lead-pages.ts'
import { LONGEST_SHORT_WORDS } from './query.form.ts'
import type { Row } from './query-words.ts'

type ListView = {
  readonly title: string
  readonly banner: string | null
  readonly rows: readonly Row[]
  readonly total: number
  readonly previous: string | null
  readonly next: string | null
}
type HoldView = {
  readonly title: string
  readonly pharmacy: string
  readonly ods: string
  readonly field: string
  readonly action: string
  readonly lines: readonly { readonly label: string; readonly text: string }[]
  readonly inForce: boolean
  /** The page of the change that waits; null: none does. */
  readonly waiting: string | null
}
type NewView = {
  readonly title: string
  readonly action: string
  readonly about: AboutView
  readonly longest: number
  readonly notice: string | null
  readonly fields: Fields
  readonly problems: readonly Problem[]
}

const PATH = '/workspace/holds'
const NEW = { title: 'Hold a field', action: `${PATH}/new`, back: PATH, fields: HELD }
const USUAL_HOLD_DAYS = 14
const renderList = template<ListView>('field-queries/pages/holds.njk')
const renderOne = template<HoldView>('field-queries/pages/hold.njk')
const renderNew = template<NewView>('field-queries/pages/new-hold.njk')

const BANNERS: Readonly<Record<string, string>> = {
  held: 'The field is held. The pharmacy is told, and what it sends of the field waits.',
  released: 'The hold has ended. What waited is saved, or is a conflict that the pharmacy decides.',
  over: 'This hold was over already.',
}

/** Mounts the pages. */
export function holdsPages(app: FastifyInstance, deps: FieldPagesDeps): void {
  const { db, clock } = deps
  app.get(PATH, async (request, reply) => {
    const { scope } = leadOf(request)
    const query = fieldsOf(request.query)
    const page = pageIn(query)
    const { holds, total } = await loadHolds(db.pool, { scope, now: clock.now(), page })
    const nameOf = await loadNames(
      db.pool,
      holds.map(({ heldBy }) => heldBy),
    )
    return renderList(reply, {
      title: 'Fields that are held',
      banner: BANNERS[rawIn(query, 'done')] ?? null,
      total,
      previous: page > 1 ? `${PATH}?page=${page - 1}` : null,
      next: page * HOLDS_SHOWN < total ? `${PATH}?page=${page + 1}` : null,
      rows: holds.map((hold) => ({
        address: `${PATH}/${hold.id}`,
        title: `${hold.pharmacyName}, ${hold.odsCode}: ${fieldLabel(hold.field, 'community').toLowerCase()}`,
        lines: [hold.reason, `Until ${formatEndIn(hold.endsAt)}, by ${nameOf(hold.heldBy)}`],
        tag: null,
      })),
    })
  })
  newHoldPage(app, deps)
  app.get(`${PATH}/:id`, async (request, reply) => {
    const { scope } = leadOf(request)
    const hold = await loadHold(db.pool, idIn(request, 'hold'), scope)
    if (!hold) throw new NotFound('There is no such hold in your areas')
    return renderOne(reply, await holdView(deps, hold))
  })
  app.post(`${PATH}/:id`, async (request, reply) => {
    const { scope, actor } = leadOf(request)
    const hold = await loadHold(db.pool, idIn(request, 'hold'), scope)
    if (!hold) throw new NotFound('There is no such hold in your areas')
    const released = await releaseHold(deps, actor, hold)
    await deps.follower.reached(await applyEnded(deps, hold.odsCode))
    return reply.redirect(`${PATH}?done=${released ? 'released' : 'over'}`, 303)
  })
}

async function holdView({ db, clock }: FieldPagesDeps, hold: ListedHold): Promise<HoldView> {
  const nameOf = await loadNames(db.pool, [hold.heldBy, hold.releasedBy])
  const values = await loadUndecided(db.pool, [hold.odsCode])
  const waiting = values.find(({ holdId }) => holdId === hold.id)
  const inForce = isInForce(hold, clock.now().toISOString())
  const ended = hold.releasedAt
    ? `${formatMomentIn(hold.releasedAt)}, by ${nameOf(hold.releasedBy ?? '')}`
    : `At ${formatEndIn(hold.endsAt)}`
  return {
    title: `Hold on ${fieldLabel(hold.field, 'community').toLowerCase()}`,
    pharmacy: hold.pharmacyName,
    ods: hold.odsCode,
    field: hold.field,
    action: `${PATH}/${hold.id}`,
    lines: [
      { label: 'Why', text: hold.reason },
      { label: 'Held since', text: `${formatMomentIn(hold.heldAt)}, by ${nameOf(hold.heldBy)}` },
      { label: inForce ? 'Ends' : 'Ended', text: ended },
    ],
    inForce,
    waiting: waiting ? `/workspace/conflicts/${waiting.id}` : null,
  }
}

function newHoldPage(app: FastifyInstance, deps: FieldPagesDeps): void {
  const { clock } = deps
  const view = (about: AboutView, more: Pick<NewView, 'fields' | 'problems' | 'notice'>): NewView => ({
    ...more,
    ...{ title: NEW.title, action: NEW.action, about, longest: LONGEST_SHORT_WORDS },
  })
  app.get(NEW.action, async (request, reply) => {
    const { scope } = leadOf(request)
    const about = await aboutIn(deps, reply, scope, fieldsOf(request.query), NEW)
    if (!about) return reply
    const last = dateOf(dayOf(londonDateOf(clock.now())) + USUAL_HOLD_DAYS)
    const fields = dateFields('until', last)
    return renderNew(reply, view(aboutView(about, deps.holidays()), { fields, problems: [], notice: null }))
  })
  app.post(NEW.action, async (request, reply) => {
    const { scope, actor } = leadOf(request)
    const fields = fieldsOf(request.body)
    const about = await aboutIn(deps, reply, scope, fields, NEW)
    if (!about) return reply
    const shown = aboutView(about, deps.holidays())
    const read = parseHold(fields, londonDateOf(clock.now()))
    if (!read.ok) return renderNew(reply.code(422), view(shown, { fields, problems: read.problems, notice: null }))
    const { odsCode } = about.stored.profile
    const outcome = await holdField(deps, actor, { odsCode, field: about.field, ...read.value })
    if (outcome.outcome === 'held') return reply.redirect(`${PATH}?done=held`, 303)
    const notice = `This field is held already, until ${formatEndIn(outcome.hold.endsAt)}: ${outcome.hold.reason}`
    return renderNew(reply.code(409), view(shown, { fields, problems: [], notice }))
  })
}

function parseHold(fields: Fields, today: LocalDate): Result<{ readonly reason: string; readonly endsAt: Date }> {
  const missing = 'Enter why you hold the field'
  const reason = parseWords(fields, 'reason', { label: 'Your reason', longest: LONGEST_SHORT_WORDS, missing })
  const until = parseUntil(fields, today)
  if (!reason.ok || !until.ok) {
    return refused(...(reason.ok ? [] : reason.problems), ...(until.ok ? [] : until.problems))
  }
  return accepted({ reason: reason.value, endsAt: instantOf({ day: dayOf(until.value) + 1, minute: 0 }) })
}

/** The last day of the hold, which ends with it. */
function parseUntil(fields: Fields, today: LocalDate): Result<LocalDate> {
  const typed = parseDateFields(fields, 'until', 'The last day of the hold')
  const problem = (code: string, message: string) => refused({ field: 'until-day', code, message })
  if (!typed) return problem('missing', 'Enter the last day of the hold')
  if (!typed.ok) return typed
  const days = dayOf(typed.value) - dayOf(today)
  if (days < 0) return problem('past', 'The last day of the hold must be today or later')
  if (days < LONGEST_HOLD_DAYS) return accepted(typed.value)
  return problem('too-long', `A hold can last up to ${LONGEST_HOLD_DAYS} days`)
}
